use std::time::Duration;

use tokio_postgres::{IsolationLevel, Row};

use super::argument::Argument;
use super::statement::{self, Statement};
use super::{Answer, Call, Cell, Context, Fault, Role, Target, fault, problems, target};
use crate::deploy::connect::Session;
use crate::deploy::registry::{self, PIN};
use crate::deploy::{DeployError, problems as database};
use crate::interface::RowColumn;
use crate::language::Type;

/// How often a call that collided with another is tried.
const ATTEMPTS: u32 = 8;

/// Why a call gave no answer.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum CallError {
    /// It was not begun: the arguments, the name, the database.
    #[error("{0}")]
    Refused(Box<DeployError>),
    /// It was begun and rolled back.
    #[error("{}", .0.message)]
    Fault(Box<Fault>),
}

impl From<DeployError> for CallError {
    fn from(error: DeployError) -> CallError {
        CallError::Refused(Box::new(error))
    }
}

/// Calls an action in a transaction of its own.
///
/// # Errors
/// [`CallError::Refused`] if nothing was run, [`CallError::Fault`] if it was rolled back.
pub async fn call(session: &mut Session, call: &Call) -> Result<Answer, CallError> {
    if !registry::check(session).await? {
        return Err(problems::nothing_deployed().into());
    }
    if call.context.caller.is_empty() {
        return Err(problems::empty_caller().into());
    }
    let dbid = registry::find(&session.client, &call.dataset).await?;
    let held: Vec<i32> = session
        .client
        .query_one_scalar("SELECT kf.hold($1)", &[&dbid.as_str()])
        .await
        .map_err(|error| database::database(&error))?;
    let outcome = call_held(session, call, &dbid).await;
    // If the connection is gone, so is the hold.
    let _ = session.client.execute("SELECT kf.let_go($1)", &[&held]).await;
    outcome
}

async fn call_held(
    session: &mut Session,
    call: &Call,
    dbid: &crate::interface::Dbid,
) -> Result<Answer, CallError> {
    let target = target::read(&session.client, dbid, &call.action).await?;
    let arguments = target.arguments(&call.arguments)?;
    let context = circumstances(call, &target)?;
    let mut attempt = 1;
    loop {
        session.take_notices();
        let outcome = attempt_once(session, &target, &context, arguments.clone(), call.role).await;
        match outcome {
            Err(error) if attempt < ATTEMPTS && error.code().is_some_and(database::is_collision) => {
                tokio::time::sleep(Duration::from_millis(5 << attempt)).await;
                attempt += 1;
            }
            Err(error) => {
                let fault = fault::explain(&session.client, &target, &error).await;
                let notices = said(session);
                return Err(fault.map(|fault| CallError::Fault(Box::new(Fault { notices, ..fault })))?);
            }
            Ok(rows) => {
                let columns = target.signature.returns.columns().to_vec();
                // An action that returns nothing gives one row without columns.
                let rows = rows.iter().filter(|_| !columns.is_empty());
                let rows = rows.map(|row| cells(row, &columns)).collect();
                return Ok(Answer { columns, rows, notices: said(session) });
            }
        }
    }
}

/// The circumstances, with the owner as caller if that is the part to play.
pub(crate) fn circumstances(call: &Call, target: &Target) -> Result<Context, DeployError> {
    let mut context = call.context.clone();
    if call.role == Role::Owner {
        context.caller = target.owner.clone().ok_or_else(|| problems::no_owner(target))?;
    }
    Ok(context)
}

async fn attempt_once(
    session: &mut Session,
    target: &Target,
    context: &Context,
    arguments: Vec<Argument>,
    role: Role,
) -> Result<Vec<Row>, tokio_postgres::Error> {
    let begin = session.client.build_transaction().isolation_level(IsolationLevel::Serializable);
    let transaction = begin.read_only(target.signature.modifiers.view).start().await?;
    transaction.batch_execute(PIN).await?;
    transaction.batch_execute(role.becoming()).await?;
    let Statement { sql, values } = statement::write(target, context, arguments);
    let bound = statement::bound(&values);
    let rows = transaction.query_typed(&sql, &bound).await?;
    transaction.commit().await?;
    Ok(rows)
}

/// What the action said with `NOTICE(..)`.
fn said(session: &Session) -> Vec<String> {
    session.notices().said()
}

/// A row as text.
pub(crate) fn cells(row: &Row, columns: &[RowColumn]) -> Vec<Cell> {
    let cell = |(index, column): (usize, &RowColumn)| match column.ty {
        Type::Array(_) => row.get::<_, Option<Vec<Option<String>>>>(index).map_or(Cell::Null, Cell::Many),
        _ => row.get::<_, Option<String>>(index).map_or(Cell::Null, Cell::One),
    };
    (0..).zip(columns).map(cell).collect()
}
