//! Rows that were kept, in a file beside each file of tests: what `matches snapshot` compares with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cli::Failure;
use crate::cli::project::reason;
use crate::diagnostics::visible;

const MARK: &str = "== ";

/// The kept rows of one file of tests: by title and number, in lines.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Kept(BTreeMap<String, Vec<String>>);

/// Where the rows of the tests in `path` are kept.
pub(super) fn file(path: &str) -> PathBuf {
    PathBuf::from(format!("{path}.snap"))
}

/// `title #2`: the second snapshot of a test.
pub(super) fn key(title: &str, number: usize) -> String {
    format!("{} #{number}", visible(title))
}

impl Kept {
    /// Reads a file; one that is not there keeps nothing.
    pub(super) fn read(path: &Path) -> Result<Kept, Failure> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Kept::parse(&text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Kept::default()),
            Err(error) => {
                Err(Failure::usage(format!("cannot read `{}`: {}", path.display(), reason(&error))))
            }
        }
    }

    fn parse(text: &str) -> Kept {
        let mut kept = Kept::default();
        let mut current: Option<String> = None;
        for line in text.lines() {
            if let Some(key) = line.strip_prefix(MARK) {
                kept.0.insert(key.to_owned(), Vec::new());
                current = Some(key.to_owned());
            } else if let Some(lines) = current.as_ref().and_then(|key| kept.0.get_mut(key))
                && !line.is_empty()
            {
                lines.push(line.to_owned());
            }
        }
        kept
    }

    /// The lines kept under a key.
    pub(super) fn get(&self, key: &str) -> Option<&Vec<String>> {
        self.0.get(key)
    }

    /// Keeps lines.
    pub(super) fn put(&mut self, key: String, lines: Vec<String>) {
        self.0.insert(key, lines);
    }

    /// Forgets what is kept of a test.
    pub(super) fn forget(&mut self, title: &str) {
        let title = format!("{} #", visible(title));
        self.0.retain(|key, _| key.rsplit_once('#').is_none_or(|(begin, _)| format!("{begin}#") != title));
    }

    /// Forgets what is kept of tests that are not there any more.
    pub(super) fn retain(&mut self, titles: &[&str]) {
        let known: Vec<String> = titles.iter().map(|title| visible(title).into_owned()).collect();
        self.0.retain(|key, _| {
            key.rsplit_once(" #").is_some_and(|(title, _)| known.iter().any(|known| known == title))
        });
    }

    /// Writes the file, or takes it away where nothing is kept.
    pub(super) fn write(&self, path: &Path) -> Result<(), Failure> {
        let done = if self.0.is_empty() {
            match std::fs::remove_file(path) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
                other => other,
            }
        } else {
            std::fs::write(path, self.text())
        };
        done.map_err(|error| Failure::usage(format!("cannot write `{}`: {}", path.display(), reason(&error))))
    }

    fn text(&self) -> String {
        let mut text = "What `matches snapshot` found; written by `kf test --update`.\n".to_owned();
        for (key, lines) in &self.0 {
            text.push_str(&format!("\n{MARK}{key}\n"));
            lines.iter().for_each(|line| text.push_str(&format!("{line}\n")));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut kept = Kept::default();
        kept.put(key("a #1 of many", 1), vec!["(id)".into(), "(1)".into()]);
        kept.put(key("a", 2), vec!["(id)".into()]);
        assert_eq!(Kept::parse(&kept.text()), kept);
        kept.forget("a");
        assert!(kept.get("a #2").is_none() && kept.get("a #1 of many #1").is_some());
        kept.retain(&["b"]);
        assert_eq!(kept, Kept::default());
    }
}
