use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::account::Account;
use super::problems;
use crate::deploy::DeployError;

/// Bytes a unix socket's path may have, without its end.
const SOCKET_PATH: usize = 107;
/// What PostgreSQL calls its socket in the folder it is given.
const SOCKET_NAME: &str = ".s.PGSQL.5432";
/// Where a cluster goes when `kf` is root and the server's user cannot reach the project.
const SHELTER: &str = "/var/lib/kuneiform";

/// The files of one private server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// Holds everything below; mode 0700, belongs to the server's user.
    pub root: PathBuf,
    /// The folder of the socket: inside `root`, or short and elsewhere if `root` is deep.
    pub socket: PathBuf,
}

impl Place {
    /// The place under `folder` (the project's `.kf`) if it was prepared before, touching nothing.
    pub fn existing(folder: &Path) -> Option<Place> {
        let root = folder.join("postgres").canonicalize().ok()?;
        let socket = socket_folder(&root);
        Some(Place { root, socket })
    }

    /// Makes the folders, or takes those that are there. Fails if they belong to another user.
    pub fn prepare(folder: &Path, account: Option<Account>) -> Result<Place, DeployError> {
        std::fs::create_dir_all(folder).map_err(|error| problems::file("create", folder, &error))?;
        let ignore = folder.join(".gitignore");
        if !ignore.exists() {
            std::fs::write(&ignore, "*\n").map_err(|error| problems::file("write", &ignore, &error))?;
        }
        let wanted = folder.join("postgres");
        if wanted.symlink_metadata().is_err() {
            create_root(&wanted, account)?;
        }
        let root = wanted.canonicalize().map_err(|error| problems::file("find", &wanted, &error))?;
        demand_owner(&root, account)?;
        let socket = socket_folder(&root);
        create_private(&socket, account)?;
        demand_owner(&socket, account)?;
        Ok(Place { root, socket })
    }

    /// The cluster itself.
    pub fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    /// Where a cluster is built before it takes its name.
    pub fn unfinished(&self) -> PathBuf {
        self.root.join("data.new")
    }

    /// What the server says.
    pub fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    /// The socket.
    pub fn socket_file(&self) -> PathBuf {
        self.socket.join(SOCKET_NAME)
    }

    /// The version of PostgreSQL that made the cluster, if there is one.
    pub fn major(&self) -> Option<u32> {
        std::fs::read_to_string(self.data().join("PG_VERSION")).ok()?.trim().parse().ok()
    }
}

/// Makes `wanted`, or a link to a shelter where the server's user can reach it.
fn create_root(wanted: &Path, account: Option<Account>) -> Result<(), DeployError> {
    let parent = wanted.parent().unwrap_or(wanted);
    if account.is_none() || reachable(parent) {
        return create_private(wanted, account);
    }
    let shelter = Path::new(SHELTER);
    std::fs::create_dir_all(shelter).map_err(|error| problems::file("create", shelter, &error))?;
    let target = (0u32..)
        .map(|attempt| shelter.join(digest(&format!("{}\n{attempt}", wanted.display()))))
        .find(|path| !path.exists())
        .unwrap_or_default();
    create_private(&target, account)?;
    symlink(&target, wanted).map_err(|error| problems::file("link", wanted, &error))
}

/// True if any user may walk down to `path`.
fn reachable(path: &Path) -> bool {
    let Ok(path) = path.canonicalize() else { return false };
    path.ancestors().all(|folder| folder.metadata().is_ok_and(|meta| meta.mode() & 0o001 != 0))
}

/// Makes a folder only its owner may enter, and gives it to the account.
fn create_private(path: &Path, account: Option<Account>) -> Result<(), DeployError> {
    match std::fs::DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => Account::own(account, path),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(problems::file("create", path, &error)),
    }
}

/// Refuses a folder that somebody else put there: in `/tmp` anybody can.
fn demand_owner(path: &Path, account: Option<Account>) -> Result<(), DeployError> {
    let meta = path.symlink_metadata().map_err(|error| problems::file("read", path, &error))?;
    let expected = Account::uid(account);
    if !meta.is_dir() || meta.uid() != expected {
        return Err(problems::foreign_folder(path, expected, meta.uid()));
    }
    if meta.permissions().mode() & 0o077 != 0 {
        let private = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(path, private).map_err(|error| problems::file("close", path, &error))?;
    }
    Ok(())
}

/// `root/socket`, or a short folder under `/tmp` if the socket's path would be too long.
fn socket_folder(root: &Path) -> PathBuf {
    let near = root.join("socket");
    if near.as_os_str().len() + 1 + SOCKET_NAME.len() <= SOCKET_PATH {
        return near;
    }
    Path::new("/tmp").join(format!("kf-{}", digest(&root.to_string_lossy())))
}

/// 16 hexadecimal digits that stand for `text`.
fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text).get(..8).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deep_project_gets_a_short_socket() {
        let shallow = Path::new("/home/me/project/.kf/postgres");
        assert_eq!(socket_folder(shallow), shallow.join("socket"));
        let deep = PathBuf::from(format!("/{}/.kf/postgres", "deep/".repeat(30)));
        let socket = socket_folder(&deep);
        assert!(socket.starts_with("/tmp") && socket.join(SOCKET_NAME).as_os_str().len() < 60);
        assert_eq!(socket, socket_folder(&deep));
    }
}
