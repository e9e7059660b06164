//! Every format of `--format` and `--report`, against what its readers hold it to.

mod files;
mod page;
mod readers;

use std::path::Path;
use std::process::{Command, Stdio};

/// A project of files, by path and text.
struct Here(tempfile::TempDir);

impl Here {
    fn new(files: &[(&str, &str)]) -> Here {
        let here = Here(tempfile::tempdir().unwrap());
        for (path, text) in files {
            here.write(path, text);
        }
        here
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path().join(path)).unwrap()
    }

    /// Exit code, stdout, stderr.
    fn kf(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kf"));
        command.args(arguments).current_dir(self.path()).env_remove("KF_FORMAT").env("NO_COLOR", "1");
        let output = command.stdin(Stdio::null()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }
}

/// A path and a text with everything that formats have to escape, a byte order mark, CRLF, and faults behind letters of
/// one to four bytes. The misspelt column begins at byte 34 of its line, character 28, UTF-16 unit 29.
const STRANGE_PATH: &str = "a b/100%,ä:<&>\"'.kf";

fn strange() -> Here {
    let text = "\u{feff}database notes;\r\n\r\ntable notes {\r\n\tid text primary,\r\n\ttext text\r\n}\r\n\r\n\
                action find($id text) public view {\r\n\
                \tSELECT id, 'é京😀<&>' AS a, txt AS b FROM notes WHERE id = $id;\r\n}\r\n\
                action all() public view {\r\n\tSELECT * FROM nots;\r\n}\r\n";
    Here::new(&[(STRANGE_PATH, text), ("fine.kf", FINE)])
}

const FINE: &str = "database fine;\n\ntable t {\n    id text primary\n}\n";
