use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::paths::Place;
use super::{Project, walk};
use crate::cli::Failure;
use crate::cli::config::Origin;

/// Where a change may matter to a command.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The folders of what was asked for.
    pub start: Vec<PathBuf>,
    /// Every folder there, below, and in the project around.
    pub folders: BTreeSet<PathBuf>,
}

/// The folders in which a change may matter to a command that is given `paths`.
///
/// # Errors
/// A path, or the folder of a file, that is not there.
pub fn watched(paths: &[PathBuf]) -> Result<Watched, Failure> {
    let places = match paths {
        [] => vec![Place::here()?],
        paths => paths.iter().map(|path| Place::typed(path)).collect::<Result<_, _>>()?,
    };
    let mut watched = Watched { start: Vec::new(), folders: BTreeSet::new() };
    for (index, place) in places.iter().enumerate() {
        let folder = place.folder()?;
        if !folder.path.is_dir() {
            return Err(Failure::usage(format!("the folder `{}` is not there", folder.shown)));
        }
        if place.path.is_dir() {
            watched.folders.extend(walk::folders(&folder));
        }
        if index == 0 {
            watched.around(&folder);
        }
        watched.start.push(folder.path);
    }
    Ok(watched)
}

/// That `paths` are there, or somebody misspelt one.
///
/// # Errors
/// A path that is not.
pub fn there(paths: &[PathBuf]) -> Result<(), Failure> {
    for path in paths {
        let place = Place::typed(path)?;
        std::fs::metadata(&place.path).map_err(|error| place.unreadable(&error))?;
    }
    Ok(())
}

impl Watched {
    /// Adds the project that `folder` is in, and the places it imports from. What is wrong with `kf.toml` is told where
    /// it is read.
    fn around(&mut self, folder: &Place) {
        let Some(root) = Project::root_of(folder) else { return };
        let Ok(root) = folder.other(root) else { return };
        self.folders.extend(walk::folders(&root));
        let imports = Project::of(&root).map(|project| project.config.imports).unwrap_or_default();
        for import in imports.into_values() {
            if let Origin::Path(path) = import.origin
                && let Ok(place) = root.below(&path)
                && let Ok(folder) = place.folder()
            {
                self.folders.extend(walk::folders(&folder));
            }
        }
    }
}

/// True if a file of this name is one that commands read: a schema or tests.
pub fn is_source(name: &str) -> bool {
    [".kf", ".kft"].iter().any(|ending| name.ends_with(ending))
}

/// A path as messages have it.
pub fn shown(path: &Path) -> String {
    let here = Place::here().and_then(|here| here.other(path));
    here.map_or_else(|_| path.display().to_string(), |place| place.shown)
}
