use std::collections::{BTreeMap, BTreeSet};

use super::super::super::Failure;
use super::super::super::config::{ImportFrom, Origin};
use super::super::Project;
use super::super::imports::Outline;
use super::super::lock::Lock;
use super::home::Home;
use super::uses::Uses;
use super::{Found, Outside, Reach, registry, vendored};
use crate::diagnostics::nearest;
use crate::interface::Dbid;
use crate::language::Name;
use crate::source::Sources;

/// Imports as they are looked for.
pub(super) struct Gathering<'p> {
    project: &'p Project,
    lock: &'p Lock,
    reach: &'p Reach,
    /// The project's own datasets.
    own: BTreeSet<Dbid>,
    homes: Vec<Home>,
    /// What is still to be looked for, with the other project that wants it.
    open: Vec<(Dbid, Option<usize>)>,
    outside: Outside,
}

impl<'p> Gathering<'p> {
    pub fn new(project: &'p Project, lock: &'p Lock, reach: &'p Reach) -> Gathering<'p> {
        let (own, homes, open) = (BTreeSet::new(), Vec::new(), Vec::new());
        Gathering { project, lock, reach, own, homes, open, outside: Outside::default() }
    }

    /// Everything `sources` import that none of them is.
    pub fn all(mut self, sources: &Sources) -> Result<Outside, Failure> {
        self.begin(sources);
        self.drain()?;
        if let Some(database) = self.reach.database.as_ref().filter(|_| !self.outside.missing.is_empty()) {
            self.outside.asked = true;
            for found in registry::read(database, &self.outside.missing)? {
                self.outside.missing.remove(&found.dbid);
                if !self.own.contains(&found.dbid) {
                    self.outside.found.entry(found.dbid.clone()).or_insert(found);
                }
            }
        }
        Ok(self.outside)
    }

    /// Takes in what the project's own sources declare and import. Only those are parsed that import something else.
    fn begin(&mut self, sources: &Sources) {
        let owner = self.reach.owner.as_ref();
        let outlines: Vec<Outline> = sources.iter().map(|(_, source)| Outline::of(&source.text)).collect();
        let names: BTreeSet<&str> = outlines.iter().filter_map(|it| it.name.as_deref()).collect();
        self.own = names.iter().map(|name| Dbid::of(&Name::new(name), owner)).collect();
        for (outline, (_, source)) in outlines.iter().zip(sources.iter()) {
            if !outline.by_identity && outline.uses.iter().all(|name| names.contains(name.as_str())) {
                continue;
            }
            let uses = Uses::of(&source.text);
            let beside = |dbid: &Dbid| self.own.contains(dbid);
            let bound = uses.bound(owner, beside, &self.project.config.names);
            self.outside.names.extend(told(&bound, &self.project.config.names));
            self.open.extend(bound.into_values().map(|dbid| (dbid, None)));
        }
    }

    fn drain(&mut self) -> Result<(), Failure> {
        while let Some((dbid, home)) = self.open.pop() {
            if self.own.contains(&dbid) || self.outside.found.contains_key(&dbid) {
                continue;
            }
            match self.find(&dbid, home)? {
                Some((found, home)) => {
                    self.open.extend(found.aliases.values().map(|dbid| (dbid.clone(), home)));
                    self.outside.found.insert(dbid, found);
                }
                None => {
                    self.outside.missing.insert(dbid);
                }
            }
        }
        Ok(())
    }

    /// Looks where the project that wants it would, then in `kf.toml`, then among what was imported before.
    fn find(&mut self, dbid: &Dbid, home: Option<usize>) -> Result<Option<(Found, Option<usize>)>, Failure> {
        let wanting = home.and_then(|index| Some((index, self.homes.get(index)?)));
        if let Some((index, found)) = wanting.and_then(|(index, home)| Some((index, home.find(dbid)?))) {
            return Ok(Some((found, Some(index))));
        }
        let there =
            wanting.and_then(|(_, home)| Some((home.folder.clone(), home.config.imports.get(dbid)?.clone())));
        let here = || Some((self.project.place.clone(), self.project.config.imports.get(dbid)?.clone()));
        if let Some((folder, ImportFrom { owner, origin: Origin::Path(path) })) = there.or_else(here) {
            let home = Home::read(&folder, &path, owner.as_ref())?;
            let found = home.find(dbid).ok_or_else(|| not_there(dbid, &path.to_string_lossy(), &home))?;
            self.homes.push(home);
            return Ok(Some((found, Some(self.homes.len() - 1))));
        }
        let Some(entry) = self.lock.entry(dbid).filter(|_| !self.reach.anew) else { return Ok(None) };
        Ok(vendored::read(&self.project.place, entry)?.map(|found| (found, None)))
    }
}

/// The names of `names` that `bound` makes use of.
fn told(bound: &BTreeMap<Name, Dbid>, names: &BTreeMap<Name, Dbid>) -> BTreeMap<Name, Dbid> {
    let used = names.iter().filter(|(_, dbid)| bound.values().any(|it| it == *dbid));
    used.map(|(name, dbid)| (name.clone(), dbid.clone())).collect()
}

fn not_there(dbid: &Dbid, path: &str, home: &Home) -> Failure {
    let failure =
        Failure::usage(format!("`{path}` has no schema `{dbid}`, which kf.toml imports from there"));
    match nearest(dbid.as_str(), home.names()) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => {
            let names: Vec<&str> = home.names().collect();
            failure.help(format!("it has: {}", names.join(", ")))
        }
    }
}
