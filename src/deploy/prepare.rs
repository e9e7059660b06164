use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::Client;

use super::connect::{Session, ask};
use super::patience::Manner;
use super::plan::{Back, Plan, plan};
use super::registry::{self, Installed};
use super::{DeployError, api, dependents, externs, online, problems};
use crate::interface::{Dbid, Package};

/// A deploy that was thought through and not begun.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Prepared {
    /// What was given and the dependents that are compiled anew, in dependency order.
    pub packages: Vec<Package>,
    /// What is done for each of them, with what the rows say.
    pub plan: Plan,
    /// How those who use the database meanwhile are treated; may be changed.
    pub manner: Manner,
    pub(super) asked: BTreeSet<Dbid>,
    /// Datasets that go back to an earlier version.
    pub(super) back: BTreeMap<Dbid, Back>,
}

/// Thinks through what deploying `packages`, which come in dependency order, would do to the database of `session`.
/// Nothing is changed, not even a missing registry made.
///
/// # Errors
/// The database, or imports that are missing or moved. What a step cannot do is in the plan.
pub async fn prepare(session: &Session, packages: &[Package]) -> Result<Prepared, Vec<DeployError>> {
    think(session, packages, BTreeMap::new()).await
}

/// As [`prepare`]; those in `back` go back to an earlier version.
pub(super) async fn think(
    session: &Session,
    packages: &[Package],
    back: BTreeMap<Dbid, Back>,
) -> Result<Prepared, Vec<DeployError>> {
    let one = |error: DeployError| vec![error];
    let needed: Vec<&Package> = packages.iter().collect();
    let missing = externs::missing(&session.client, &needed).await.map_err(one)?;
    match (decided(session, packages, back).await, missing.is_empty()) {
        (Ok(prepared), true) => Ok(prepared),
        (Ok(_), false) => Err(missing),
        (Err(refusals), _) => Err(refusals.into_iter().chain(missing).collect()),
    }
}

async fn decided(
    session: &Session,
    packages: &[Package],
    back: BTreeMap<Dbid, Back>,
) -> Result<Prepared, Vec<DeployError>> {
    let one = |error: DeployError| vec![error];
    let asked: BTreeSet<Dbid> = packages.iter().map(|package| package.interface.dbid.clone()).collect();
    let mut all = packages.to_vec();
    let client = &session.client;
    if !registry::check_readable(client).await.map_err(one)? {
        let installed = Installed::default();
        api::settle(&mut all, &installed);
        api::check(client, &all, false).await?;
        return decide(all, asked, &installed, Vec::new(), back);
    }
    let mut installed = read(client, &all).await.map_err(one)?;
    let first = dependents::first(packages, &installed);
    let mut breaks = Vec::new();
    if !first.is_empty() {
        let (mut dependents, datasets) = Installed::dependents(client, &first).await.map_err(one)?;
        dependents.retain(|dbid| !asked.contains(dbid));
        let recompiled = dependents::recompile(packages, &dependents, &datasets);
        breaks = recompiled.breaks;
        if breaks.is_empty() {
            all.extend(recompiled.packages);
            all = dependents::in_order(all);
            installed = read(client, &all).await.map_err(one)?;
        }
    }
    api::settle(&mut all, &installed);
    api::check(client, &all, true).await?;
    let mut prepared = decide(all, asked, &installed, breaks, back)?;
    let failed = |error: tokio_postgres::Error| one(problems::database(&error));
    ask_rows(client, &mut prepared.plan).await.map_err(failed)?;
    online::measure(client, &mut prepared.plan).await.map_err(failed)?;
    remember(client, &mut prepared.plan).await.map_err(one)?;
    Ok(prepared)
}

/// Says what deploys before left to do.
async fn remember(client: &Client, plan: &mut Plan) -> Result<(), DeployError> {
    let dbids: Vec<String> = plan.datasets.iter().map(|dataset| dataset.dbid.to_string()).collect();
    let dbids: Vec<&str> = dbids.iter().map(String::as_str).collect();
    for it in registry::pending(client, Some(&dbids)).await? {
        let dataset = plan.datasets.iter_mut().find(|dataset| dataset.dbid == it.dbid);
        dataset.into_iter().for_each(|dataset| dataset.pending.push(it.told()));
    }
    Ok(())
}

fn decide(
    packages: Vec<Package>,
    asked: BTreeSet<Dbid>,
    installed: &Installed,
    breaks: Vec<super::plan::Break>,
    back: BTreeMap<Dbid, Back>,
) -> Result<Prepared, Vec<DeployError>> {
    let borrowed: Vec<&Package> = packages.iter().collect();
    let given: BTreeSet<&Dbid> = borrowed.iter().map(|package| &package.interface.dbid).collect();
    // Those that break are told with their places.
    let deploying = |dbid: &Dbid| !breaks.is_empty() || given.contains(dbid);
    let datasets = plan(&borrowed, &asked, &deploying, installed, &back)?;
    let plan = Plan::of(datasets, breaks);
    Ok(Prepared { plan, packages, manner: Manner::default(), asked, back })
}

/// Reads what concerns `packages`.
pub(super) async fn read(
    client: &impl tokio_postgres::GenericClient,
    packages: &[Package],
) -> Result<Installed, DeployError> {
    let deployed: Vec<&str> = packages.iter().map(|package| package.interface.dbid.as_str()).collect();
    let imported: Vec<&str> =
        packages.iter().flat_map(|package| package.manifest.imports.keys().map(Dbid::as_str)).collect();
    Installed::read(client, &deployed, &imported).await
}

/// Asks the rows everything there is to ask, in one transaction that changes nothing.
pub(super) async fn ask_rows(client: &Client, plan: &mut Plan) -> Result<(), tokio_postgres::Error> {
    let probes = plan.datasets.iter_mut().flat_map(|it| &mut it.steps).flat_map(|step| &mut step.probes);
    let probes: Vec<_> = probes.collect();
    if probes.is_empty() {
        return Ok(());
    }
    ask::batch(client, "BEGIN READ ONLY").await?;
    let asked = async {
        registry::become_owner(client).await?;
        for probe in probes {
            probe.count = Some(ask::row(client, &probe.sql, &[]).await?.get(0));
        }
        Ok(())
    };
    let outcome = asked.await;
    ask::batch(client, "ROLLBACK").await?;
    outcome
}
