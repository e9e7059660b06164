//! Files that are written as a whole or not at all, and what would become of them.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use super::project::reason;
use super::{Failure, terminal};

/// What a new file may be used for, less what the process's umask takes away.
const NEW_FILE: u32 = 0o666;

/// Makes `bytes` what is in the file at `path`: whoever reads it finds the old or the new content. A link is followed, an
/// existing file keeps its permissions; what is no plain file (a pipe, `/dev/stdout`) is written to.
///
/// # Errors
/// Whatever the system says: no such folder, no right, no space. A plain file then is as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = match fs::canonicalize(path) {
        Ok(real) => real,
        Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_path_buf(),
        Err(error) => return Err(error),
    };
    match fs::metadata(&path) {
        Ok(data) if !data.is_file() => File::options().write(true).open(&path)?.write_all(bytes),
        Ok(data) => put(&path, bytes, data.permissions(), true),
        Err(_) => put(&path, bytes, Permissions::from_mode(NEW_FILE), false),
    }
}

/// Writes beside `path` and renames. Permissions of a new file are subject to the umask, those of an old one are kept.
fn put(path: &Path, bytes: &[u8], permissions: Permissions, old: bool) -> io::Result<()> {
    if old {
        // A file that may not be written is refused, though its folder would let it be replaced.
        File::options().write(true).open(path)?;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    let mut file =
        tempfile::Builder::new().prefix(".kf-").permissions(permissions.clone()).tempfile_in(folder)?;
    file.write_all(bytes)?;
    if old {
        file.as_file().set_permissions(permissions)?;
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Writes `text` to `file`, or to stdout if there is none.
///
/// # Errors
/// A file that cannot be written; it is as it was then.
pub fn output(file: Option<&Path>, text: &str) -> Result<(), Failure> {
    match file {
        None => {
            terminal::print(text);
            Ok(())
        }
        Some(file) => replace(file, text.as_bytes()).map_err(|error| unwritable(file, &error)),
    }
}

/// That the file at `path`, which messages call `shown`, still holds the `text` that was read of it.
///
/// # Errors
/// One that somebody else changed meanwhile, or that is gone.
pub fn still(path: &Path, shown: &str, text: &str) -> Result<(), Failure> {
    if fs::read(path).is_ok_and(|bytes| bytes == text.as_bytes()) {
        return Ok(());
    }
    let message = format!("`{shown}` changed meanwhile; nothing is written to it");
    Err(Failure::usage(message).help("run the same again"))
}

/// What would become of a file, as a unified diff with its path on both sides.
pub fn diff(path: &str, old: &str, new: &str) -> String {
    let (from, to) = (format!("a/{path}"), format!("b/{path}"));
    TextDiff::from_lines(old, new).unified_diff().header(&from, &to).to_string()
}

/// The failure of a file that could not be written.
pub fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("cannot write `{}`: {}", path.display(), reason(error)))
}
