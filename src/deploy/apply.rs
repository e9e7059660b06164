use std::collections::BTreeSet;
use std::time::Duration;

use tokio_postgres::Transaction;

use super::batch;
use super::connect::{Session, connect_to};
use super::consent::{Consent, allow};
use super::groups::group;
use super::plan::{Change, DatasetPlan, plan};
use super::prepare::{Prepared, prepare, read};
use super::registry::{self, Installed, PIN};
use super::{DeployError, explain, problems, record};
use crate::interface::{Dbid, Package, StatementKind};
use crate::language::Name;

/// What was done for a dataset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Done {
    /// It was not there before.
    Created,
    /// Its SQL changed.
    Updated,
    /// Nothing, or the registry's copy of its source alone.
    Unchanged,
}

/// The outcome for one dataset.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// Its identity.
    pub dbid: Dbid,
    /// Its schema's name.
    pub name: Name,
    /// What was done.
    pub done: Done,
    /// The dataset's version now.
    pub version: i32,
}

/// How long a deploy waits for others.
const PATIENCE: &str = "SET LOCAL lock_timeout = '30s'";
/// How long the database is asked how a commit ended after the connection was lost.
const ASKING: Duration = Duration::from_secs(20);

/// Deploys `packages`, which come in dependency order, with the dependents that have to be compiled anew, into the database
/// of `session`, making the registry if there is none. Agrees to what breaks callers and never to losing data;
/// [`prepare`] and [`apply`] let somebody look in between.
///
/// # Errors
/// Every reason why nothing was begun, or the one that stopped it. What `tell` heard of stays.
pub async fn deploy_packages(
    session: &mut Session,
    packages: &[Package],
    tell: &mut dyn FnMut(&Outcome),
) -> Result<Vec<Outcome>, Vec<DeployError>> {
    registry::ensure(session).await.map_err(|error| vec![error])?;
    let prepared = prepare(session, packages).await?;
    apply(session, &prepared, Consent::BREAKING, tell).await
}

/// Does what was prepared, if it is agreed to and still what would be done. Each dataset is one transaction (deployed
/// datasets that import each other and change are one together); `tell` hears of each when it is committed.
///
/// # Errors
/// Every reason why nothing was begun, or the one that stopped it. What `tell` heard of stays.
pub async fn apply(
    session: &mut Session,
    prepared: &Prepared,
    consent: Consent,
    tell: &mut dyn FnMut(&Outcome),
) -> Result<Vec<Outcome>, Vec<DeployError>> {
    allow(&prepared.plan, consent)?;
    registry::ensure(session).await.map_err(|error| vec![error])?;
    let (packages, plans) = (&prepared.packages, &prepared.plan.datasets);
    let installed = read(&session.client, packages).await.map_err(|error| vec![error])?;
    let mut outcomes = Vec::new();
    for members in group(packages, plans, &installed) {
        let chosen: Vec<(&Package, &DatasetPlan)> =
            members.iter().filter_map(|index| packages.get(*index).zip(plans.get(*index))).collect();
        for outcome in deploy_group(session, &chosen, prepared).await? {
            tell(&outcome);
            outcomes.push(outcome);
        }
    }
    Ok(outcomes)
}

type Chosen<'a> = [(&'a Package, &'a DatasetPlan)];

/// One transaction.
async fn deploy_group(
    session: &mut Session,
    chosen: &Chosen<'_>,
    prepared: &Prepared,
) -> Result<Vec<Outcome>, Vec<DeployError>> {
    let unchanged = |plans: &[DatasetPlan]| plans.iter().map(|plan| outcome(plan, Done::Unchanged)).collect();
    let planned: Vec<DatasetPlan> = chosen.iter().map(|(_, plan)| (*plan).clone()).collect();
    if planned.iter().all(|plan| plan.change == Change::Unchanged) {
        return Ok(unchanged(&planned));
    }
    let one = |error: DeployError| vec![error];
    let fail = |error: &tokio_postgres::Error| vec![explain::failed(error, chosen)];
    let transaction = session.client.transaction().await.map_err(|error| fail(&error))?;
    lock(&transaction, chosen).await.map_err(|error| fail(&error))?;
    let now = again(&transaction, chosen, prepared).await?;
    if now.iter().all(|plan| plan.change == Change::Unchanged) {
        // Somebody deployed the very same.
        return Ok(unchanged(&now));
    }
    let moved = now.iter().zip(&planned).find(|(now, planned)| now.hash() != planned.hash());
    if let Some((_, planned)) = moved {
        return Err(one(problems::conflict(&planned.name)));
    }
    for (package, plan) in chosen {
        run(&transaction, package, plan, prepared).await.map_err(one)?;
    }
    match transaction.commit().await {
        Ok(()) => {}
        Err(error) if error.code().is_some() => return Err(fail(&error)),
        Err(_) => look_up(session, chosen).await.map_err(one)?,
    }
    Ok(chosen.iter().map(|(_, plan)| outcome(plan, done(plan.change))).collect())
}

fn outcome(plan: &DatasetPlan, done: Done) -> Outcome {
    let version = if plan.change == Change::Unchanged { plan.base } else { plan.version };
    Outcome { dbid: plan.dbid.clone(), name: plan.name.clone(), done, version }
}

fn done(change: Change) -> Done {
    match change {
        Change::Create => Done::Created,
        Change::Unchanged | Change::Record => Done::Unchanged,
        Change::Update => Done::Updated,
    }
}

/// What would be done now that nobody else can do anything.
async fn again(
    transaction: &Transaction<'_>,
    chosen: &Chosen<'_>,
    prepared: &Prepared,
) -> Result<Vec<DatasetPlan>, Vec<DeployError>> {
    let packages: Vec<Package> = chosen.iter().map(|(package, _)| (*package).clone()).collect();
    let installed: Installed = read(transaction, &packages).await.map_err(|error| vec![error])?;
    let borrowed: Vec<&Package> = packages.iter().collect();
    let deploying: BTreeSet<&Dbid> =
        prepared.packages.iter().map(|package| &package.interface.dbid).collect();
    plan(&borrowed, &prepared.asked(), &deploying, &installed)
}

/// Waits for others, then holds the datasets and what they import until the end of the transaction.
async fn lock(transaction: &Transaction<'_>, chosen: &Chosen<'_>) -> Result<(), tokio_postgres::Error> {
    let changed: Vec<&str> = chosen.iter().map(|(package, _)| package.interface.dbid.as_str()).collect();
    let imports = chosen.iter().flat_map(|(package, _)| package.manifest.imports.keys());
    let used: Vec<&str> = imports.map(Dbid::as_str).collect();
    transaction.batch_execute(PIN).await?;
    transaction.batch_execute(PATIENCE).await?;
    transaction.batch_execute("SET LOCAL ROLE kf_owner").await?;
    transaction.execute("SELECT kf.lock_datasets($1, $2)", &[&changed, &used]).await?;
    Ok(())
}

/// Does what is planned for one dataset and writes it into the registry.
async fn run(
    transaction: &Transaction<'_>,
    package: &Package,
    plan: &DatasetPlan,
    prepared: &Prepared,
) -> Result<(), DeployError> {
    let failed = |error: tokio_postgres::Error| problems::database(&error);
    match plan.change {
        Change::Unchanged => return Ok(()),
        Change::Record => {}
        Change::Create => statements(transaction, package, plan).await?,
        Change::Update => {
            ask_again(transaction, plan).await?;
            let schema = package.interface.dbid.pg_schema();
            let (keys, functions) = (&plan.dropped_foreign_keys, &plan.kept_functions);
            transaction
                .execute("SELECT kf.drop_foreign_keys($1, $2)", &[&schema, keys])
                .await
                .map_err(failed)?;
            transaction
                .execute("SELECT kf.drop_functions($1, $2)", &[&schema, functions])
                .await
                .map_err(failed)?;
            transaction.execute("SELECT kf.clear_grants($1)", &[&schema]).await.map_err(failed)?;
            statements(transaction, package, plan).await?;
        }
    }
    record::write(transaction, package, plan, prepared.content(plan)).await.map_err(failed)
}

/// Rows may have come since the plan was made. Calls cannot make any more.
async fn ask_again(transaction: &Transaction<'_>, plan: &DatasetPlan) -> Result<(), DeployError> {
    for step in &plan.steps {
        for probe in step.probes.iter().filter(|probe| probe.refuses) {
            let row =
                transaction.query_one(&probe.sql, &[]).await.map_err(|error| problems::database(&error))?;
            let mut probe = probe.clone();
            probe.count = Some(row.get(0));
            if let Some(told) = probe.told() {
                let code = crate::diagnostics::Code::DataRefused;
                return Err(problems::step_refused(code, &plan.name, step, vec![told]));
            }
        }
    }
    Ok(())
}

/// The statements of the plan, then who may do what with the result.
async fn statements(
    transaction: &Transaction<'_>,
    package: &Package,
    plan: &DatasetPlan,
) -> Result<(), DeployError> {
    let rights = package.statements.iter();
    let rights = rights.filter(|it| matches!(it.kind, StatementKind::Owner | StatementKind::Grant));
    let all: Vec<&str> = plan.sql().into_iter().chain(rights.map(|it| it.sql.as_str())).collect();
    let done = batch::run(transaction, &all).await;
    done.map_err(|refused| {
        explain::refused(package, all.get(refused.index).copied().unwrap_or(""), &refused.error)
    })
}

/// Asks a new connection how a commit ended whose answer never came.
async fn look_up(session: &mut Session, chosen: &Chosen<'_>) -> Result<(), DeployError> {
    let Some((first, _)) = chosen.first() else { return Ok(()) };
    let name = &first.interface.name;
    let asked = tokio::time::timeout(ASKING, ask(session, chosen)).await;
    match asked {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err(problems::connection_lost(name)),
        Ok(Err(_)) | Err(_) => Err(problems::outcome_unknown(name)),
    }
}

/// True if the registry has what was to be written. The lock is not to be had before the lost transaction has ended.
async fn ask(session: &mut Session, chosen: &Chosen<'_>) -> Result<bool, DeployError> {
    let fresh = loop {
        match connect_to(&session.settings).await {
            Ok(fresh) => break fresh,
            Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    };
    *session = fresh;
    let failed = |error: tokio_postgres::Error| problems::database(&error);
    let transaction = session.client.transaction().await.map_err(failed)?;
    lock(&transaction, chosen).await.map_err(failed)?;
    let packages: Vec<Package> = chosen.iter().map(|(package, _)| (*package).clone()).collect();
    let installed = read(&transaction, &packages).await?;
    Ok(chosen.iter().all(|(package, plan)| {
        let dataset = installed.datasets.get(&package.interface.dbid);
        dataset.is_some_and(|dataset| dataset.version > plan.base && dataset.sql_hash == plan.sql_hash)
    }))
}
