//! Commands as they are typed, in projects that share a database.

use std::fs;
use std::process::Command;

use super::{block_on, database, scratch};

/// A folder with projects in it and a database.
pub struct Here {
    /// Deleted when dropped.
    pub folder: tempfile::TempDir,
    /// The address of its database.
    pub url: String,
}

impl Here {
    pub fn new() -> Here {
        Here::at(block_on(database()))
    }

    /// With the database at `url`.
    pub fn at(url: String) -> Here {
        Here { folder: scratch(), url }
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder.path().join(path)).unwrap()
    }

    pub fn has(&self, path: &str) -> bool {
        self.folder.path().join(path).exists()
    }

    /// Exit code and all that was printed. A word `DB` is the address of the database.
    pub fn kf(&self, project: &str, line: &str) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kf"));
        for name in ["KF_DATABASE_URL", "KF_CALLER", "KF_FORMAT", "PGHOST"] {
            command.env_remove(name);
        }
        let words = line.split(' ').map(|word| if word == "DB" { self.url.as_str() } else { word });
        let output = command.current_dir(self.folder.path().join(project)).args(words).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (output.status.code().unwrap(), text(&output.stdout) + &text(&output.stderr))
    }

    /// What a command prints that must end well.
    pub fn fine(&self, project: &str, line: &str) -> String {
        let (code, text) = self.kf(project, line);
        assert_eq!(code, 0, "kf {line}\n{text}");
        text
    }

    /// A command must end with `code` and say each of `told`, wherever lines break.
    pub fn wrong(&self, project: &str, line: &str, code: i32, told: &[&str]) {
        let (found, text) = self.kf(project, line);
        assert_eq!(found, code, "kf {line}\n{text}");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        told.iter().for_each(|told| assert!(text.contains(told), "kf {line}: no `{told}` in\n{text}"));
    }
}
