//! The transaction that turns deployed datasets into their next version.

use tokio_postgres::{IsolationLevel, Transaction};

use super::apply::{Done, Outcome};
use super::batch;
use super::connect::{Session, ask};
use super::outcome::look_up;
use super::patience::{Manner, ONE_TRY};
use super::plan::{Change, DatasetPlan, plan};
use super::prepare::{Prepared, read};
use super::registry::{Installed, Roles, become_owner};
use super::{DeployError, api, explain, one_role, online, problems, record};
use crate::interface::{Dbid, Package, StatementKind};
use crate::migrate::Verdict;

/// Packages with what is planned for them.
pub type Chosen<'a> = [(&'a Package, &'a DatasetPlan)];

/// Tries once to do what is planned for datasets that go together. Nothing is done if anything fails.
///
/// # Errors
/// [`Code::DeployBusy`](crate::diagnostics::Code::DeployBusy) if others held something too long: it may be tried again.
pub async fn switch(
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
    let begin = session.client.build_transaction().isolation_level(IsolationLevel::ReadCommitted);
    let transaction = begin.start().await.map_err(|error| fail(&error))?;
    let roles = lock(&transaction, chosen, ONE_TRY).await.map_err(|error| fail(&error))?;
    let now = again(&transaction, chosen, prepared).await?;
    if now.iter().all(|plan| plan.change == Change::Unchanged) {
        // Somebody deployed the very same.
        return Ok(unchanged(&now));
    }
    let moved = now.iter().zip(&planned).find(|(now, planned)| now.hash() != planned.hash());
    if let Some((_, planned)) = moved {
        return Err(one(problems::conflict(&planned.name)));
    }
    api::check_again(&transaction, chosen).await?;
    for (package, plan) in chosen {
        run(&transaction, package, plan, (roles, prepared.manner)).await.map_err(one)?;
    }
    match ask::commit(transaction).await {
        Ok(()) => {}
        Err(error) if !problems::is_lost(&error) => return Err(fail(&error)),
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
        Change::Unchanged | Change::Record | Change::Drop => Done::Unchanged,
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
    let deploying = |dbid: &Dbid| prepared.packages.iter().any(|package| package.interface.dbid == *dbid);
    plan(&borrowed, &prepared.asked, &deploying, &installed, &prepared.back)
}

/// Waits for others, each as long as the statement `patience` says, then holds the datasets and what they import until the end of the transaction.
pub async fn lock(
    transaction: &Transaction<'_>,
    chosen: &Chosen<'_>,
    patience: &str,
) -> Result<Roles, tokio_postgres::Error> {
    let changed: Vec<&str> = chosen.iter().map(|(package, _)| package.interface.dbid.as_str()).collect();
    let imports = chosen.iter().flat_map(|(package, _)| package.manifest.imports.keys());
    let used: Vec<&str> = imports.map(Dbid::as_str).collect();
    let shared = api::locks(chosen);
    let changed: Vec<&str> = changed.into_iter().chain(shared.iter().map(String::as_str)).collect();
    hold(transaction, &changed, &used, patience).await
}

/// The same by name, of what changes and what is only used.
pub async fn hold(
    transaction: &Transaction<'_>,
    changed: &[&str],
    used: &[&str],
    patience: &str,
) -> Result<Roles, tokio_postgres::Error> {
    let roles = become_owner(transaction).await?;
    ask::batch(transaction, patience).await?;
    ask::run(transaction, "SELECT kf.lock_datasets($1, $2)", &[&changed, &used]).await?;
    Ok(roles)
}

/// Does what is planned for one dataset and writes it into the registry.
async fn run(
    transaction: &Transaction<'_>,
    package: &Package,
    plan: &DatasetPlan,
    (roles, manner): (Roles, Manner),
) -> Result<(), DeployError> {
    let failed = |error: tokio_postgres::Error| explain::stopped(&error, &plan.name);
    let mut destroyed = false;
    match plan.change {
        // Datasets are dropped elsewhere.
        Change::Unchanged | Change::Drop => return Ok(()),
        Change::Record => {}
        Change::Create => statements(transaction, package, plan, (roles, manner)).await?,
        Change::Update => {
            if !online::holds(transaction, plan, manner).await.map_err(failed)? {
                return Err(problems::conflict(&plan.name));
            }
            destroyed = ask_again(transaction, plan, manner).await?;
            let schema = package.interface.dbid.pg_schema();
            let (keys, functions) = (&plan.dropped_foreign_keys, &plan.kept_functions);
            if !keys.is_empty() {
                let drop = "SELECT kf.drop_foreign_keys($1, $2)";
                ask::run(transaction, drop, &[&schema, keys]).await.map_err(failed)?;
            }
            ask::run(transaction, "SELECT kf.drop_functions($1, $2)", &[&schema, functions])
                .await
                .map_err(failed)?;
            ask::run(transaction, "SELECT kf.clear_grants($1)", &[&schema]).await.map_err(failed)?;
            api::drop(transaction, plan).await.map_err(failed)?;
            statements(transaction, package, plan, (roles, manner)).await?;
            online::note(transaction, package, plan, manner).await.map_err(failed)?;
        }
    }
    api::finish(transaction, package, plan).await.map_err(failed)?;
    record::write(transaction, package, plan, destroyed).await.map_err(failed)
}

/// Rows may have come since the plan was made. Calls cannot make any more. What is done online has other ways to know. True if
/// rows or values go.
async fn ask_again(
    transaction: &Transaction<'_>,
    plan: &DatasetPlan,
    manner: Manner,
) -> Result<bool, DeployError> {
    let mut destroyed = false;
    for step in plan.steps.iter().filter(|step| !plan.is_online(step, manner)) {
        let takes = step.verdict == Verdict::Destructive;
        for probe in step.probes.iter().filter(|probe| probe.refuses || takes) {
            let row =
                ask::row(transaction, &probe.sql, &[]).await.map_err(|error| problems::database(&error))?;
            let mut probe = probe.clone();
            probe.count = Some(row.get(0));
            destroyed |= takes && probe.count > Some(0);
            if let Some(told) = probe.told().filter(|_| probe.refuses) {
                let code = crate::diagnostics::Code::DataRefused;
                return Err(problems::step_refused(code, &plan.name, step, vec![told]));
            }
        }
    }
    Ok(destroyed)
}

/// The statements of the plan, then who may do what with the result.
async fn statements(
    transaction: &Transaction<'_>,
    package: &Package,
    plan: &DatasetPlan,
    (roles, manner): (Roles, Manner),
) -> Result<(), DeployError> {
    let mut all: Vec<&str> = plan.within(manner);
    let alone = one_role::schema(package);
    if roles == Roles::Apart {
        let rights = package.statements.iter();
        let rights = rights.filter(|it| matches!(it.kind, StatementKind::Owner | StatementKind::Grant));
        all.extend(rights.map(|it| it.sql.as_str()));
    }
    let named = all.clone();
    if roles == Roles::One {
        one_role::replace(&mut all, package, &alone);
    }
    let done = batch::run(transaction, &all).await;
    done.map_err(|refused| {
        explain::refused(package, named.get(refused.index).copied().unwrap_or(""), &refused.error)
    })?;
    match roles {
        Roles::Apart => Ok(()),
        Roles::One => one_role::close(transaction, package).await.map_err(|error| problems::database(&error)),
    }
}
