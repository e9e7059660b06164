//! The file in a site's folder that says what in the folder is ours.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::doc::File;

/// Its name.
pub(super) const NAME: &str = ".kf-doc.json";

/// What was written, by path, with the SHA-256 of its bytes in hex.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    pub files: BTreeMap<String, String>,
}

impl Kept {
    /// The same for `files`.
    pub fn of(files: &[File]) -> Kept {
        Kept { files: files.iter().map(|file| (file.path.clone(), hash(file.text.as_bytes()))).collect() }
    }

    /// What `text` says. A path that leads out of the folder, or to a file we never write, makes all of it wrong.
    pub fn read(text: &str) -> Option<Kept> {
        let kept: Kept = serde_json::from_str(text).ok()?;
        kept.files.keys().all(|path| is_ours(path)).then_some(kept)
    }

    /// As it is written.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// The hash of what a file holds.
pub(super) fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn is_ours(path: &str) -> bool {
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    let ending = Path::new(path).extension().and_then(|ending| ending.to_str());
    Path::new(path).components().all(plain) && matches!(ending, Some("html" | "css" | "js"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_paths_are_believed() {
        let read = |path: &str| Kept::read(&format!("{{\"files\":{{\"{path}\":\"00\"}}}}")).is_some();
        assert!(read("datasets/a.html"));
        for path in ["../a.html", "/etc/a.html", "a/../../b.html", "notes.md", "a"] {
            assert!(!read(path), "{path}");
        }
    }
}
