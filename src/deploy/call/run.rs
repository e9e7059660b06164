use std::time::Duration;

use tokio_postgres::{GenericClient, IsolationLevel, Row, Transaction};

use super::statement::{self, Statement};
use super::{Answer, Call, Cell, Context, Fault, Role, Target, fault, problems, target};
use crate::deploy::connect::{Session, ask};
use crate::deploy::registry::{self, PIN, Roles};
use crate::deploy::{DeployError, problems as database};
use crate::interface::{Dbid, RowColumn};
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

/// Why a call's transaction was given up.
enum Failed {
    /// The database; what was called, if that was known by then.
    Database(Option<Box<Target>>, tokio_postgres::Error),
    /// It would not be right to begin.
    Told(CallError),
}

impl From<tokio_postgres::Error> for Failed {
    fn from(error: tokio_postgres::Error) -> Failed {
        Failed::Database(None, error)
    }
}

impl From<DeployError> for Failed {
    fn from(error: DeployError) -> Failed {
        Failed::Told(error.into())
    }
}

/// Calls an action in a transaction of its own.
///
/// # Errors
/// [`CallError::Refused`] if nothing was run, [`CallError::Fault`] if it was rolled back.
pub async fn call(session: &mut Session, call: &Call) -> Result<Answer, CallError> {
    let dbid = ready(session, call).await?;
    let mut attempt = 1;
    loop {
        session.take_notices();
        match attempt_once(session, call, &dbid).await {
            Err(Failed::Database(_, error)) if attempt < ATTEMPTS && is_passing(&error) => {
                tokio::time::sleep(Duration::from_millis(5 << attempt)).await;
                attempt += 1;
            }
            Err(Failed::Database(Some(target), error)) => {
                let fault = fault::explain(&session.client, Some(&target), &error).await;
                let notices = said(session);
                return Err(fault.map(|fault| CallError::Fault(Box::new(Fault { notices, ..fault })))?);
            }
            Err(Failed::Database(None, error)) => return Err(database::database(&error).into()),
            Err(Failed::Told(error)) => return Err(error),
            Ok(answer) => return Ok(Answer { notices: said(session), ..answer }),
        }
    }
}

/// What is called, if anything can be.
pub(super) async fn ready(session: &Session, call: &Call) -> Result<Dbid, CallError> {
    if !registry::check_writable(session).await? {
        return Err(problems::nothing_deployed().into());
    }
    if call.context.caller.is_empty() {
        return Err(problems::empty_caller().into());
    }
    Ok(registry::find(&session.client, &call.dataset).await?)
}

/// True if the call may fare better when it is begun again: it collided with another, or what it calls was dropped or
/// replaced since its snapshot.
fn is_passing(error: &tokio_postgres::Error) -> bool {
    let is_outside = |said: &tokio_postgres::error::DbError| said.where_().is_none_or(str::is_empty);
    error.code().is_some_and(|state| {
        let gone = ["42883", "3F000"].contains(&state.code());
        database::is_collision(state) || (gone && error.as_db_error().is_some_and(is_outside))
    })
}

/// The circumstances, with the owner as caller if that is the part to play.
pub(crate) fn circumstances(call: &Call, target: &Target) -> Result<Context, DeployError> {
    let mut context = call.context.clone();
    if call.role == Role::Owner {
        context.caller = target.owner.clone().ok_or_else(|| problems::no_owner(target))?;
    }
    Ok(context)
}

/// One transaction, which alone holds whatever is held.
async fn attempt_once(session: &mut Session, call: &Call, dbid: &Dbid) -> Result<Answer, Failed> {
    let begin = session.client.build_transaction().isolation_level(IsolationLevel::Serializable);
    let transaction = begin.start().await?;
    ask::batch(&transaction, PIN).await?;
    ask::run(&transaction, "SELECT kf.hold($1)", &[&dbid.as_str()]).await?;
    let target = target::read(&transaction, dbid, &call.action).await?;
    let arguments = target.arguments(&call.arguments)?;
    let context = circumstances(call, &target)?;
    if target.roles == Roles::One && !target.is_open_to(call.role) {
        return Err(Failed::Told(CallError::Fault(Box::new(fault::not_granted(&target)))));
    }
    match run(transaction, &target, statement::write(&target, &context, arguments), call.role).await {
        Ok(rows) => Ok(answer(&target, &rows)),
        Err(error) => Err(Failed::Database(Some(Box::new(target)), error)),
    }
}

async fn run(
    transaction: Transaction<'_>,
    target: &Target,
    Statement { sql, values }: Statement,
    role: Role,
) -> Result<Vec<Row>, tokio_postgres::Error> {
    become_caller(&transaction, target, role).await?;
    let bound = statement::bound(&values);
    let rows = ask::typed(&transaction, &sql, &bound).await?;
    ask::commit(transaction).await?;
    Ok(rows)
}

/// Gives the transaction the rights of a caller who comes in by `role`, and takes those to write for a view.
pub(super) async fn become_caller(
    client: &impl GenericClient,
    target: &Target,
    role: Role,
) -> Result<(), tokio_postgres::Error> {
    if target.signature.modifiers.view {
        ask::batch(client, "SET TRANSACTION READ ONLY").await?;
    }
    if target.roles == Roles::Apart {
        ask::batch(client, role.becoming()).await?;
    }
    Ok(())
}

/// What the rows of a call are to whoever called.
pub(super) fn answer(target: &Target, rows: &[Row]) -> Answer {
    let columns = target.signature.returns.columns().to_vec();
    // An action that returns nothing gives one row without columns.
    let rows = rows.iter().filter(|_| !columns.is_empty());
    let rows = rows.map(|row| cells(row, &columns)).collect();
    Answer { columns, rows, notices: Vec::new() }
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
