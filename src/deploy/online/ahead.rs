//! What is made before the transaction that switches, because the new functions rely on it.

use tokio_postgres::{Client, Error, Transaction};

use super::make::{begin, make};
use crate::deploy::connect::ask;
use crate::deploy::patience::{Manner, Waiting};
use crate::deploy::plan::DatasetPlan;
use crate::deploy::registry::{self, word};
use crate::deploy::{DeployError, explain, problems};
use crate::diagnostics::Code;
use crate::interface::Dbid;
use crate::language::Name;
use crate::migrate::{When, Work};

const NOTE: &str = "INSERT INTO kf.pending (dbid, name, kind, ahead, sql) VALUES ($1, $2, $3, true, $4) \
     ON CONFLICT (dbid, name) DO NOTHING";
const HAS_CONSTRAINT: &str = "SELECT FROM pg_catalog.pg_constraint AS c \
     JOIN pg_catalog.pg_namespace AS n ON n.oid = c.connamespace WHERE n.nspname = $1 AND c.conname = $2";
const HOLDS: &str = "SELECT FROM unnest($2) AS w (name) WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_class AS c \
       JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid \
       WHERE n.nspname = $1 AND c.relname = w.name AND i.indisvalid) \
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.connamespace \
       WHERE n.nspname = $1 AND c.conname = w.name AND c.convalidated)";
const SWITCHED: &str = "DELETE FROM kf.pending AS p WHERE p.dbid = $1 AND p.name = ANY ($2) AND p.ahead";

/// Makes what has to be there before a dataset switches; what is there of it already stays.
///
/// # Errors
/// If rows do not fit, others held something too long, or the database fails.
pub async fn prepare(client: &mut Client, plan: &DatasetPlan, manner: Manner) -> Result<(), DeployError> {
    let schema = plan.dbid.pg_schema();
    for work in plan.works(manner, When::Before) {
        let done = async {
            patiently(client, manner, async |client| note(client, plan, work).await).await?;
            make(client, &schema, work, manner).await
        };
        done.await.map_err(|error| explain::prepared(&plan.name, &error))?;
    }
    Ok(())
}

/// Tries again while others hold something, until patience ends.
async fn patiently(
    client: &mut Client,
    manner: Manner,
    work: impl AsyncFn(&mut Client) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut waiting = Waiting::new(manner);
    loop {
        match work(client).await {
            Err(error) if error.code().is_some_and(problems::is_collision) && waiting.pause().await => {}
            done => return done,
        }
    }
}

/// Writes down what is going to be made. A constraint is added with it, and holds for new rows from then on.
async fn note(client: &mut Client, plan: &DatasetPlan, work: &Work) -> Result<(), Error> {
    let transaction = begin(client).await?;
    let (dbid, schema) = (plan.dbid.as_str(), plan.dbid.pg_schema());
    ask::run(&transaction, NOTE, &[&dbid, &work.name, &word(work.kind), &work.sql]).await?;
    if let Some(add) = &work.add
        && ask::rows(&transaction, HAS_CONSTRAINT, &[&schema, &work.name]).await?.is_empty()
    {
        ask::batch(&transaction, add).await?;
    }
    ask::commit(transaction).await
}

/// In the transaction that switches: true if everything made before is there, and no longer pending.
///
/// # Errors
/// The database's.
pub async fn holds(transaction: &Transaction<'_>, plan: &DatasetPlan, manner: Manner) -> Result<bool, Error> {
    let works = plan.works(manner, When::Before);
    if works.is_empty() {
        return Ok(true);
    }
    let names: Vec<&str> = works.iter().map(|work| work.name.as_str()).collect();
    let (dbid, schema) = (plan.dbid.as_str(), plan.dbid.pg_schema());
    if !ask::rows(transaction, HOLDS, &[&schema, &names]).await?.is_empty() {
        return Ok(false);
    }
    ask::run(transaction, SWITCHED, &[&dbid, &names]).await?;
    Ok(true)
}

/// Asks the rows again what steps that are done online need to know, while others go on.
///
/// # Errors
/// If rows have come that do not fit.
pub async fn ask(client: &mut Client, plan: &DatasetPlan, manner: Manner) -> Result<(), DeployError> {
    for step in plan.steps.iter().filter(|step| plan.is_online(step, manner)) {
        for probe in step.probes.iter().filter(|probe| probe.refuses) {
            let asked = async {
                let transaction = begin(client).await?;
                let rows = ask::rows(&transaction, &probe.sql, &[]).await?;
                Ok::<_, Error>(rows.first().map(|row| row.get(0)))
            };
            // What cannot be asked any more is somebody else's deploy, which the transaction finds.
            let told = crate::migrate::Probe { count: asked.await.unwrap_or(None), ..probe.clone() }.told();
            if let Some(told) = told {
                return Err(problems::step_refused(Code::DataRefused, &plan.name, step, vec![told]));
            }
        }
    }
    Ok(())
}

/// Drops what was made for a switch that is not going to be. What cannot be dropped now stays pending.
pub async fn undo(client: &mut Client, plan: &DatasetPlan, manner: Manner) {
    for work in plan.works(manner, When::Before) {
        let _ = patiently(client, manner, async |client| forget(client, &plan.dbid, &work.name).await).await;
    }
}

/// Drops what was made for other switches of a dataset than that to `plan`, if there is one.
///
/// # Errors
/// If others hold something too long, or the database fails.
pub async fn clear(
    client: &mut Client,
    (dbid, name): (&Dbid, &Name),
    plan: Option<&DatasetPlan>,
    manner: Manner,
) -> Result<(), DeployError> {
    let wanted: Vec<&str> = plan
        .map_or(Vec::new(), |plan| plan.works(manner, When::Before))
        .into_iter()
        .map(|work| work.name.as_str())
        .collect();
    let pending = registry::pending(client, Some(&[dbid.as_str()])).await?;
    for left in pending.iter().filter(|it| it.ahead && !wanted.contains(&it.work.name.as_str())) {
        patiently(client, manner, async |client| forget(client, dbid, &left.work.name).await)
            .await
            .map_err(|error| explain::prepared(name, &error))?;
    }
    Ok(())
}

async fn forget(client: &mut Client, dbid: &Dbid, name: &str) -> Result<(), Error> {
    let transaction = begin(client).await?;
    let (schema, dbid) = (dbid.pg_schema(), dbid.as_str());
    let sql = "SELECT kf.drop_prepared($1, $2)";
    ask::run(&transaction, sql, &[&schema, &name]).await?;
    ask::run(&transaction, SWITCHED, &[&dbid, &vec![name]]).await?;
    ask::commit(transaction).await
}
