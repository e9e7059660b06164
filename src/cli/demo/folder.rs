use std::fs::{DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::problems;
use crate::cli::Failure;

/// A node of `examples/evm`, with the schema it begins with.
const NODE: &str = include_str!("../../../examples/evm/deposits.toml");
const ACCOUNTS: &str = include_str!("../../../examples/network/accounts.kf");

/// A temporary folder with `node.toml` and `accounts.kf`.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes it where temporary files are.
    pub(super) fn new() -> Result<Folder, Failure> {
        let path = std::env::temp_dir().join(format!("kf-demo-{}", std::process::id()));
        let made = DirBuilder::new().mode(0o700).create(&path);
        made.map_err(|error| problems::file("create", &path, &error))?;
        let folder = Folder(path);
        // PostgreSQL runs as somebody else where `kf` is root, and has to reach its files.
        std::fs::set_permissions(&folder.0, Permissions::from_mode(0o755))
            .map_err(|error| problems::file("open", &folder.0, &error))?;
        folder.write("node.toml", &node())?;
        folder.write("accounts.kf", ACCOUNTS)?;
        Ok(folder)
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Failure> {
        let path = self.0.join(name);
        std::fs::write(&path, text).map_err(|error| problems::file("write", &path, &error))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Deletes it with all that is in it.
    pub(super) fn remove(&self) -> Result<(), Failure> {
        std::fs::remove_dir_all(&self.0).map_err(|error| problems::file("delete", &self.0, &error))
    }
}

/// The example's file on any free port, with the schema beside it.
fn node() -> String {
    NODE.replace("127.0.0.1:7557", "127.0.0.1:0").replace("../network/accounts.kf", "accounts.kf")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_used_on_another_port_with_its_schema_beside_it() {
        let text = node();
        assert!(
            text.contains("listen = \"127.0.0.1:0\"") && text.contains("file = \"accounts.kf\""),
            "{text}"
        );
    }
}
