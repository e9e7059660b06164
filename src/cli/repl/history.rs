//! What was typed before, kept for the next time.

use std::fs::{self, DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// `kf/history` in `$XDG_STATE_HOME`, else in `~/.local/state`; none for a user without a home.
pub(super) fn file() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")))?;
    Some(state.join("kf/history"))
}

/// Makes the file's folder, for its owner alone.
pub(super) fn prepare(file: &Path) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(file);
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Lets nobody else read the file.
pub(super) fn close(file: &Path) -> std::io::Result<()> {
    fs::set_permissions(file, Permissions::from_mode(0o600))
}

/// True for what should be kept: not what begins with a space, nor what speaks of secrets.
pub(super) fn is_kept(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    !line.starts_with(' ')
        && !["password", "secret", "private_key", "token"].iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::is_kept;

    #[test]
    fn secrets_are_not_kept() {
        assert!(is_kept("ens.f('x')"));
        assert!(!is_kept(" ens.f('x')") && !is_kept("@x := 'my Password'"));
    }
}
