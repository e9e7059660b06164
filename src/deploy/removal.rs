//! Dropping deployed datasets with everything in them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio_postgres::Transaction;

use super::connect::{Session, ask, connect_to};
use super::consent::{Consent, allow};
use super::importing::uses;
use super::patience::{Manner, ONE_TRY, Waiting, is_busy};
use super::plan::{Change, DatasetPlan, Plan};
use super::prepare::ask_rows;
use super::registry::{self, Dataset, Installed};
use super::switch::hold;
use super::{DeployError, api, explain, problems};
use crate::interface::{Dbid, StatementKind};
use crate::language::Name;
use crate::migrate::{self, Verdict};

/// A drop that was thought through and not begun.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Removal {
    /// What goes, with what the rows say and who still imports it.
    pub plan: Plan,
    /// How those who use the database meanwhile are treated; may be changed.
    pub manner: Manner,
}

/// How long the database is asked how a commit ended after the connection was lost.
const ASKING: Duration = Duration::from_secs(20);

/// Thinks through what it would do if `datasets` were dropped, all in one. Nothing is changed.
///
/// # Errors
/// The database, or one that is not deployed. Who imports one of them is in the plan.
pub async fn prepare_removal(session: &Session, datasets: &[Dbid]) -> Result<Removal, DeployError> {
    let dbids: BTreeSet<&Dbid> = datasets.iter().collect();
    let mut plan = planned(&dbids, &read(&session.client, &dbids).await?)?;
    ask_rows(&session.client, &mut plan).await.map_err(|error| problems::database(&error))?;
    settle(&mut plan);
    Ok(Removal { plan, manner: Manner::default() })
}

/// Drops what was prepared, in one transaction: tables, functions, rights, and all that the registry has of it, earlier
/// versions too. Losing rows has to be agreed to; that callers find nothing any more is what is asked for.
///
/// # Errors
/// Importers that stay, rows without consent, a dataset that was deployed meanwhile, or what the database says.
pub async fn remove(
    session: &mut Session,
    removal: &Removal,
    consent: Consent,
) -> Result<(), Vec<DeployError>> {
    let consent = Consent { breaking: true, ..consent };
    agreed(&removal.plan, consent)?;
    registry::ensure(session).await.map_err(|error| vec![error])?;
    let mut waiting = Waiting::new(removal.manner);
    loop {
        match attempt(session, removal, consent).await {
            Err(errors) if is_busy(&errors) && waiting.pause().await => {}
            done => return done,
        }
    }
}

fn agreed(plan: &Plan, consent: Consent) -> Result<(), Vec<DeployError>> {
    match plan.breaks.is_empty() {
        true => allow(plan, consent),
        false => Err(problems::still_imported(&plan.breaks)),
    }
}

async fn read(
    client: &impl tokio_postgres::GenericClient,
    dbids: &BTreeSet<&Dbid>,
) -> Result<Installed, DeployError> {
    let dbids: Vec<&str> = dbids.iter().map(|dbid| dbid.as_str()).collect();
    Installed::read(client, &dbids, &[]).await
}

fn planned(dbids: &BTreeSet<&Dbid>, installed: &Installed) -> Result<Plan, DeployError> {
    let one = |dbid: &&Dbid| {
        let dataset = installed.datasets.get(*dbid);
        dataset.map(|dataset| gone(dbid, dataset)).ok_or_else(|| problems::not_deployed(dbid))
    };
    let datasets = dbids.iter().map(one).collect::<Result<Vec<_>, _>>()?;
    Ok(Plan::of(datasets, uses(dbids, installed)))
}

fn gone(dbid: &Dbid, dataset: &Dataset) -> DatasetPlan {
    let tables = dataset.statements.iter().filter(|it| it.kind == StatementKind::Table);
    let tables: Vec<Name> = tables.map(|it| Name::new(&it.name)).collect();
    DatasetPlan {
        dbid: dbid.clone(),
        name: dataset.name.clone(),
        dependent: false,
        change: Change::Drop,
        base: dataset.version,
        version: dataset.version,
        returns: None,
        content: dataset.version,
        sql_hash: dataset.sql_hash.clone(),
        sizes: BTreeMap::new(),
        pending: Vec::new(),
        steps: migrate::dropped(dbid, &tables),
        kept_functions: Vec::new(),
        dropped_foreign_keys: Vec::new(),
        kept_api: Vec::new(),
        api_schemas: dataset.manifest.expose.iter().map(|expose| expose.schema.clone()).collect(),
    }
}

/// Tables without rows are no loss.
fn settle(plan: &mut Plan) {
    for step in plan.datasets.iter_mut().flat_map(|dataset| &mut dataset.steps) {
        if step.verdict == Verdict::Destructive && step.probes.iter().all(|probe| probe.count == Some(0)) {
            step.verdict = Verdict::Safe;
        }
    }
}

/// One transaction.
async fn attempt(session: &mut Session, removal: &Removal, consent: Consent) -> Result<(), Vec<DeployError>> {
    let datasets = &removal.plan.datasets;
    let Some(name) = datasets.first().map(|it| &it.name) else { return Ok(()) };
    let fail = |error: &tokio_postgres::Error| vec![explain::stopped(error, name)];
    let dbids: BTreeSet<&Dbid> = datasets.iter().map(|it| &it.dbid).collect();
    let shared: Vec<String> = datasets.iter().flat_map(api::locks_of).collect();
    let held: Vec<&str> =
        dbids.iter().map(|dbid| dbid.as_str()).chain(shared.iter().map(String::as_str)).collect();
    let transaction = session.client.transaction().await.map_err(|error| fail(&error))?;
    hold(&transaction, &held, &[], ONE_TRY).await.map_err(|error| fail(&error))?;
    let installed = read(&transaction, &dbids).await.map_err(|error| vec![error])?;
    let mut now = planned(&dbids, &installed).map_err(|error| vec![error])?;
    for probe in now.datasets.iter_mut().flat_map(|it| &mut it.steps).flat_map(|step| &mut step.probes) {
        let row = ask::row(&transaction, &probe.sql, &[]).await.map_err(|error| fail(&error))?;
        probe.count = Some(row.get(0));
    }
    settle(&mut now);
    let moved = now.datasets.iter().zip(datasets).find(|(now, then)| now.base != then.base);
    if let Some((moved, _)) = moved {
        return Err(vec![problems::conflict(&moved.name)]);
    }
    agreed(&now, consent)?;
    for dataset in &now.datasets {
        run(&transaction, dataset).await.map_err(|error| vec![explain::dropping(&dataset.name, &error)])?;
    }
    forget(&transaction, &now).await.map_err(|error| fail(&error))?;
    match ask::commit(transaction).await {
        Ok(()) => Ok(()),
        Err(error) if !problems::is_lost(&error) => Err(fail(&error)),
        Err(_) => look_up(session, &held, &dbids, name).await.map_err(|error| vec![error]),
    }
}

/// Everything a dataset has in PostgreSQL.
async fn run(transaction: &Transaction<'_>, plan: &DatasetPlan) -> Result<(), tokio_postgres::Error> {
    api::drop(transaction, plan).await?;
    let none: [&str; 0] = [];
    let schema = plan.dbid.pg_schema();
    ask::run(transaction, "SELECT kf.drop_functions($1, $2)", &[&schema, &none.as_slice()]).await?;
    for sql in plan.sql() {
        ask::batch(transaction, sql).await?;
    }
    Ok(())
}

/// Everything the registry has.
async fn forget(transaction: &Transaction<'_>, plan: &Plan) -> Result<(), tokio_postgres::Error> {
    let dbids: Vec<&str> = plan.datasets.iter().map(|dataset| dataset.dbid.as_str()).collect();
    // Imports among them first: what is imported cannot go.
    ask::run(transaction, "DELETE FROM kf.import WHERE importer = ANY ($1)", &[&dbids]).await?;
    ask::run(transaction, "DELETE FROM kf.dataset WHERE dbid = ANY ($1)", &[&dbids]).await?;
    let schemas: Vec<&String> = plan.datasets.iter().flat_map(|dataset| &dataset.api_schemas).collect();
    if !schemas.is_empty() {
        ask::run(transaction, "SELECT kf.tidy_api($1)", &[&schemas]).await?;
    }
    Ok(())
}

/// Asks a new connection how a commit ended whose answer never came.
async fn look_up(
    session: &mut Session,
    held: &[&str],
    dbids: &BTreeSet<&Dbid>,
    name: &Name,
) -> Result<(), DeployError> {
    let asked = tokio::time::timeout(ASKING, still_there(session, held, dbids)).await;
    match asked {
        Ok(Ok(false)) => Ok(()),
        Ok(Ok(true)) => Err(problems::connection_lost(name)),
        Ok(Err(_)) | Err(_) => Err(problems::outcome_unknown(name)),
    }
}

/// True if any of the datasets is. The locks are not to be had before the lost transaction has ended.
async fn still_there(
    session: &mut Session,
    held: &[&str],
    dbids: &BTreeSet<&Dbid>,
) -> Result<bool, DeployError> {
    *session = loop {
        match connect_to(&session.settings).await {
            Ok(fresh) => break fresh,
            Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    };
    let failed = |error: tokio_postgres::Error| problems::database(&error);
    let transaction = session.client.transaction().await.map_err(failed)?;
    hold(&transaction, held, &[], "SET LOCAL lock_timeout = '20s'").await.map_err(failed)?;
    let installed = read(&transaction, dbids).await?;
    Ok(dbids.iter().any(|dbid| installed.datasets.contains_key(*dbid)))
}
