use std::collections::BTreeSet;
use std::path::PathBuf;

use super::super::Failure;
use super::paths::Place;

/// Folders below one another; a real tree of sources is never this deep.
const DEEPEST: usize = 64;

/// Every `*.kf` file in `folder` and the folders below it, by path. Hidden entries are passed over; a folder reached
/// twice through links is read once.
pub(super) fn schemas(folder: &Place) -> Result<Vec<Place>, Failure> {
    collect(folder, DEEPEST, ".kf")
}

/// Every `*.kft` file in `folder` and the folders below it, by path.
pub(super) fn tests(folder: &Place) -> Result<Vec<Place>, Failure> {
    collect(folder, DEEPEST, ".kft")
}

/// Every `*.kf` file in `folder` itself.
pub(super) fn schemas_beside(folder: &Place) -> Result<Vec<Place>, Failure> {
    collect(folder, 1, ".kf")
}

/// `folder` and every folder below it that is not hidden, as far as they can be read.
pub(super) fn folders(folder: &Place) -> Vec<PathBuf> {
    let mut walk = Walk { ending: ".kf", seen: BTreeSet::new(), found: Vec::new(), folders: Vec::new() };
    // what cannot be read is told where it is to be read
    let _ = walk.folder(folder, DEEPEST);
    walk.folders
}

fn collect(folder: &Place, depth: usize, ending: &'static str) -> Result<Vec<Place>, Failure> {
    let mut walk = Walk { ending, seen: BTreeSet::new(), found: Vec::new(), folders: Vec::new() };
    walk.folder(folder, depth)?;
    walk.found.sort_by(|a, b| a.shown.cmp(&b.shown));
    Ok(walk.found)
}

struct Walk {
    /// Of the names of the files that are wanted.
    ending: &'static str,
    seen: BTreeSet<PathBuf>,
    found: Vec<Place>,
    folders: Vec<PathBuf>,
}

impl Walk {
    fn folder(&mut self, folder: &Place, depth: usize) -> Result<(), Failure> {
        let real = folder.path.canonicalize().map_err(|error| folder.unreadable(&error))?;
        if depth == 0 || !self.seen.insert(real) {
            return Ok(());
        }
        self.folders.push(folder.path.clone());
        let entries = std::fs::read_dir(&folder.path).map_err(|error| folder.unreadable(&error))?;
        let mut names: Vec<String> =
            entries.filter_map(Result::ok).filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        for name in names.iter().filter(|name| !name.starts_with('.')) {
            self.entry(folder.entry(name), depth)?;
        }
        Ok(())
    }

    /// A link that leads nowhere is passed over, and so is what is neither a file nor a folder.
    fn entry(&mut self, place: Place, depth: usize) -> Result<(), Failure> {
        let Ok(data) = std::fs::metadata(&place.path) else { return Ok(()) };
        if data.is_dir() {
            return self.folder(&place, depth - 1);
        }
        if data.is_file() && place.shown.ends_with(self.ending) {
            self.found.push(place);
        }
        Ok(())
    }
}
