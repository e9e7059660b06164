use std::io;
use std::path::Path;

use super::binaries::MAJORS;
use crate::deploy::DeployError;
use crate::diagnostics::Code;

/// A file or folder of the server could not be used.
pub fn file(verb: &str, path: &Path, error: &io::Error) -> DeployError {
    let message = format!("cannot {verb} `{}`: {error}", path.display());
    DeployError::new(Code::EmbeddedServer, message)
}

/// A folder belongs to somebody else than the server's user.
pub fn foreign_folder(path: &Path, expected: u32, found: u32) -> DeployError {
    let message = format!("`{}` belongs to user {found}, not to user {expected}", path.display());
    DeployError::new(Code::EmbeddedServer, message).help(
        "run `kf` as the user that made the project's database, or remove it with `kf db reset` as that user",
    )
}

/// No folder with `postgres` and `initdb` of a version that will do.
pub fn no_postgres(found: &[u32]) -> DeployError {
    let versions = format!("{} to {}", MAJORS.start(), MAJORS.end());
    let mut error = DeployError::new(
        Code::NoPostgres,
        format!("no PostgreSQL of version {versions} on this machine, and no `--db`"),
    );
    if !found.is_empty() {
        let found: Vec<String> = found.iter().map(u32::to_string).collect();
        error = error.note(format!("found version {}", found.join(", ")));
    }
    for (system, command) in INSTALL {
        error = error.note(format!("{system}: {command}"));
    }
    error.help("install PostgreSQL as above, set KF_PG_BIN to the folder of its programs, or name a server with `--db`")
}

/// How systems install the server.
const INSTALL: &[(&str, &str)] = &[
    ("Debian, Ubuntu", "sudo apt-get install postgresql"),
    ("Fedora", "sudo dnf install postgresql-server"),
    ("Arch", "sudo pacman -S postgresql"),
    ("Alpine", "sudo apk add postgresql"),
    ("Homebrew", "brew install postgresql@17"),
];

/// The cluster needs a version that is not there.
pub fn major_missing(major: u32) -> DeployError {
    let message =
        format!("the project's database was made by PostgreSQL {major}, which is not on this machine");
    DeployError::new(Code::EmbeddedServer, message)
        .help(format!("install PostgreSQL {major}, or delete the database with `kf db reset`"))
}

/// `$KF_PG_BIN` is not what it should be.
pub fn not_binaries(folder: &Path) -> DeployError {
    let message = format!("KF_PG_BIN is `{}`, which does not hold `postgres` and `initdb`", folder.display());
    DeployError::new(Code::NoPostgres, message)
}

/// A program ended or did not get ready; `log` is what it said.
pub fn server(what: &str, log: &str) -> DeployError {
    let mut error = DeployError::new(Code::EmbeddedServer, what);
    let lines: Vec<&str> = log.lines().filter(|line| !line.trim().is_empty()).collect();
    for line in lines.iter().skip(lines.len().saturating_sub(8)) {
        error = error.note(*line);
    }
    error
}
