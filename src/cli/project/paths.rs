use std::path::{Component, Path, PathBuf};

use super::super::Failure;
use crate::diagnostics::nearest;

/// A path to open and the same path as it is shown: relative to the current folder, with `/`; whole where it lies
/// elsewhere and was typed so.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub path: PathBuf,
    pub shown: String,
    whole: bool,
}

impl Place {
    /// The current folder.
    pub fn here() -> Result<Place, Failure> {
        Place::typed(Path::new("."))
    }

    /// A path as somebody typed it.
    pub fn typed(path: &Path) -> Result<Place, Failure> {
        let here = current_folder()?;
        Ok(Place::new(plain(&here.join(path)), &here, path.is_absolute()))
    }

    /// Another path, shown in the manner of this one.
    pub fn other(&self, path: &Path) -> Result<Place, Failure> {
        Ok(Place::new(path.to_path_buf(), &current_folder()?, self.whole))
    }

    fn new(path: PathBuf, here: &Path, whole: bool) -> Place {
        let shown = match path.strip_prefix(here) {
            Ok(inside) => slashes(inside),
            Err(_) if whole => slashes(&path),
            Err(_) => slashes(&relative(&path, here)),
        };
        Place { path, shown, whole }
    }

    /// The entry `name` of this folder.
    pub fn entry(&self, name: &str) -> Place {
        let shown = if self.shown == "." { name.to_owned() } else { format!("{}/{name}", self.shown) };
        Place { path: self.path.join(name), shown, whole: self.whole }
    }

    /// A path that a file of this folder names.
    pub fn below(&self, path: &Path) -> Result<Place, Failure> {
        Ok(Place::new(plain(&self.path.join(path)), &current_folder()?, self.whole || path.is_absolute()))
    }

    /// This folder, or the folder this file is in.
    pub fn folder(&self) -> Result<Place, Failure> {
        if self.path.is_dir() { Ok(self.clone()) } else { self.parent() }
    }

    /// The folder this is in.
    pub fn parent(&self) -> Result<Place, Failure> {
        self.other(self.path.parent().unwrap_or(&self.path))
    }

    /// Why this path cannot be read, with the name that was probably meant.
    pub fn unreadable(&self, error: &std::io::Error) -> Failure {
        if error.kind() != std::io::ErrorKind::NotFound {
            return Failure::usage(format!("cannot read `{}`: {}", self.shown, reason(error)));
        }
        let failure = Failure::usage(format!("no file or folder `{}`", self.shown));
        match self.nearest_sibling() {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure,
        }
    }

    fn nearest_sibling(&self) -> Option<String> {
        let folder = self.parent().ok()?;
        let name = self.path.file_name()?.to_string_lossy().into_owned();
        let entries = std::fs::read_dir(&folder.path).ok()?.filter_map(Result::ok);
        let mut names: Vec<String> =
            entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        nearest(&name, names.iter().map(String::as_str)).map(|near| folder.entry(near).shown)
    }
}

/// What the system says, as part of a sentence: `permission denied`.
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    text.chars().take(1).flat_map(char::to_lowercase).chain(text.chars().skip(1)).collect()
}

fn current_folder() -> Result<PathBuf, Failure> {
    let folder = std::env::current_dir();
    folder.map_err(|error| Failure::usage(format!("cannot tell the current folder: {}", reason(&error))))
}

/// `path` without `.` and `..`, by its text alone.
pub fn plain(path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            other => whole.push(other),
        }
    }
    whole
}

fn relative(path: &Path, here: &Path) -> PathBuf {
    let shared = path.components().zip(here.components()).take_while(|(a, b)| a == b).count();
    let up = here.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(path.components().skip(shared)).collect()
}

fn slashes(path: &Path) -> String {
    let shown = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    if shown.is_empty() { ".".to_owned() } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_from_the_current_folder() {
        let shown = |path: &str, here: &str| slashes(&relative(&plain(Path::new(path)), Path::new(here)));
        assert_eq!(shown("/a/b/./c.kf", "/a/b"), "c.kf");
        assert_eq!(shown("/a/x/../c.kf", "/a/b"), "../c.kf");
        assert_eq!(shown("/a/b", "/a/b"), ".");
        assert_eq!(shown("/z/c.kf", "/a/b"), "../../z/c.kf");
    }
}
