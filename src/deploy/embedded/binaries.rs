use std::path::{Path, PathBuf};
use std::process::Command;

use super::problems;
use crate::deploy::DeployError;

/// The PostgreSQL versions a private server may be run with.
pub const MAJORS: std::ops::RangeInclusive<u32> = 14..=18;

/// Folders, with `*` for one path component's varying part, where systems keep the server's programs.
const USUAL: &[(&str, &str, &str)] = &[
    ("/usr/lib/postgresql", "", "bin"),                      // Debian, Ubuntu
    ("/usr", "pgsql-", "bin"),                               // Fedora, RHEL with the project's own packages
    ("/usr/libexec", "postgresql", ""),                      // Alpine
    ("/usr/lib", "postgresql", "bin"),                       // openSUSE
    ("/usr/lib64", "postgresql-", "bin"),                    // Gentoo
    ("/opt/homebrew/opt", "postgresql", "bin"),              // Homebrew on Apple silicon
    ("/usr/local/opt", "postgresql", "bin"),                 // Homebrew on Intel
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql", "bin"), // Homebrew on Linux
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
    ("/usr/local", "pgsql", "bin"), // built from source
];

/// A folder with the server's programs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Binaries {
    /// Holds `postgres` and `initdb`.
    pub directory: PathBuf,
    /// 14 to 18.
    pub major: u32,
}

impl Binaries {
    /// Path of one of the programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// The programs to run a cluster with: of version `wanted` if a cluster of that version exists already, else
    /// the newest. Looks at `$KF_PG_BIN` and nowhere else if it is set.
    pub fn find(wanted: Option<u32>) -> Result<Binaries, DeployError> {
        if let Some(chosen) = std::env::var_os("KF_PG_BIN").map(PathBuf::from) {
            let found = inspect(&chosen).ok_or_else(|| problems::not_binaries(&chosen))?;
            return suitable(vec![found], wanted);
        }
        let mut found: Vec<Binaries> = candidates().iter().filter_map(|folder| inspect(folder)).collect();
        found.sort_by_key(|binaries| std::cmp::Reverse(binaries.major));
        suitable(found, wanted)
    }
}

fn suitable(found: Vec<Binaries>, wanted: Option<u32>) -> Result<Binaries, DeployError> {
    let majors: Vec<u32> = found.iter().map(|binaries| binaries.major).collect();
    let fits =
        |binaries: &Binaries| wanted.map_or(MAJORS.contains(&binaries.major), |it| it == binaries.major);
    found.into_iter().find(fits).ok_or_else(|| match wanted {
        Some(major) => problems::major_missing(major),
        None => problems::no_postgres(&majors),
    })
}

/// Folders that may hold the programs, most specific first.
fn candidates() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for (parent, prefix, below) in USUAL {
        let Ok(entries) = std::fs::read_dir(parent) else { continue };
        let mut names: Vec<PathBuf> = entries
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
            .map(|entry| entry.path().join(below))
            .collect();
        names.sort();
        folders.extend(names.into_iter().rev());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&path));
    folders
}

/// The programs in `folder`, if both are there and `postgres --version` names a version.
fn inspect(folder: &Path) -> Option<Binaries> {
    if !folder.join("initdb").exists() {
        return None;
    }
    let output = Command::new(folder.join("postgres")).arg("--version").current_dir("/").output().ok()?;
    let major = major_of(&String::from_utf8_lossy(&output.stdout))?;
    Some(Binaries { directory: folder.to_owned(), major })
}

/// 15 of `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` and of `postgres (PostgreSQL) 15beta1`.
fn major_of(version: &str) -> Option<u32> {
    let number = version.split_whitespace().nth(2)?;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_the_server_prints() {
        assert_eq!(major_of("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_of("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major_of("something else"), None);
    }

    #[test]
    fn the_newest_suitable_version_is_taken_unless_a_cluster_asks_for_its_own() {
        let of = |major| Binaries { directory: PathBuf::from(format!("/{major}")), major };
        let found = || vec![of(19), of(17), of(15), of(13)];
        assert_eq!(suitable(found(), None).unwrap().major, 17);
        assert_eq!(suitable(found(), Some(15)).unwrap().major, 15);
        assert!(suitable(found(), Some(16)).unwrap_err().message.contains("16"));
        assert!(suitable(vec![of(13)], None).is_err());
    }
}
