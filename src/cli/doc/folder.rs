//! The folder of a site: what in it is ours, and how it is brought up to date.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::kept::{self, Kept, hash};
use crate::cli::Failure;
use crate::cli::project::reason;
use crate::cli::saved;
use crate::doc::File;

/// How folders of files that are not yet in their places begin.
const NEW: &str = ".kf-doc-";

/// A site's folder, which may not be there yet.
pub(super) struct Folder {
    path: PathBuf,
    /// What an earlier run wrote.
    kept: Kept,
}

/// What writing came to.
pub(super) struct Done {
    /// How many files were written.
    pub written: usize,
    /// How many were as they should be.
    pub same: usize,
    /// How many were no longer needed.
    pub removed: usize,
    /// Those no longer needed that somebody has changed.
    pub left: Vec<String>,
}

impl Done {
    /// `12 files written: site/index.html`
    pub fn line(&self, index: &Path) -> String {
        let files = |number: usize| format!("{number} {}", if number == 1 { "file" } else { "files" });
        let mut line = match self.written {
            0 => format!("{} up to date", files(self.same)),
            written => format!("{} written", files(written)),
        };
        if self.removed > 0 {
            line.push_str(&format!(", {} removed", files(self.removed)));
        }
        format!("{line}: {}", index.display())
    }
}

impl Folder {
    /// The folder at `path`.
    ///
    /// # Errors
    /// Something else is there, or cannot be read.
    pub fn at(path: &Path) -> Result<Folder, Failure> {
        match fs::metadata(path) {
            Ok(data) if !data.is_dir() => {
                return Err(Failure::usage(format!("`{}` is no folder", path.display())));
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unreadable(path, &error)),
            _ => {}
        }
        let mark = path.join(kept::NAME);
        let kept = match fs::read_to_string(&mark) {
            Ok(text) => Kept::read(&text).ok_or_else(|| {
                let failure = Failure::usage(format!("`{}` is not what kf doc wrote", mark.display()));
                failure.help("take it away, and the pages beside it with it")
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Kept::default(),
            Err(error) => return Err(unreadable(&mark, &error)),
        };
        Ok(Folder { path: path.to_path_buf(), kept })
    }

    /// How it is called.
    pub fn shown(&self) -> String {
        self.path.display().to_string()
    }

    /// Its first page.
    pub fn index(&self) -> PathBuf {
        self.path.join("index.html")
    }

    /// What is not as `files` say, with how it differs.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn differing(&self, files: &[File]) -> Result<Vec<(String, &'static str)>, Failure> {
        let mut differing = Vec::new();
        for file in files {
            match self.bytes(&file.path)? {
                None => differing.push((file.path.clone(), "missing")),
                Some(bytes) if bytes != file.text.as_bytes() => {
                    differing.push((file.path.clone(), "differs"))
                }
                Some(_) => {}
            }
        }
        for path in self.stale(files) {
            if self.bytes(path)?.is_some() {
                differing.push((path.clone(), "no longer needed"));
            }
        }
        if differing.is_empty() && self.kept != Kept::of(files) {
            differing.push((kept::NAME.to_owned(), "differs"));
        }
        differing.sort();
        Ok(differing)
    }

    /// Brings the folder up to date: writes everything beside its place first, then moves file by file.
    ///
    /// # Errors
    /// A file in the way that is not ours, and whatever the system says. Pages are whole then, old or new.
    pub fn write(&self, files: &[File]) -> Result<Done, Failure> {
        self.nothing_in_the_way(files)?;
        let told = |error: io::Error| saved::unwritable(&self.path, &error);
        let mut changed = Vec::new();
        for file in files {
            if self.bytes(&file.path)?.as_deref() != Some(file.text.as_bytes()) {
                changed.push(file);
            }
        }
        fs::create_dir_all(&self.path).map_err(told)?;
        let _alone = self.alone()?;
        let new = tempfile::Builder::new().prefix(NEW).tempdir_in(&self.path).map_err(told)?;
        for (index, file) in changed.iter().enumerate() {
            fs::write(new.path().join(index.to_string()), &file.text).map_err(told)?;
        }
        for folder in folders(files) {
            fs::create_dir_all(self.path.join(folder)).map_err(told)?;
        }
        // Until all are in their places both what was and what will be there is ours.
        let mut both = self.kept.clone();
        both.files.extend(Kept::of(files).files);
        self.keep(&both)?;
        for (index, file) in changed.iter().enumerate() {
            let place = self.path.join(&file.path);
            fs::rename(new.path().join(index.to_string()), &place)
                .map_err(|error| saved::unwritable(&place, &error))?;
        }
        let (removed, left) = self.clear(files)?;
        self.keep(&Kept::of(files))?;
        Ok(Done { written: changed.len(), same: files.len() - changed.len(), removed, left })
    }

    /// Keeps other runs away until it is dropped, and sweeps away what a run left that was killed.
    fn alone(&self) -> Result<fs::File, Failure> {
        let told = |error: io::Error| saved::unwritable(&self.path, &error);
        let folder = fs::File::open(&self.path).map_err(told)?;
        let held = rustix::fs::flock(&folder, rustix::fs::FlockOperation::NonBlockingLockExclusive);
        if held == Err(rustix::io::Errno::WOULDBLOCK) {
            return Err(Failure::usage(format!("another kf doc is writing into `{}`", self.path.display())));
        }
        for entry in fs::read_dir(&self.path).map_err(told)? {
            let entry = entry.map_err(told)?;
            let is_left = entry.file_name().to_string_lossy().starts_with(NEW);
            if is_left && entry.file_type().map_err(told)?.is_dir() {
                fs::remove_dir_all(entry.path()).map_err(told)?;
            }
        }
        Ok(folder)
    }

    /// That no file which is to be written is somebody else's, and no folder a link to elsewhere.
    fn nothing_in_the_way(&self, files: &[File]) -> Result<(), Failure> {
        for file in files {
            let place = self.path.join(&file.path);
            let linked = folders(std::slice::from_ref(file))
                .iter()
                .any(|folder| fs::symlink_metadata(self.path.join(folder)).is_ok_and(|data| !data.is_dir()));
            let foreign = match fs::symlink_metadata(&place) {
                Ok(data) if !data.is_file() => true,
                Ok(_) => {
                    !self.kept.files.contains_key(&file.path)
                        && self.bytes(&file.path)?.as_deref() != Some(file.text.as_bytes())
                }
                Err(_) => false,
            };
            if linked || foreign {
                let failure =
                    Failure::usage(format!("`{}` is in the way: kf doc did not write it", place.display()));
                return Err(failure.help("say another folder with --output, or take it away"));
            }
        }
        Ok(())
    }

    fn keep(&self, kept: &Kept) -> Result<(), Failure> {
        let mark = self.path.join(kept::NAME);
        saved::replace(&mark, kept.text().as_bytes()).map_err(|error| saved::unwritable(&mark, &error))
    }

    fn stale(&self, files: &[File]) -> impl Iterator<Item = &String> {
        let needed: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        self.kept.files.keys().filter(move |path| !needed.contains(path.as_str()))
    }

    /// Removes what an earlier run wrote and nobody needs any more, unless it was changed.
    fn clear(&self, files: &[File]) -> Result<(usize, Vec<String>), Failure> {
        let (mut removed, mut left) = (0, Vec::new());
        for path in self.stale(files) {
            let place = self.path.join(path);
            match self.bytes(path)? {
                Some(bytes) if self.kept.files.get(path) == Some(&hash(&bytes)) => {
                    fs::remove_file(&place).map_err(|error| saved::unwritable(&place, &error))?;
                    removed += 1;
                }
                Some(_) => left.push(path.clone()),
                None => {}
            }
        }
        Ok((removed, left))
    }

    /// What is in a plain file below the folder, if there is one.
    fn bytes(&self, path: &str) -> Result<Option<Vec<u8>>, Failure> {
        let place = self.path.join(path);
        match fs::symlink_metadata(&place) {
            Ok(data) if data.is_file() => {
                fs::read(&place).map(Some).map_err(|error| unreadable(&place, &error))
            }
            Ok(_) => Ok(None),
            Err(error) if [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&error.kind()) => {
                Ok(None)
            }
            Err(error) => Err(unreadable(&place, &error)),
        }
    }
}

/// The folders that hold `files`, below the site's.
fn folders(files: &[File]) -> BTreeSet<&str> {
    files.iter().filter_map(|file| file.path.rsplit_once('/')).map(|(folder, _)| folder).collect()
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("cannot read `{}`: {}", path.display(), reason(error)))
}
