//! What `[PATH..]` means: files or folders, by default the current project, with the schemas they import.

mod bytes;
mod imports;
pub mod lock;
mod outside;
mod paths;
mod schema;
mod texts;
mod walk;
mod watched;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::config::{self, Config};
use super::{Failure, terminal};
use crate::deploy::testing::Script;
use crate::diagnostics::{Diagnostic, Report, add_bytes};
use crate::source::{SourceId, Sources};
use lock::Lock;
use paths::Place;

pub use outside::{Found, From, Outside, Reach, Reaching, deployed, externs, unvendor, vendor};
pub use paths::{plain, reason};
pub use schema::{Schema, schemas, text_of_stdin};
pub use texts::Texts;
pub use watched::{Watched, is_source, shown, there, watched};

/// A folder of schemas that belong together.
#[derive(Clone, Debug)]
pub struct Project {
    /// The nearest folder at or above the start that has a `kf.toml`; the start itself if none has.
    pub root: PathBuf,
    /// What `kf.toml` says; all defaults where there is none.
    pub config: Config,
    /// True if there is a `kf.toml`.
    pub has_config: bool,
    place: Place,
}

impl Project {
    /// The SQL that `[test]` of `kf.toml` has databases for tests begin with.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn scripts(&self) -> Result<Vec<Script>, Failure> {
        let read = |shown: &String| {
            let text = std::fs::read_to_string(self.root.join(shown)).map_err(|error| {
                Failure::usage(format!("cannot read `{shown}`: {}", reason(&error)))
                    .help("`install` of [test] in kf.toml names it")
            })?;
            Ok(Script { shown: shown.clone(), text })
        };
        self.config.installed.iter().map(read).collect()
    }

    /// The project of the current folder.
    ///
    /// # Errors
    /// A `kf.toml` that cannot be read or is wrong.
    pub fn current() -> Result<Project, Failure> {
        Project::of(&Place::here()?)
    }

    /// What the project is called where it is shown as a whole: its name in `kf.toml`, else that of its folder.
    pub fn title(&self) -> String {
        let folder = || self.root.file_name().map(|name| name.to_string_lossy().into_owned());
        self.config.name.clone().or_else(folder).unwrap_or_else(|| "datasets".to_owned())
    }

    /// A path that `kf.toml` names, as one from the current folder.
    ///
    /// # Errors
    /// The current folder is gone.
    pub fn below(&self, path: &Path) -> Result<PathBuf, Failure> {
        Ok(PathBuf::from(self.place.below(path)?.shown))
    }

    /// True if a command that is given `paths` works on all of the project.
    pub fn is_all_of(&self, paths: &[PathBuf]) -> bool {
        let is_root = |path: &PathBuf| Place::typed(path).is_ok_and(|place| place.path == self.root);
        paths.is_empty() || paths.iter().any(is_root)
    }

    /// The nearest folder at or above `folder` that has a `kf.toml`.
    fn root_of(folder: &Place) -> Option<&Path> {
        folder.path.ancestors().find(|folder| folder.join(config::FILE).is_file())
    }

    fn of(folder: &Place) -> Result<Project, Failure> {
        let root = Project::root_of(folder);
        let place = folder.other(root.unwrap_or(&folder.path))?;
        let config = match root {
            Some(_) => {
                let file = place.entry(config::FILE);
                Config::read(&file.path, &file.shown)?
            }
            None => Config::default(),
        };
        if let Some(pages) = &config.error_pages {
            terminal::link_codes(pages);
        }
        Ok(Project { root: place.path.clone(), config, has_config: root.is_some(), place })
    }
}

/// Everything one run works on.
#[derive(Clone, Debug)]
pub struct Input {
    /// The project of the first path.
    pub project: Project,
    /// What was asked for, then what that imports; each by path.
    pub sources: Sources,
    /// How many of `sources` were asked for: the first ones.
    pub asked: usize,
    /// What `kf.lock` says.
    pub lock: Lock,
    /// Imports that are not among the project's files, once [`Input::reach`] has looked for them.
    pub outside: Outside,
    /// What is wrong with the bytes of a source, before anything is parsed.
    pub diagnostics: Vec<Diagnostic>,
}

impl Input {
    /// True if source `id` was asked for, rather than imported by what was.
    pub fn is_asked(&self, id: SourceId) -> bool {
        (id.0 as usize) < self.asked
    }

    /// `diagnostics` with the texts they are about.
    pub fn report<'r>(&'r self, diagnostics: &'r [Diagnostic]) -> Report<'r> {
        Report { diagnostics, sources: &self.sources, files: self.files() }
    }

    /// How many of the sources are the project's own.
    pub fn files(&self) -> usize {
        self.sources.len() - self.outside.imported.len()
    }
}

/// Which sources a command works on.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Paths {
    /// Schema files, or folders of them [default: the current project]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// Reads the sources at `paths` and what they import from their project.
///
/// # Errors
/// A path that does not exist or cannot be read, a folder without schemas, a wrong `kf.toml`.
pub fn load(paths: &[PathBuf]) -> Result<Input, Failure> {
    load_files(paths, false)
}

/// The same with the tests that are there: of a folder its `*.kft` files too.
///
/// # Errors
/// As [`load`].
pub fn load_with_tests(paths: &[PathBuf]) -> Result<Input, Failure> {
    load_files(paths, true)
}

fn load_files(paths: &[PathBuf], tests: bool) -> Result<Input, Failure> {
    let project = match paths {
        [] => Project::current()?,
        [first, ..] => Project::of(&Place::typed(first)?.folder()?)?,
    };
    let mut reading = Reading::of(&project)?;
    let mut files = Files { tests, ..Files::default() };
    if paths.is_empty() {
        files.add_folder(project.place.clone(), &reading.vendored)?;
    }
    for path in paths {
        files.add(Place::typed(path)?, &reading.vendored)?;
    }
    reading.read_all(files)?;
    reading.finish(project)
}

/// Reads the current project, which may have no schemas yet.
///
/// # Errors
/// As [`load`].
pub fn load_current() -> Result<Input, Failure> {
    let project = Project::current()?;
    let mut reading = Reading::of(&project)?;
    let mut files = walk::schemas(&project.place)?;
    files.retain(|file| !reading.vendored.contains(&file.path));
    files.iter().try_for_each(|file| reading.read(file))?;
    reading.finish(project)
}

/// Reads standard input as the text of `name`, with what it imports from the saved files of its project.
///
/// # Errors
/// Standard input that cannot be read, a wrong `kf.toml`.
pub fn load_stdin(name: &Path) -> Result<Input, Failure> {
    let bytes = bytes::read(std::io::stdin().lock())
        .map_err(|error| Failure::usage(format!("cannot read standard input: {}", reason(&error))))?;
    let mut place = Place::typed(name)?;
    place.shown = name.to_string_lossy().into_owned();
    let project = Project::of(&place.parent()?)?;
    let mut reading = Reading::of(&project)?;
    reading.add(&place, bytes);
    reading.finish(project)
}

/// Files by where they are, so that one named twice is read once.
#[derive(Default)]
struct Files {
    found: BTreeMap<PathBuf, Place>,
    /// True if tests are wanted too.
    tests: bool,
}

impl Files {
    fn add(&mut self, place: Place, vendored: &BTreeSet<PathBuf>) -> Result<(), Failure> {
        match std::fs::metadata(&place.path) {
            Ok(data) if data.is_dir() => self.add_folder(place, vendored),
            Ok(_) => {
                self.found.insert(place.path.clone(), place);
                Ok(())
            }
            Err(error) => Err(place.unreadable(&error)),
        }
    }

    /// Adds what is in a folder, but not what `kf import` wrote there.
    fn add_folder(&mut self, folder: Place, vendored: &BTreeSet<PathBuf>) -> Result<(), Failure> {
        let mut files = walk::schemas(&folder)?;
        files.retain(|file| !vendored.contains(&file.path));
        if files.is_empty() {
            let failure = Failure::usage(format!("no schema files (`*.kf`) in `{}`", folder.shown));
            return Err(failure.help("`kf init` makes a project to begin with"));
        }
        if self.tests {
            files.extend(walk::tests(&folder)?);
        }
        self.found.extend(files.into_iter().map(|file| (file.path.clone(), file)));
        Ok(())
    }
}

/// Sources as they are read.
struct Reading {
    lock: Lock,
    /// The files that `kf import` wrote.
    vendored: BTreeSet<PathBuf>,
    sources: Sources,
    places: Vec<PathBuf>,
    asked: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Reading {
    fn of(project: &Project) -> Result<Reading, Failure> {
        let lock = Lock::read(&project.place)?;
        let vendored = lock.files().map(|file| project.root.join(&file.path)).collect();
        let (sources, diagnostics) = (Sources::new(), Vec::new());
        Ok(Reading { lock, vendored, sources, places: Vec::new(), asked: 0, diagnostics })
    }

    fn add(&mut self, place: &Place, bytes: Vec<u8>) {
        let (_, fault) = add_bytes(&mut self.sources, place.shown.clone(), bytes);
        self.places.push(place.path.clone());
        self.diagnostics.extend(fault);
    }

    fn read(&mut self, place: &Place) -> Result<(), Failure> {
        let bytes = bytes::of(&place.path).map_err(|error| place.unreadable(&error))?;
        self.add(place, bytes);
        Ok(())
    }

    /// Reads `files` by how they are shown.
    fn read_all(&mut self, files: Files) -> Result<(), Failure> {
        let mut files: Vec<Place> = files.found.into_values().collect();
        files.sort_by(|a, b| a.shown.cmp(&b.shown));
        files.iter().try_for_each(|place| self.read(place))
    }

    fn finish(mut self, project: Project) -> Result<Input, Failure> {
        self.asked = self.sources.len();
        self.add_imports(&project)?;
        let Reading { lock, sources, asked, diagnostics, .. } = self;
        Ok(Input { project, sources, asked, lock, outside: Outside::default(), diagnostics })
    }

    /// Adds the project's files that declare a schema which a source imports and none declares, until nothing more
    /// is missing.
    fn add_imports(&mut self, project: &Project) -> Result<(), Failure> {
        let mut known = imports::Known::default();
        for (_, source) in self.sources.iter() {
            known.add(&source.text);
        }
        if known.missing().is_none() {
            return Ok(());
        }
        let mut others = self.others(project)?;
        while let Some(name) = known.missing() {
            match others.remove(&name) {
                Some((place, bytes)) => {
                    self.add(&place, bytes);
                    let text = self.sources.iter().last().map(|(_, source)| source.text.as_str());
                    known.add(text.unwrap_or_default());
                }
                None => known.give_up(name),
            }
        }
        Ok(())
    }

    fn is_new(&self, place: &Place) -> bool {
        !self.places.contains(&place.path) && !self.vendored.contains(&place.path)
    }

    /// The project's other schemas by name. A file that cannot be read is not what somebody imports.
    fn others(&self, project: &Project) -> Result<BTreeMap<String, (Place, Vec<u8>)>, Failure> {
        let folder = &project.place;
        let files = if project.has_config { walk::schemas(folder)? } else { walk::schemas_beside(folder)? };
        let mut others = BTreeMap::new();
        for place in files.into_iter().filter(|place| self.is_new(place)) {
            let Ok(bytes) = bytes::of(&place.path) else { continue };
            if let Some(name) = imports::Outline::of(&String::from_utf8_lossy(&bytes)).name {
                others.entry(name).or_insert((place, bytes));
            }
        }
        Ok(others)
    }
}
