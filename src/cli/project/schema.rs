//! Sources one by one, to be written anew.

use std::path::{Path, PathBuf};

use super::lock::Lock;
use super::paths::Place;
use super::{Files, Project, bytes, reason};
use crate::cli::Failure;
use crate::cli::saved;

/// One source file.
#[derive(Clone, Debug)]
pub struct Schema {
    path: PathBuf,
    /// Its path as messages have it.
    pub shown: String,
    /// Its text.
    pub text: String,
}

impl Schema {
    fn read(place: &Place) -> Result<Schema, Failure> {
        let bytes = bytes::of(&place.path).map_err(|error| place.unreadable(&error))?;
        Schema::of(place, bytes)
    }

    fn of(place: &Place, bytes: Vec<u8>) -> Result<Schema, Failure> {
        let shown = place.shown.clone();
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Schema { path: place.path.clone(), shown, text }),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                Err(Failure::usage(format!("`{shown}` is not UTF-8: byte {at} belongs to no character")))
            }
        }
    }

    /// Writes `text` in its place.
    ///
    /// # Errors
    /// A file that somebody else changed meanwhile or that cannot be written; it is as it was then.
    pub fn replace(&self, text: &str) -> Result<(), Failure> {
        saved::still(&self.path, &self.shown, &self.text)?;
        let failed = |error| saved::unwritable(Path::new(&self.shown), &error);
        saved::replace(&self.path, text.as_bytes()).map_err(failed)
    }
}

/// The files at `paths`, or those of the current project, tests too, by path; none that only serve as imports.
///
/// # Errors
/// A path that does not exist or cannot be read, a folder without schemas, a file that is not UTF-8, a wrong `kf.toml`.
pub fn schemas(paths: &[PathBuf]) -> Result<Vec<Schema>, Failure> {
    let project = match paths {
        [] => Project::current()?,
        [first, ..] => Project::of(&Place::typed(first)?.folder()?)?,
    };
    let lock = Lock::read(&project.place)?;
    let vendored = lock.files().map(|file| project.root.join(&file.path)).collect();
    let mut files = Files { tests: true, ..Files::default() };
    if paths.is_empty() {
        files.add_folder(project.place.clone(), &vendored)?;
    }
    for path in paths {
        files.add(Place::typed(path)?, &vendored)?;
    }
    let mut places: Vec<Place> = files.found.into_values().collect();
    places.sort_by(|a, b| a.shown.cmp(&b.shown));
    places.iter().map(Schema::read).collect()
}

/// Standard input as the text of `name`.
///
/// # Errors
/// Standard input that cannot be read or is not UTF-8.
pub fn text_of_stdin(name: &Path) -> Result<Schema, Failure> {
    let bytes = bytes::read(std::io::stdin().lock())
        .map_err(|error| Failure::usage(format!("cannot read standard input: {}", reason(&error))))?;
    Schema::of(&Place::typed(name)?, bytes)
}
