//! What a deploy does, decided before any of it is done.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::api;
use super::known;
use super::profiles;
use super::registry::{Dataset, Installed};
use super::unplanned;
use super::{DeployError, problems};
use crate::interface::{Dbid, Package, Statement, StatementKind};
use crate::language::Name;
use crate::migrate::{self, Function, Lineage, Place, Step, Verdict};

/// What happens to a dataset.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is not deployed: everything is made.
    Create,
    /// It is deployed as it is.
    Unchanged,
    /// The SQL is the same, but not the source or an import's hash: only the registry is written.
    Record,
    /// Some of it differs.
    Update,
    /// It goes, with everything in it.
    Drop,
}

/// What is done for one dataset.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DatasetPlan {
    /// Its identity.
    pub dbid: Dbid,
    /// Its schema's name.
    pub name: Name,
    /// True if its source stays, and it is compiled anew because something it imports changes.
    pub dependent: bool,
    /// What happens to it.
    pub change: Change,
    /// The version it rests on; 0 if not deployed.
    pub base: i32,
    /// The version it has then.
    pub version: i32,
    /// The version it goes back to, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returns: Option<i32>,
    /// The version whose source it has then: an earlier one if it goes back, or is only compiled anew.
    #[serde(skip)]
    pub content: i32,
    /// Hash of its whole SQL then.
    pub sql_hash: String,
    /// In the order a reader looks for them.
    pub steps: Vec<Step>,
    /// Bytes of the tables that steps look through, by their names before.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sizes: BTreeMap<Name, u64>,
    /// What deploys before this one left to do, in words; it is done first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<String>,
    /// Functions that stay, by signature; every other one of its PostgreSQL schema is dropped.
    #[serde(skip)]
    pub kept_functions: Vec<String>,
    /// Foreign keys to drop of tables that are known by their SQL alone.
    #[serde(skip)]
    pub dropped_foreign_keys: Vec<String>,
    /// Functions for gateways that stay, by signature; all others of the dataset are dropped.
    #[serde(skip)]
    pub kept_api: Vec<String>,
    /// The schemas of functions for gateways in which something changes.
    #[serde(skip)]
    pub api_schemas: Vec<String>,
}

/// How a dataset goes back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Back {
    /// The version it goes back to.
    pub version: i32,
    /// What the tables of that version are called now.
    pub lineage: Lineage,
}

/// A place in a deployed dataset that would not compile any more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Break {
    /// The dataset.
    pub dataset: Name,
    /// Its identity.
    pub dbid: Dbid,
    /// The action, if it is one.
    pub action: Option<Name>,
    /// Where its source says so.
    pub place: Place,
    /// The code of the fault.
    pub code: String,
    /// What is wrong.
    pub why: String,
}

/// Everything a deploy does.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Plan {
    /// Identifies what is done, whatever the rows say.
    pub hash: String,
    /// In dependency order.
    pub datasets: Vec<DatasetPlan>,
    /// Deployed datasets that would be left broken; nothing is done then.
    pub breaks: Vec<Break>,
}

impl DatasetPlan {
    /// The worst of its steps.
    pub fn verdict(&self) -> Verdict {
        self.steps.iter().map(Step::settled).max().unwrap_or(Verdict::Safe)
    }

    /// The statements of all steps, in the order they run.
    pub fn sql(&self) -> Vec<&str> {
        let mut moves: Vec<_> = self.steps.iter().flat_map(|step| &step.sql).collect();
        moves.sort_by_key(|it| it.phase);
        moves.into_iter().map(|it| it.sql.as_str()).collect()
    }

    /// Identifies what is done, whatever the rows say.
    pub fn hash(&self) -> String {
        let mut plain = self.clone();
        for probe in plain.steps.iter_mut().flat_map(|step| &mut step.probes) {
            probe.count = None;
        }
        plain.sizes.clear();
        plain.pending.clear();
        let json = serde_json::to_vec(&plain).unwrap_or_default();
        hex::encode(Sha256::digest(json))
    }
}

impl Plan {
    /// The plan of these datasets.
    pub(super) fn of(datasets: Vec<DatasetPlan>, breaks: Vec<Break>) -> Plan {
        let mut hash = Sha256::new();
        datasets.iter().for_each(|dataset| hash.update(dataset.hash()));
        Plan { hash: hex::encode(hash.finalize()), datasets, breaks }
    }

    /// The worst of all; refused if somebody would be left broken.
    pub fn verdict(&self) -> Verdict {
        if !self.breaks.is_empty() {
            return Verdict::Refused;
        }
        self.datasets.iter().map(DatasetPlan::verdict).max().unwrap_or(Verdict::Safe)
    }

    /// True if nothing is done.
    pub fn is_empty(&self) -> bool {
        self.datasets.iter().all(|dataset| dataset.change == Change::Unchanged)
    }
}

/// Decides for each of `packages`, which come in dependency order, what is done. `deploying` are the datasets of the whole
/// deploy, of which `packages` may be a part; those before it are installed by now. `asked` are those whose sources
/// were given; the others are compiled anew because of them. `back` has those that go back to an earlier version.
///
/// # Errors
/// Every reason why none of it can be thought of: imports that are missing or moved, or compiled under another
/// profile, importers left behind.
pub fn plan(
    packages: &[&Package],
    asked: &BTreeSet<Dbid>,
    deploying: &dyn Fn(&Dbid) -> bool,
    installed: &Installed,
    back: &BTreeMap<Dbid, Back>,
) -> Result<Vec<DatasetPlan>, Vec<DeployError>> {
    let beside = packages.iter().map(|package| (&package.interface.dbid, package.interface.hash())).collect();
    let mut refusals = profiles::unfit(packages, installed);
    let mut plans = Vec::new();
    for package in packages {
        refusals.extend(unmet_imports(package, &beside, installed));
        let dataset = installed.datasets.get(&package.interface.dbid);
        if let Some(dataset) = dataset {
            refusals.extend(importers_left(package, dataset, deploying, installed));
        }
        plans.push(one(package, dataset, asked, back.get(&package.interface.dbid)));
    }
    if refusals.is_empty() { Ok(plans) } else { Err(refusals) }
}

fn one(
    package: &Package,
    dataset: Option<&Dataset>,
    asked: &BTreeSet<Dbid>,
    back: Option<&Back>,
) -> DatasetPlan {
    let dbid = &package.interface.dbid;
    let dependent = !asked.contains(dbid);
    let base = dataset.map_or(0, |dataset| dataset.version);
    let mut plan = DatasetPlan {
        dbid: dbid.clone(),
        name: package.interface.name.clone(),
        dependent,
        change: Change::Unchanged,
        base,
        version: base,
        returns: back.map(|back| back.version),
        content: base + 1,
        sql_hash: package.hash(),
        steps: Vec::new(),
        sizes: BTreeMap::new(),
        pending: Vec::new(),
        kept_functions: Vec::new(),
        dropped_foreign_keys: Vec::new(),
        kept_api: Vec::new(),
        api_schemas: Vec::new(),
    };
    if let Some(dataset) = dataset {
        plan.kept_functions = kept_functions(package, dataset);
        if plan.sql_hash == dataset.sql_hash && is_same_record(package, dataset) {
            return plan;
        }
        let known = dataset.content.filter(|_| dataset.source == package.source);
        plan.content = plan.returns.or(known).unwrap_or(plan.content);
    }
    plan.version = base + 1;
    plan.steps = steps(package, dataset, back.map(|back| &back.lineage), &mut plan.dropped_foreign_keys);
    let api = api::change(package, dataset);
    (plan.kept_api, plan.api_schemas) = (api.kept, api.schemas);
    plan.steps.extend(api.steps);
    plan.change = match dataset {
        None => Change::Create,
        // The same SQL may still mean that two columns change places.
        Some(dataset) if plan.sql_hash == dataset.sql_hash && plan.sql().is_empty() => Change::Record,
        Some(_) => Change::Update,
    };
    plan
}

fn steps(
    package: &Package,
    dataset: Option<&Dataset>,
    back: Option<&Lineage>,
    dropped_foreign_keys: &mut Vec<String>,
) -> Vec<Step> {
    let (dbid, new) = (&package.interface.dbid, &package.tables);
    let mut steps = match dataset {
        None if known::is_told(package) => migrate::created(dbid, new),
        None => unplanned::created(package),
        Some(dataset) => match known::tables(dataset).filter(|_| known::is_told(package)) {
            Some(old) => {
                let lineage = back.cloned().unwrap_or_else(|| Lineage::told(&old, new));
                migrate::tables(dbid, &old, new, &lineage)
            }
            None => unplanned::changed(package, dataset, dropped_foreign_keys),
        },
    };
    let functions: Vec<Function<'_>> = package.statements.iter().filter_map(function).collect();
    let made: Vec<Function<'_>> = dataset.map_or(Vec::new(), |dataset| {
        let recorded = dataset.statements.iter().filter(|it| it.kind == StatementKind::Function);
        recorded.map(|it| Function { name: &it.name, object: &it.object, sql: &it.sql, line: 0 }).collect()
    });
    let old = dataset.map(|dataset| (&dataset.interface, made.as_slice()));
    steps.extend(migrate::actions(old, &package.interface, &functions));
    for step in &mut steps {
        step.locate(&package.path);
    }
    steps
}

fn function(statement: &Statement) -> Option<Function<'_>> {
    let Statement { kind, name, object, sql, line, .. } = statement;
    (*kind == StatementKind::Function).then_some(Function { name, object, sql, line: *line })
}

fn is_same_record(package: &Package, dataset: &Dataset) -> bool {
    package.source == dataset.source
        && package.profile == dataset.profile
        && package.manifest == dataset.manifest
        && package.interface.hash() == dataset.interface_hash
}

/// Functions that are made by the same statement and go on belonging to the same role.
fn kept_functions(package: &Package, dataset: &Dataset) -> Vec<String> {
    let recorded: BTreeMap<&str, &str> = dataset
        .statements
        .iter()
        .filter(|it| it.kind == StatementKind::Function)
        .map(|it| (it.object.as_str(), it.sql.as_str()))
        .collect();
    let is_view = |actions: &BTreeMap<Name, crate::interface::Signature>, name: &str| {
        actions.get(name).map(|signature| signature.modifiers.view)
    };
    let same = |it: &&Statement| {
        recorded.get(it.object.as_str()) == Some(&it.sql.as_str())
            && is_view(&dataset.interface.actions, &it.name) == is_view(&package.interface.actions, &it.name)
    };
    let functions = package.statements.iter().filter(|it| it.kind == StatementKind::Function);
    functions.filter(same).map(|it| it.object.clone()).collect()
}

/// Imports that are not there, or not as they were when the importer was compiled.
fn unmet_imports(
    package: &Package,
    beside: &BTreeMap<&Dbid, String>,
    installed: &Installed,
) -> Vec<DeployError> {
    let name = &package.interface.name;
    let available = |dbid: &Dbid| {
        let installed = || installed.datasets.get(dbid).map(|dataset| &dataset.interface_hash);
        beside.get(dbid).or_else(installed)
    };
    let unmet = |(import, expected): (&Dbid, &String)| match available(import) {
        None => Some(problems::import_missing(name, import)),
        Some(found) if found != expected => Some(problems::import_differs(name, import)),
        Some(_) => None,
    };
    package.manifest.imports.iter().filter_map(unmet).collect()
}

/// Importers outside the deploy that rely on what changes.
fn importers_left(
    package: &Package,
    dataset: &Dataset,
    deploying: &dyn Fn(&Dbid) -> bool,
    installed: &Installed,
) -> Option<DeployError> {
    let relying = relying(package, dataset, installed);
    let left = relying.into_iter().filter(|importer| !deploying(importer));
    let names: Vec<String> = left
        .filter_map(|importer| installed.datasets.get(importer))
        .map(|importer| importer.name.to_string())
        .collect();
    (!names.is_empty()).then(|| problems::importers_left(&package.interface.name, &names))
}

/// Datasets that import `dataset` and rely on what `package` changes: signatures, or a view whose query they carry.
pub(super) fn relying<'i>(
    package: &'i Package,
    dataset: &Dataset,
    installed: &'i Installed,
) -> Vec<&'i Dbid> {
    let dbid = &package.interface.dbid;
    let all = package.interface.hash() != dataset.interface_hash;
    let changed = changed_actions(package, dataset);
    let relies = |importer: &&Dbid| {
        let carries = |importer: &Dataset| spliced(importer, dbid).iter().any(|it| changed.contains(it));
        all || installed.datasets.get(importer).is_some_and(carries)
    };
    installed.importers(dbid).filter(relies).collect()
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
