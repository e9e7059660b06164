//! Going back: deployed datasets get an earlier version's source again, by a deploy like any other.

use std::collections::{BTreeMap, BTreeSet};

use super::connect::Session;
use super::dependents::{self, in_order};
use super::history::History;
use super::plan::Back;
use super::prepare::{Prepared, think};
use super::registry::{self, Dataset, Installed};
use super::{DeployError, problems};
use crate::interface::{Dbid, Package};

/// Thinks through what it would do if `datasets` went back, each to what it was before its present version, or one of them to
/// version `to`. What those versions import has to be deployed still, and fit; those that import anything are compiled
/// anew against it. Nothing is changed.
///
/// # Errors
/// The database, a version that is not there, one whose rows or values are gone, or one that does not compile any more.
pub async fn prepare_back(
    session: &Session,
    datasets: &[Dbid],
    to: Option<i32>,
) -> Result<Prepared, Vec<DeployError>> {
    let (mut packages, mut back) = (Vec::new(), BTreeMap::new());
    let mut refusals = Vec::new();
    for dbid in datasets.iter().collect::<BTreeSet<_>>() {
        match earlier(session, dbid, to).await {
            Ok((package, way)) => {
                packages.push(package);
                back.insert(dbid.clone(), way);
            }
            Err(errors) => refusals.extend(errors),
        }
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let packages = compiled(session, packages, &back).await?;
    think(session, &packages, back).await
}

/// What a dataset was, and the way back.
async fn earlier(
    session: &Session,
    dbid: &Dbid,
    to: Option<i32>,
) -> Result<(Package, Back), Vec<DeployError>> {
    let one = |error: DeployError| vec![error];
    let versions = registry::versions(&session.client, dbid).await.map_err(one)?;
    let history = History::of(&versions);
    let version = history.target(to).map_err(|why| one(problems::no_version(dbid, to, &why)))?;
    let lost = history.lost(version);
    if !lost.is_empty() {
        return Err(one(problems::version_lost(dbid, version, &lost)));
    }
    let package = registry::package(&session.client, dbid, version).await.map_err(one)?;
    let none = || one(problems::version_not_kept(dbid, version));
    let mut package = package.ok_or_else(none)?;
    // What gateways see is a matter of the deployment, and stays.
    package.manifest.expose = None;
    Ok((package, Back { version, lineage: history.lineage(version) }))
}

/// The packages with those that import something compiled against what is deployed now, or goes back with them; in
/// dependency order.
async fn compiled(
    session: &Session,
    packages: Vec<Package>,
    back: &BTreeMap<Dbid, Back>,
) -> Result<Vec<Package>, Vec<DeployError>> {
    let (importers, mut ready): (Vec<Package>, Vec<Package>) =
        packages.into_iter().partition(|package| !package.manifest.imports.is_empty());
    let imported: BTreeSet<Dbid> =
        importers.iter().flat_map(|package| package.manifest.imports.keys().cloned()).collect();
    let mut datasets = Installed::closure(&session.client, &imported).await.map_err(|error| vec![error])?;
    let old = importers.iter().chain(&ready);
    datasets.extend(old.map(|package| (package.interface.dbid.clone(), Dataset::of(package))));
    let wanted = importers.iter().map(|package| package.interface.dbid.clone()).collect();
    let recompiled = dependents::recompile(&[], &wanted, &datasets);
    let unfit = |package: &Package| {
        let dbid = &package.interface.dbid;
        let is_made = recompiled.packages.iter().any(|made| made.interface.dbid == *dbid);
        let version = back.get(dbid).filter(|_| !is_made)?.version;
        let places = recompiled.breaks.iter().filter(|it| it.dbid == *dbid);
        Some(problems::version_unfit(&package.interface.name, version, &places.collect::<Vec<_>>()))
    };
    let unfit: Vec<DeployError> = importers.iter().filter_map(unfit).collect();
    if !unfit.is_empty() {
        return Err(unfit);
    }
    ready.extend(recompiled.packages);
    Ok(in_order(ready))
}
