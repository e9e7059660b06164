//! How a call is done: the plans of the statements that run in it, by the lines they were written on.

mod heard;

use serde_json::Value;
use tokio_postgres::types::{FromSql, Type as Wire};
use tokio_postgres::{Error, IsolationLevel, Transaction};

use super::CallError;
use super::statement::{self, Statement};
use super::{Call, Fault, Place, Target, fault, run, target, trace};
use crate::deploy::connect::{Session, ask};
use crate::deploy::problems as database;
use crate::deploy::registry::{PIN, Roles};
use crate::interface::Dbid;
use crate::pg::print;

/// Makes the server tell plans; only a superuser may.
const PLANS: &str = include_str!("plans.sql");
const ANALYZE: &str = "SET LOCAL auto_explain.log_analyze = on";
const ESTIMATE: &str = "SET LOCAL auto_explain.log_analyze = off";

/// How much is told of each plan.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// What the planner expects.
    Expected,
    /// And what came of it.
    Measured,
}

/// A statement of an action, with all that it ran as.
#[derive(Clone, PartialEq, Debug)]
pub struct Planned {
    /// Where it is written, innermost first; empty for the call itself.
    pub trace: Vec<Place>,
    /// The SQL.
    pub sql: String,
    /// How often it ran.
    pub times: u64,
    /// Milliseconds, all runs together; none if it did not run.
    pub took: Option<f64>,
    /// PostgreSQL's plan of the run that took longest, as `EXPLAIN (FORMAT JSON)` writes it.
    pub plan: Value,
}

/// How a call was done. Nothing of what it did is left.
#[derive(Clone, PartialEq, Debug)]
pub struct Explained {
    /// `dataset.action`
    pub shown: String,
    /// In the order of the lines, outermost first.
    pub statements: Vec<Planned>,
    /// Milliseconds of the whole; none if it did not run.
    pub took: Option<f64>,
    /// Why there is only the plan of the call itself: what the server said when it was asked for more.
    pub shallow: Option<String>,
    /// What the action said.
    pub notices: Vec<String>,
    /// Why it did not come to its end.
    pub fault: Option<Fault>,
}

/// What came of running the call.
struct Ran {
    target: Target,
    outcome: Result<Option<Value>, Error>,
    shallow: Option<String>,
}

/// Runs `call` in a transaction that is rolled back, and tells how its statements were done. Where the login may not have
/// the plans of nested statements, the plan of the call alone is told, which then runs only to be measured.
///
/// # Errors
/// [`CallError::Refused`] if it was not begun; what goes wrong later is in [`Explained::fault`].
pub async fn explain(session: &mut Session, call: &Call, depth: Depth) -> Result<Explained, CallError> {
    let dbid = run::ready(session, call).await?;
    let Ran { target, outcome, shallow } = once(session, call, &dbid, depth).await?;
    let heard = session.take_notices();
    let mut explained = Explained {
        shown: target.shown.clone(),
        statements: Vec::new(),
        took: None,
        shallow,
        notices: heard.iter().filter(|notice| notice.code == "KF000").map(|it| it.message.clone()).collect(),
        fault: None,
    };
    match outcome {
        Ok(Some(plan)) => explained.statements.push(alone(plan, statement::text(&target))),
        Ok(None) => {}
        Err(error) => explained.fault = Some(fault::explain(&session.client, Some(&target), &error).await?),
    }
    for group in heard::groups(&heard) {
        if group.context.is_empty() {
            explained.took = Some(group.took);
            continue;
        }
        let trace = trace::trace(&session.client, &group.context).await;
        let trace = trace.map_err(|error| database::database(&error))?;
        let took = Some(group.took);
        explained.statements.push(Planned {
            trace,
            sql: group.sql,
            times: group.times,
            took,
            plan: group.plan,
        });
    }
    explained.statements.sort_by_key(Planned::path);
    Ok(explained)
}

/// What `EXPLAIN` says of the call itself.
fn alone(told: Value, sql: String) -> Planned {
    let told = told.get(0).cloned().unwrap_or_default();
    let took = told.get("Execution Time").and_then(Value::as_f64);
    let plan = told.get("Plan").cloned().unwrap_or_default();
    Planned { trace: Vec::new(), sql, times: u64::from(took.is_some()), took, plan }
}

impl Planned {
    /// The lines that lead to it, from the call inwards.
    fn path(&self) -> Vec<(u32, u32)> {
        self.trace.iter().rev().map(|place| place.at.map_or((0, 0), |at| (at.line, at.column))).collect()
    }
}

async fn once(session: &mut Session, call: &Call, dbid: &Dbid, depth: Depth) -> Result<Ran, CallError> {
    let failed = |error: Error| CallError::from(database::database(&error));
    let notices = session.notices();
    let begin = session.client.build_transaction().isolation_level(IsolationLevel::Serializable);
    let mut transaction = begin.start().await.map_err(failed)?;
    ask::batch(&transaction, PIN).await.map_err(failed)?;
    ask::run(&transaction, "SELECT kf.hold($1)", &[&dbid.as_str()]).await.map_err(failed)?;
    let target = target::read(&transaction, dbid, &call.action).await?;
    let arguments = target.arguments(&call.arguments)?;
    let context = run::circumstances(call, &target)?;
    if target.roles == Roles::One && !target.is_open_to(call.role) {
        return Err(CallError::Fault(Box::new(fault::not_granted(&target))));
    }
    let shallow = listen(&mut transaction, depth).await.map_err(failed)?;
    run::become_caller(&transaction, &target, call.role).await.map_err(failed)?;
    let statement = statement::write(&target, &context, arguments);
    // What was said of our own statements.
    notices.take();
    let outcome = match shallow {
        None => whole(&transaction, &statement).await,
        Some(_) => top(&transaction, &statement, depth).await.map(Some),
    };
    // A connection that is lost has rolled back as well.
    let _ = transaction.rollback().await;
    Ok(Ran { target, outcome, shallow })
}

/// Asks for all plans. What the server says if it tells none.
async fn listen(transaction: &mut Transaction<'_>, depth: Depth) -> Result<Option<String>, Error> {
    let inner = transaction.transaction().await?;
    let detail = match depth {
        Depth::Expected => ESTIMATE,
        Depth::Measured => ANALYZE,
    };
    let asked = match ask::batch(&inner, PLANS).await {
        Ok(()) => ask::batch(&inner, detail).await,
        refused => refused,
    };
    match asked {
        Ok(()) => inner.commit().await.map(|()| None),
        Err(error) => {
            inner.rollback().await?;
            Ok(Some(crate::deploy::connect::reason(&error)))
        }
    }
}

async fn whole(transaction: &Transaction<'_>, statement: &Statement) -> Result<Option<Value>, Error> {
    let values = statement::bound(&statement.values);
    ask::typed(transaction, &statement.sql, &values).await.map(|_| None)
}

/// The plan of the call alone, in which an action is one node.
async fn top(transaction: &Transaction<'_>, statement: &Statement, depth: Depth) -> Result<Value, Error> {
    let sql = print::explain(&statement.sql, depth == Depth::Measured);
    let rows = ask::typed(transaction, &sql, &statement::bound(&statement.values)).await?;
    let text = rows.first().map(|row| row.try_get::<_, Json>(0)).transpose()?;
    Ok(text.and_then(|Json(text)| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// A value of type `json` as its text.
struct Json(String);

impl<'a> FromSql<'a> for Json {
    fn from_sql(_: &Wire, raw: &'a [u8]) -> Result<Json, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Json(std::str::from_utf8(raw)?.to_owned()))
    }

    fn accepts(ty: &Wire) -> bool {
        *ty == Wire::JSON
    }
}
