use std::collections::{BTreeMap, BTreeSet};

use super::registry::{Dataset, Installed, Recorded};
use super::{DeployError, problems};
use crate::interface::{Dbid, Package, Statement, StatementKind};
use crate::language::Name;

/// What has to be done for one package.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// It is not deployed: run everything.
    Create,
    /// It is deployed as it is.
    Unchanged,
    /// The SQL is the same, but not the source or an import's hash: only the registry is written.
    Record,
    /// Some of it differs.
    Update(Update),
}

/// How a deployed dataset becomes another.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Update {
    /// Statements of the package to run, by index, in order.
    pub run: Vec<usize>,
    /// Functions that stay, by signature; every other one is dropped.
    pub kept_functions: Vec<String>,
    /// Indexes to drop first.
    pub dropped_indexes: Vec<String>,
    /// Foreign keys to drop first.
    pub dropped_foreign_keys: Vec<String>,
}

/// A package and what is to be done for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// What.
    pub change: Change,
    /// The version it rests on; 0 if not deployed.
    pub base: i32,
}

/// Decides for each of `packages` what has to be done. `deploying` are the datasets of the whole deploy, of which `packages` may be
/// a part; those before it are installed by now.
///
/// # Errors
/// Every reason not to do it.
pub fn plan(
    packages: &[&Package],
    deploying: &BTreeSet<&Dbid>,
    installed: &Installed,
) -> Result<Vec<Step>, Vec<DeployError>> {
    let mut refusals = Vec::new();
    let mut steps = Vec::new();
    for package in packages {
        refusals.extend(unmet_imports(package, packages, installed));
        let dbid = &package.interface.dbid;
        let Some(dataset) = installed.datasets.get(dbid) else {
            steps.push(Step { change: Change::Create, base: 0 });
            continue;
        };
        refusals.extend(importers_left(package, dataset, deploying, installed));
        let change = if is_same_sql(package, dataset) {
            if is_same_record(package, dataset) { Change::Unchanged } else { Change::Record }
        } else {
            Change::Update(update(package, dataset, &mut refusals))
        };
        steps.push(Step { change, base: dataset.version });
    }
    if refusals.is_empty() { Ok(steps) } else { Err(refusals) }
}

fn is_same_sql(package: &Package, dataset: &Dataset) -> bool {
    package.hash() == dataset.sql_hash
}

fn is_same_record(package: &Package, dataset: &Dataset) -> bool {
    package.source == dataset.source
        && package.manifest == dataset.manifest
        && package.interface.hash() == dataset.interface_hash
}

/// Imports that are not there, or not as they were when the importer was compiled.
fn unmet_imports(package: &Package, packages: &[&Package], installed: &Installed) -> Vec<DeployError> {
    let name = &package.interface.name;
    let available = |dbid: &Dbid| {
        let beside = packages.iter().find(|other| other.interface.dbid == *dbid);
        let installed = || installed.datasets.get(dbid).map(|dataset| dataset.interface_hash.clone());
        beside.map(|other| other.interface.hash()).or_else(installed)
    };
    let unmet = |(import, expected): (&Dbid, &String)| match available(import) {
        None => Some(problems::import_missing(name, import)),
        Some(found) if found != *expected => Some(problems::import_differs(name, import)),
        Some(_) => None,
    };
    package.manifest.imports.iter().filter_map(unmet).collect()
}

/// Importers outside the deploy that rely on what changes: signatures, or a view whose query they carry.
fn importers_left(
    package: &Package,
    dataset: &Dataset,
    deploying: &BTreeSet<&Dbid>,
    installed: &Installed,
) -> Option<DeployError> {
    let dbid = &package.interface.dbid;
    let outside: Vec<&Dataset> = installed
        .importers(dbid)
        .filter(|importer| !deploying.contains(importer))
        .filter_map(|importer| installed.datasets.get(importer))
        .collect();
    let names =
        |datasets: &[&Dataset]| datasets.iter().map(|dataset| dataset.name.to_string()).collect::<Vec<_>>();
    if !outside.is_empty() && package.interface.hash() != dataset.interface_hash {
        return Some(problems::importers_left(
            &package.interface.name,
            "the signature of an action",
            &names(&outside),
        ));
    }
    let changed = changed_actions(package, dataset);
    let carries = |importer: &&Dataset| spliced(importer, dbid).iter().any(|action| changed.contains(action));
    let carriers: Vec<&Dataset> = outside.into_iter().filter(carries).collect();
    let said = || problems::importers_left(&package.interface.name, "the query of a view", &names(&carriers));
    (!carriers.is_empty()).then(said)
}

/// Actions that are gone or whose function differs.
fn changed_actions<'d>(package: &Package, dataset: &'d Dataset) -> BTreeSet<&'d Name> {
    let same =
        |name: &Name, hash: &str| package.manifest.actions.get(name).is_some_and(|new| new.hash == hash);
    let actions = dataset.manifest.actions.iter();
    actions.filter(|(name, action)| !same(name, &action.hash)).map(|(name, _)| name).collect()
}

/// Actions of `importee` whose query `importer` took into its own.
fn spliced<'d>(importer: &'d Dataset, importee: &Dbid) -> Vec<&'d Name> {
    let calls = importer.manifest.actions.values().flat_map(|action| &action.calls);
    calls.filter(|call| call.spliced && call.dataset == *importee).map(|call| &call.action).collect()
}

/// The differences between what was run and what the package would run.
fn update(package: &Package, dataset: &Dataset, refusals: &mut Vec<DeployError>) -> Update {
    let old: BTreeMap<(StatementKind, &str), &Recorded> = dataset
        .statements
        .iter()
        .map(|recorded| ((recorded.kind, recorded.name.as_str()), recorded))
        .collect();
    let new: BTreeSet<(StatementKind, &str)> =
        package.statements.iter().map(|statement| (statement.kind, statement.name.as_str())).collect();
    let mut update = Update::default();
    for (index, statement) in package.statements.iter().enumerate() {
        let known = old.get(&(statement.kind, statement.name.as_str())).copied();
        let same = known.is_some_and(|known| known.sql == statement.sql && known.object == statement.object);
        match (statement.kind, known) {
            (StatementKind::Owner | StatementKind::Grant, _) => update.run.push(index),
            (StatementKind::Function, _) if same => update.kept_functions.push(statement.object.clone()),
            (_, Some(_)) if same => {}
            (_, Some(known)) => {
                replace(&package.interface.name, index, statement, known, &mut update, refusals)
            }
            (_, None) => update.run.push(index),
        }
    }
    for ((kind, name), _) in old.iter().filter(|(key, _)| !new.contains(*key)) {
        match kind {
            StatementKind::Table => refusals.push(problems::table_dropped(&package.interface.name, name)),
            StatementKind::Index => update.dropped_indexes.push((*name).to_owned()),
            StatementKind::ForeignKey => update.dropped_foreign_keys.push((*name).to_owned()),
            // Functions that are not kept are dropped, and grants are given anew.
            StatementKind::Schema | StatementKind::Function | StatementKind::Owner | StatementKind::Grant => {
            }
        }
    }
    update
}

/// A thing that exists and is to be another.
fn replace(
    dataset: &Name,
    index: usize,
    statement: &Statement,
    known: &Recorded,
    update: &mut Update,
    refusals: &mut Vec<DeployError>,
) {
    match statement.kind {
        StatementKind::Table => refusals.push(problems::table_changed(dataset, &statement.name)),
        StatementKind::Schema => refusals.push(problems::schema_changed(dataset)),
        StatementKind::Index => update.dropped_indexes.push(known.name.clone()),
        StatementKind::ForeignKey => update.dropped_foreign_keys.push(known.name.clone()),
        StatementKind::Function | StatementKind::Owner | StatementKind::Grant => {}
    }
    update.run.push(index);
}
