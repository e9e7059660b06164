use std::collections::BTreeSet;
use std::time::Duration;

use tokio_postgres::Transaction;

use super::batch::{self, Refused};
use super::connect::{Session, connect_to};
use super::groups::group;
use super::plan::{Change, Step, Update, plan};
use super::registry::{self, Installed, PIN};
use super::{DeployError, externs, problems, record};
use crate::interface::{Dbid, Package, Statement, StatementKind};

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

/// The outcome for one package.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// Index of the package.
    pub package: usize,
    /// What was done.
    pub done: Done,
    /// The dataset's version now.
    pub version: i32,
}

/// How long a deploy waits for others.
const PATIENCE: &str = "SET LOCAL lock_timeout = '30s'";
/// How long the database is asked how a commit ended after the connection was lost.
const ASKING: Duration = Duration::from_secs(20);

/// Deploys `packages`, which come in dependency order, into the database of `session`, making the registry if there is none. Each dataset is
/// one transaction (deployed datasets that import each other and change are one together); `tell` hears of each when it
/// is committed.
///
/// # Errors
/// Every reason why nothing was begun, or the one that stopped it. What `tell` heard of stays.
pub async fn deploy_packages(
    session: &mut Session,
    packages: &[Package],
    tell: &mut dyn FnMut(&Outcome),
) -> Result<Vec<Outcome>, Vec<DeployError>> {
    registry::ensure(session).await.map_err(|error| vec![error])?;
    let all: Vec<&Package> = packages.iter().collect();
    let deploying: BTreeSet<&Dbid> = packages.iter().map(|package| &package.interface.dbid).collect();
    let installed = read(&session.client, &all).await.map_err(|error| vec![error])?;
    let missing = externs::missing(&session.client, &all).await.map_err(|error| vec![error])?;
    let steps = match (plan(&all, &deploying, &installed), missing.is_empty()) {
        (Ok(steps), true) => steps,
        (Ok(_), false) => return Err(missing),
        (Err(refusals), _) => return Err(refusals.into_iter().chain(missing).collect()),
    };
    let mut outcomes = Vec::new();
    for members in group(packages, &steps, &installed) {
        let chosen: Vec<(&Package, &Step)> =
            members.iter().filter_map(|index| packages.get(*index).zip(steps.get(*index))).collect();
        for (index, (done, version)) in members.iter().zip(deploy_group(session, &chosen, &deploying).await?)
        {
            let outcome = Outcome { package: *index, done, version };
            tell(&outcome);
            outcomes.push(outcome);
        }
    }
    Ok(outcomes)
}

async fn read(
    client: &impl tokio_postgres::GenericClient,
    packages: &[&Package],
) -> Result<Installed, DeployError> {
    let deployed: Vec<&str> = packages.iter().map(|package| package.interface.dbid.as_str()).collect();
    let imported: Vec<&str> =
        packages.iter().flat_map(|package| package.manifest.imports.keys().map(Dbid::as_str)).collect();
    Installed::read(client, &deployed, &imported).await
}

type Chosen<'a> = [(&'a Package, &'a Step)];

/// One transaction. Gives what was done for each package and its version.
async fn deploy_group(
    session: &mut Session,
    chosen: &Chosen<'_>,
    deploying: &BTreeSet<&Dbid>,
) -> Result<Vec<(Done, i32)>, Vec<DeployError>> {
    let unchanged = |steps: &[Step]| steps.iter().map(|step| (Done::Unchanged, step.base)).collect();
    let planned: Vec<Step> = chosen.iter().map(|(_, step)| (*step).clone()).collect();
    if planned.iter().all(|step| step.change == Change::Unchanged) {
        return Ok(unchanged(&planned));
    }
    let one = |error: DeployError| vec![error];
    let fail = |error: &tokio_postgres::Error| vec![failed(error, chosen)];
    let transaction = session.client.transaction().await.map_err(|error| fail(&error))?;
    lock(&transaction, chosen).await.map_err(|error| fail(&error))?;
    let packages: Vec<&Package> = chosen.iter().map(|(package, _)| *package).collect();
    let installed = read(&transaction, &packages).await.map_err(one)?;
    let now = plan(&packages, deploying, &installed)?;
    if now.iter().all(|step| step.change == Change::Unchanged) {
        // Somebody deployed the very same.
        return Ok(unchanged(&now));
    }
    let moved = now.iter().zip(chosen).find(|(now, (_, planned))| now != planned);
    if let Some((_, (package, _))) = moved {
        return Err(one(problems::conflict(&package.interface.name)));
    }
    for (package, step) in chosen {
        run(&transaction, package, step).await.map_err(one)?;
    }
    match transaction.commit().await {
        Ok(()) => {}
        Err(error) if error.code().is_some() => return Err(fail(&error)),
        Err(_) => look_up(session, chosen).await.map_err(one)?,
    }
    Ok(chosen.iter().map(|(_, step)| done(step)).collect())
}

fn done(step: &Step) -> (Done, i32) {
    match step.change {
        Change::Create => (Done::Created, step.base + 1),
        Change::Unchanged => (Done::Unchanged, step.base),
        Change::Record => (Done::Unchanged, step.base + 1),
        Change::Update(_) => (Done::Updated, step.base + 1),
    }
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

/// Does one step and writes it into the registry.
async fn run(transaction: &Transaction<'_>, package: &Package, step: &Step) -> Result<(), DeployError> {
    let statements: Vec<&Statement> = match &step.change {
        Change::Unchanged => return Ok(()),
        Change::Record => Vec::new(),
        Change::Create => package.statements.iter().collect(),
        Change::Update(update) => {
            clear(transaction, package, update).await.map_err(|error| problems::database(&error))?;
            update.run.iter().filter_map(|index| package.statements.get(*index)).collect()
        }
    };
    batch::run(transaction, &statements).await.map_err(|refused| explain(package, &statements, &refused))?;
    let written = record::write(transaction, package, step.base + 1).await;
    written.map_err(|error| problems::database(&error))
}

/// Takes away what the new version does not have or has differently, and all rights to call.
async fn clear(
    transaction: &Transaction<'_>,
    package: &Package,
    update: &Update,
) -> Result<(), tokio_postgres::Error> {
    let schema = package.interface.dbid.pg_schema();
    transaction
        .execute("SELECT kf.drop_foreign_keys($1, $2)", &[&schema, &update.dropped_foreign_keys])
        .await?;
    transaction.execute("SELECT kf.drop_indexes($1, $2)", &[&schema, &update.dropped_indexes]).await?;
    transaction.execute("SELECT kf.drop_functions($1, $2)", &[&schema, &update.kept_functions]).await?;
    transaction.execute("SELECT kf.clear_grants($1)", &[&schema]).await?;
    Ok(())
}

/// What a refused statement of a package means.
fn explain(package: &Package, statements: &[&Statement], refused: &Refused) -> DeployError {
    let name = &package.interface.name;
    let Some(statement) = statements.get(refused.index) else { return problems::database(&refused.error) };
    let Some(said) = refused.error.as_db_error() else { return problems::connection_lost(name) };
    let code = said.code().code();
    let constraint = matches!(statement.kind, StatementKind::Index | StatementKind::ForeignKey);
    match (statement.kind, code) {
        (StatementKind::Schema, "42P06") => problems::schema_taken(name, &package.interface.dbid.pg_schema()),
        (_, "23505" | "23503") if constraint => {
            problems::data_refused(name, &format!("`{}`", statement.name))
        }
        (_, "55P03") => problems::busy(name),
        // Two writers of one catalog row, which the locks leave to outsiders.
        (_, "XX000" | "23505") if said.schema().is_none_or(|schema| schema == "pg_catalog") => {
            problems::conflict(name)
        }
        (_, "42501") => problems::database(&refused.error),
        _ if problems::is_servers(said.code()) || problems::is_collision(said.code()) => {
            problems::database(&refused.error)
        }
        _ => problems::sql_refused(name, &batch::place(package, statement, said), said.message(), code),
    }
}

fn failed(error: &tokio_postgres::Error, chosen: &Chosen<'_>) -> DeployError {
    let name = chosen.first().map(|(package, _)| &package.interface.name);
    match (error.code().map(|state| state.code()), name) {
        (Some("55P03"), Some(name)) => problems::busy(name),
        (None, Some(name)) => problems::connection_lost(name),
        _ => problems::database(error),
    }
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
    let packages: Vec<&Package> = chosen.iter().map(|(package, _)| *package).collect();
    let installed = read(&transaction, &packages).await?;
    Ok(chosen.iter().all(|(package, step)| {
        let dataset = installed.datasets.get(&package.interface.dbid);
        dataset.is_some_and(|dataset| dataset.version > step.base && dataset.sql_hash == package.hash())
    }))
}
