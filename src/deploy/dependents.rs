//! Deployed datasets that import what changes: their recorded sources are compiled anew against what it becomes.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::{Break, relying};
use super::registry::{Dataset, Installed};
use crate::diagnostics::{Diagnostic, Severity, Sink};
use crate::interface::{Dbid, Imported, Options, Owner, Package, Profile};
use crate::language::Name;
use crate::migrate::Place;
use crate::source::{SourceId, Sources, Unit};
use crate::syntax::ast::{Ast, Item, UseTarget};

/// What becomes of the dependents.
#[derive(Default)]
pub struct Recompiled {
    /// Those that go on, in no order.
    pub packages: Vec<Package>,
    /// Where those that do not say something that holds no longer.
    pub breaks: Vec<Break>,
}

/// The datasets outside `packages` that import one of them and rely on what changes. What imports those in turn may
/// depend on it too.
pub fn first(packages: &[Package], installed: &Installed) -> BTreeSet<Dbid> {
    let asked: BTreeSet<&Dbid> = packages.iter().map(|package| &package.interface.dbid).collect();
    let of = |package: &Package| {
        let dataset: Option<&Dataset> = installed.datasets.get(&package.interface.dbid);
        let relying = dataset.map_or(Vec::new(), |dataset| relying(package, dataset, installed));
        relying.into_iter().cloned().collect::<Vec<Dbid>>()
    };
    packages.iter().flat_map(of).filter(|dbid| !asked.contains(dbid)).collect()
}

/// Compiles `dependents` against `packages`; `datasets` has them and all that they import.
pub fn recompile(
    packages: &[Package],
    dependents: &BTreeSet<Dbid>,
    datasets: &BTreeMap<Dbid, Dataset>,
) -> Recompiled {
    let mut batches: Vec<Batch<'_>> = Vec::new();
    for (dbid, dataset) in dependents.iter().filter_map(|dbid| datasets.get_key_value(dbid)) {
        let member = Member::of(dbid, dataset);
        match batches.iter_mut().find(|batch| batch.takes(&member)) {
            Some(batch) => batch.add(member),
            None => batches.push(Batch::new(member)),
        }
    }
    let mut recompiled = Recompiled::default();
    for batch in &batches {
        batch.compile(packages, datasets, &mut recompiled);
    }
    recompiled
}

/// A dependent, with what the names in its `use` items are bound to.
struct Member<'d> {
    dbid: &'d Dbid,
    dataset: &'d Dataset,
    names: Vec<(Name, Dbid)>,
}

impl<'d> Member<'d> {
    fn of(dbid: &'d Dbid, dataset: &'d Dataset) -> Member<'d> {
        let mut sources = Sources::new();
        let id = sources.add(dataset.path.clone(), dataset.source.clone());
        let ast = crate::syntax::parse(&sources, id, &mut Sink::new());
        let bound = |item: &Item| match item {
            Item::Use(import) => match &import.target {
                UseTarget::Network(name) => {
                    let dbid = dataset.manifest.aliases.get(&import.alias.name)?;
                    Some((name.name.clone(), dbid.clone()))
                }
                UseTarget::Owned { .. } | UseTarget::Dbid { .. } => None,
            },
            _ => None,
        };
        Member { dbid, dataset, names: ast.items.iter().filter_map(bound).collect() }
    }
}

/// Dependents of one owner and profile in which no name means two things: they are compiled together.
struct Batch<'d> {
    owner: Option<&'d Owner>,
    profile: Profile,
    names: BTreeMap<Name, Dbid>,
    members: BTreeMap<&'d Dbid, &'d Dataset>,
}

impl<'d> Batch<'d> {
    fn new(member: Member<'d>) -> Batch<'d> {
        let (owner, profile) = (member.dataset.owner.as_ref(), member.dataset.profile);
        let mut batch = Batch { owner, profile, names: BTreeMap::new(), members: BTreeMap::new() };
        batch.add(member);
        batch
    }

    fn takes(&self, member: &Member<'_>) -> bool {
        let meant = |(name, dbid): (&Name, &Dbid)| {
            let beside = Dbid::of(name, self.owner);
            let is_member = self.members.contains_key(&beside) || beside == *member.dbid;
            (!is_member || beside == *dbid) && self.names.get(name).is_none_or(|known| known == dbid)
        };
        self.owner == member.dataset.owner.as_ref()
            && self.profile == member.dataset.profile
            && member.names.iter().map(|(name, dbid)| (name, dbid)).chain(&self.names).all(meant)
    }

    fn add(&mut self, member: Member<'d>) {
        self.members.insert(member.dbid, member.dataset);
        self.names.extend(member.names);
    }

    fn compile(&self, packages: &[Package], datasets: &BTreeMap<Dbid, Dataset>, into: &mut Recompiled) {
        let mut sources = Sources::new();
        let mut options = Options {
            owner: self.owner.cloned(),
            profile: self.profile,
            names: self.names.clone(),
            ..Options::default()
        };
        for dataset in self.members.values() {
            sources.add(dataset.path.clone(), dataset.source.clone());
        }
        for package in packages {
            let id = sources.add(package.path.clone(), package.source.clone());
            let aliases = package.manifest.aliases.clone();
            options.imported.insert(id, Imported { owner: package.owner.clone(), aliases, pinned: None });
        }
        let given: BTreeSet<&Dbid> = packages.iter().map(|package| &package.interface.dbid).collect();
        let others =
            |(dbid, _): &(&Dbid, &Dataset)| !given.contains(dbid) && !self.members.contains_key(dbid);
        for (_, dataset) in datasets.iter().filter(others) {
            let id = sources.add(dataset.path.clone(), dataset.source.clone());
            let aliases = dataset.manifest.aliases.clone();
            options.imported.insert(id, Imported { owner: dataset.owner.clone(), aliases, pinned: None });
        }
        for (name, text) in extern_files(packages, datasets) {
            let id = sources.add(format!("{name}.kf"), text);
            options.imported.insert(id, Imported::default());
        }
        let compiled = crate::compile(&sources, &options);
        into.packages.extend(compiled.packages);
        let errors: Vec<Diagnostic> =
            compiled.diagnostics.into_iter().filter(|it| it.severity == Severity::Error).collect();
        if !errors.is_empty() {
            let checked = crate::check(&sources, &options);
            into.breaks.extend(errors.iter().filter_map(|it| self.told(it, &sources, checked.asts())));
        }
    }

    fn told(&self, error: &Diagnostic, sources: &Sources, asts: &[Ast]) -> Option<Break> {
        let span = error.at.span;
        let source = sources.get(span.source)?;
        let ast = asts.iter().find(|ast| ast.source == span.source)?;
        let (dbid, dataset) = self
            .members
            .iter()
            .find(|(_, dataset)| ast.name.as_ref().is_some_and(|it| it.name == dataset.name))?;
        let line = source.lines.place(&source.text, span.start as usize, Unit::Chars).line;
        Some(Break {
            dataset: dataset.name.clone(),
            dbid: (*dbid).clone(),
            action: action_at(ast, span.source, span.start),
            place: Place { path: source.path.clone(), line },
            code: error.code.id().to_owned(),
            why: error.message.clone(),
        })
    }
}

/// The interface files of externs that the sources need, those of `packages` before others of their names.
fn extern_files<'p>(
    packages: &'p [Package],
    datasets: &'p BTreeMap<Dbid, Dataset>,
) -> BTreeMap<&'p Name, &'p String> {
    let deployed = datasets.values().map(|dataset| &dataset.manifest);
    let manifests = packages.iter().map(|package| &package.manifest).chain(deployed);
    let mut files = BTreeMap::new();
    for (name, text) in manifests.flat_map(|manifest| &manifest.extern_files) {
        files.entry(name).or_insert(text);
    }
    files
}

/// The action of a source that byte `at` is in.
fn action_at(ast: &Ast, source: SourceId, at: u32) -> Option<Name> {
    ast.items.iter().find_map(|item| match item {
        Item::Action(action) => {
            let span = action.span;
            let inside = span.source == source && span.start <= at && at < span.end;
            inside.then(|| action.name.name.clone())
        }
        _ => None,
    })
}

/// `packages` with every importee before its importers, else in the order they come.
pub fn in_order(packages: Vec<Package>) -> Vec<Package> {
    let all: BTreeSet<Dbid> = packages.iter().map(|package| package.interface.dbid.clone()).collect();
    let mut done: BTreeSet<Dbid> = BTreeSet::new();
    let (mut left, mut ordered) = (packages, Vec::new());
    while !left.is_empty() {
        let is_free = |package: &Package| {
            package.manifest.imports.keys().all(|import| done.contains(import) || !all.contains(import))
        };
        let (free, waiting): (Vec<Package>, Vec<Package>) = left.into_iter().partition(is_free);
        // Imports have no cycles, so something is always free.
        let stuck = free.is_empty();
        done.extend(free.iter().map(|package| package.interface.dbid.clone()));
        ordered.extend(free);
        left = waiting;
        if stuck {
            ordered.append(&mut left);
        }
    }
    ordered
}
