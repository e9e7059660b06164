use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio_postgres::Transaction;

use super::judge::{Told, Verdict, judge};
use super::{CALLER, Outcome, Scratch, Unmet};
use crate::deploy::call::{Context, Fault, Place, bind, explain, statement_values, trace};
use crate::deploy::connect::{Session, ask};
use crate::deploy::registry::become_owner;
use crate::deploy::{DeployError, batch, problems};
use crate::diagnostics::Code;
use crate::interface::Test;
use crate::lower::TOLD;
use crate::pg::print;

/// Runs all of `tests` in the databases of `scratch`, as many at a time as there are, each for at most `timeout`; tells of each when it has ended, in any order.
///
/// # Errors
/// If a database cannot be talked to.
pub async fn run(
    scratch: &Scratch,
    tests: Arc<Vec<Test>>,
    timeout: Duration,
    tell: &mut dyn FnMut(Outcome),
) -> Result<(), DeployError> {
    let next = Arc::new(AtomicUsize::new(0));
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    let mut workers = JoinSet::new();
    for job in 0..scratch.len() {
        let mut session = scratch.session(job).await?;
        let (tests, next, sender) = (tests.clone(), next.clone(), sender.clone());
        workers.spawn(async move {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(test) = tests.get(index) else { break };
                let outcome = one(&mut session, test, index, timeout).await?;
                let _ = sender.send(outcome);
            }
            session.close().await;
            Ok::<(), DeployError>(())
        });
    }
    drop(sender);
    while let Some(outcome) = receiver.recv().await {
        tell(outcome);
    }
    while let Some(ended) = workers.join_next().await {
        ended.map_err(|error| DeployError::new(Code::DatabaseFailed, format!("a test ended: {error}")))??;
    }
    Ok(())
}

/// Runs one test and undoes what it did.
async fn one(
    session: &mut Session,
    test: &Test,
    index: usize,
    timeout: Duration,
) -> Result<Outcome, DeployError> {
    let heard = session.notices();
    heard.take();
    heard.take_counts();
    let began = Instant::now();
    let failure = |error: tokio_postgres::Error| problems::database(&error);
    let transaction = session.client.transaction().await.map_err(failure)?;
    let ended = execute(&transaction, test, timeout).await;
    let took = began.elapsed();
    transaction.rollback().await.map_err(failure)?;
    let mut outcome = Outcome {
        index,
        unmet: Vec::new(),
        snapshots: Vec::new(),
        notices: Vec::new(),
        hits: heard.take_counts(),
        took,
    };
    for notice in heard.take() {
        match notice.code.as_str() {
            TOLD => note(session, test, &notice.message, &mut outcome).await?,
            "KF000" => outcome.notices.push(notice.message),
            _ => {}
        }
    }
    if let Err(error) = ended {
        outcome.unmet.push(raised(session, test, &error, timeout).await?);
    }
    Ok(outcome)
}

async fn execute(
    transaction: &Transaction<'_>,
    test: &Test,
    timeout: Duration,
) -> Result<(), tokio_postgres::Error> {
    become_owner(transaction).await?;
    let limit = timeout.as_millis().max(1).to_string();
    ask::row(transaction, "SELECT set_config('statement_timeout', $1, true)", &[&limit]).await?;
    let context = context(test);
    let values = bind(&context, context.caller.clone().into_bytes(), Vec::new());
    let sql = print::call(&test.function, &[], &[]);
    ask::typed(transaction, &sql, &statement_values(&values)).await?;
    Ok(())
}

/// The same for every run, so that nothing a test sees changes by itself.
fn context(test: &Test) -> Context {
    Context {
        caller: CALLER.to_owned(),
        txid: format!("test:{}", test.title),
        height: 1,
        block_timestamp: 1_700_000_000,
        authenticator: "local".to_owned(),
    }
}

/// Adds what was told to the outcome.
async fn note(
    session: &Session,
    test: &Test,
    message: &str,
    outcome: &mut Outcome,
) -> Result<(), DeployError> {
    // What is not understood must not pass for what was expected.
    let lost = || {
        let message = format!("the test `{}` told what cannot be read: {message}", test.title);
        DeployError::new(Code::DatabaseFailed, message)
    };
    let told: Told = serde_json::from_str(message).map_err(|_| lost())?;
    match judge(test, &told).ok_or_else(lost)? {
        Verdict::Met => {}
        Verdict::Taken(taken) => outcome.snapshots.push(taken),
        Verdict::Unmet(mut unmet) => {
            if let Unmet::RaisedOther { fault, .. } = &mut *unmet {
                let context = told.context.as_deref().unwrap_or_default();
                fault.trace = trace(&session.client, context).await.unwrap_or_default();
            }
            outcome.unmet.push(*unmet);
        }
    }
    Ok(())
}

/// What ended a test before its end.
async fn raised(
    session: &Session,
    test: &Test,
    error: &tokio_postgres::Error,
    limit: Duration,
) -> Result<Unmet, DeployError> {
    let mut fault = Box::new(explain(&session.client, None, error).await?);
    let context = error.as_db_error().and_then(|said| said.where_()).unwrap_or_default();
    fault.trace.extend(own_place(test, context));
    Ok(match fault.sqlstate.as_str() {
        "57014" => Unmet::TimedOut { fault, limit },
        _ => Unmet::Raised(fault),
    })
}

/// The statement of the test that was running.
fn own_place(test: &Test, context: &str) -> Option<Place> {
    let line = crate::deploy::call::line_of(context, &test.function)?;
    Some(Place {
        dataset: test.schema.to_string(),
        action: test.title.clone(),
        path: test.path.clone(),
        source: String::new(),
        at: batch::find(&test.lines, line).copied(),
    })
}

impl Fault {
    /// The calls that led to it, without the test that made the first.
    pub fn calls<'f>(&'f self, test: &'f Test) -> impl Iterator<Item = &'f Place> {
        self.trace.iter().filter(|place| place.path != test.path)
    }
}
