//! Imports that are not among the project's own files: from another project's, from what `kf import` wrote, or from the
//! database. They are checked against and not deployed.

mod gather;
mod home;
mod registry;
mod uses;
mod vendored;

use std::collections::{BTreeMap, BTreeSet};

use super::super::Failure;
use super::super::database::Chosen;
use super::Input;
use super::imports::Outline;
use super::lock::{Entry, Lock};
use crate::diagnostics::{Code, Diagnostic};
use crate::interface::{Dbid, Imported, Interface, Options, Owner, Pinned};
use crate::language::Name;
use crate::source::SourceId;
use gather::Gathering;

pub use registry::read as deployed;
pub use vendored::{unvendor, vendor};

/// Where to look for imports, and how strictly.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Who will own the project's schemas.
    pub owner: Option<Owner>,
    /// The database to ask for what is not found elsewhere.
    pub database: Option<Chosen>,
    /// True if `kf.lock` must already have everything.
    pub locked: bool,
    /// True if what `kf import` wrote is not to be read, because it is about to be written anew.
    pub anew: bool,
}

/// Where a command that writes nothing into a database looks for imports.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Reaching {
    /// Who will own the schemas; without an owner they are network schemas, known by their names
    #[arg(long, value_name = "ID")]
    owner: Option<String>,
    /// Take imports that are found nowhere else from the database at URL
    #[arg(long = "db", value_name = "URL")]
    url: Option<String>,
    /// Every import must be in kf.lock
    #[arg(long)]
    locked: bool,
}

impl Reaching {
    /// The same for [`Input::reach`].
    pub fn reach(&self) -> Reach {
        let database = self.url.clone().map(Chosen::Given);
        Reach { owner: self.owner.clone().map(Owner), database, locked: self.locked, anew: false }
    }
}

/// Where an import was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum From {
    /// Among the files of another project.
    Path,
    /// In a file that `kf import` wrote.
    Vendored,
    /// In the database.
    Registry,
}

/// An import with its source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Its identity.
    pub dbid: Dbid,
    /// The schema's name.
    pub name: Name,
    /// Its owner; none for a network schema.
    pub owner: Option<Owner>,
    /// Where it was.
    pub from: From,
    /// How its source is called in reports.
    pub shown: String,
    /// Its source.
    pub text: String,
    /// What its imports are bound to, by alias.
    pub aliases: BTreeMap<Name, Dbid>,
    /// The interface files of the externs it uses, by name.
    pub externs: BTreeMap<Name, String>,
    /// How often it was deployed, if that is known.
    pub version: Option<i32>,
    /// The interface it was deployed with, if that is known.
    pub interface: Option<Interface>,
}

/// What was found outside the project.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// Sources that are only imported, for [`Options::imported`].
    pub imported: BTreeMap<SourceId, Imported>,
    /// For [`Options::names`].
    pub names: BTreeMap<Name, Dbid>,
    /// What was found, importees of importees included, by identity.
    pub found: BTreeMap<Dbid, Found>,
    /// Datasets that sources import and that were found nowhere.
    pub missing: BTreeSet<Dbid>,
    /// True if the database was asked for them.
    pub asked: bool,
}

impl Input {
    /// Finds the imports that the project does not have, and adds their sources.
    ///
    /// # Errors
    /// A place in `kf.toml` that cannot be read, a database that cannot be asked, an import that somebody changed, and
    /// with `locked` one that `kf.lock` does not have.
    pub fn reach(&mut self, reach: &Reach) -> Result<(), Failure> {
        let mut outside = self.look(reach)?;
        if reach.locked {
            all_locked(&self.lock, &outside)?;
        }
        for found in outside.found.values() {
            let id = self.sources.add(found.shown.clone(), found.text.clone());
            outside.imported.insert(id, imported(found, &self.lock));
        }
        for (name, text) in externs(outside.found.values(), &self.own().collect()) {
            let id = self.sources.add(format!("{name}.kf (extern of an import)"), text);
            outside.imported.insert(id, Imported::default());
        }
        self.outside = outside;
        Ok(())
    }

    /// Finds the imports that the project does not have.
    ///
    /// # Errors
    /// As [`Input::reach`], but for `locked`.
    pub fn look(&self, reach: &Reach) -> Result<Outside, Failure> {
        Gathering::new(&self.project, &self.lock, reach).all(&self.sources)
    }

    /// The names that the project's own sources declare.
    pub fn own(&self) -> impl Iterator<Item = Name> {
        self.sources
            .iter()
            .filter_map(|(_, source)| Outline::of(&source.text).name)
            .map(|name| Name::new(&name))
    }

    /// What the compiler is told.
    pub fn options(&self, owner: Option<&Owner>) -> Options {
        Options {
            coverage: false,
            profile: self.project.config.profile,
            owner: owner.cloned(),
            imported: self.outside.imported.clone(),
            names: self.outside.names.clone(),
            expose: self.project.config.expose.clone(),
        }
    }

    /// Adds to what is said of an import that was not found where else it was looked for.
    pub fn explain(&self, diagnostics: &mut [Diagnostic]) {
        let unknown = diagnostics.iter_mut().filter(|it| it.code == Code::UnknownDataset);
        for diagnostic in unknown.filter(|_| self.outside.asked) {
            diagnostic.notes = vec!["nor is it deployed in the database".to_owned()];
        }
    }

    /// The lock with an entry for each import that has none yet; `interfaces` are those the imports compiled to.
    pub fn pinned(&self, interfaces: &[Interface]) -> Lock {
        let mut lock = self.lock.clone();
        for interface in interfaces {
            let found = self.outside.found.get(&interface.dbid);
            if let Some(found) = found.filter(|_| self.lock.entry(&interface.dbid).is_none()) {
                lock.put(found.entry(interface));
            }
        }
        lock
    }
}

/// The interface files that `found` need, but for those of the names in `own`. Where two have one each of a name, the first
/// serves both.
pub fn externs<'f>(found: impl Iterator<Item = &'f Found>, own: &BTreeSet<Name>) -> BTreeMap<Name, String> {
    let mut externs = BTreeMap::new();
    for (name, text) in found.flat_map(|found| &found.externs).filter(|(name, _)| !own.contains(*name)) {
        externs.entry(name.clone()).or_insert_with(|| text.clone());
    }
    externs
}

impl Found {
    /// What `kf.lock` remembers of it.
    pub fn entry(&self, interface: &Interface) -> Entry {
        let owner = self.owner.as_ref().map(|owner| owner.0.clone());
        Entry { version: self.version, ..Entry::of(interface, owner, self.aliases.clone()) }
    }
}

fn imported(found: &Found, lock: &Lock) -> Imported {
    let deployed = || {
        let interface = found.interface.as_ref()?;
        let by = "the database".to_owned();
        Some(Pinned { by, interface: interface.hash(), actions: interface.rendered() })
    };
    let pinned = lock.entry(&found.dbid).map(Entry::pinned).or_else(deployed);
    Imported { owner: found.owner.clone(), aliases: found.aliases.clone(), pinned }
}

fn all_locked(lock: &Lock, outside: &Outside) -> Result<(), Failure> {
    let Some(found) = outside.found.values().find(|found| lock.entry(&found.dbid).is_none()) else {
        return Ok(());
    };
    Err(Failure::usage(format!("`kf.lock` has no entry for the import `{}`", found.name))
        .help("`kf import` writes it; leave out `--locked` to go on without"))
}
