//! Calls in a transaction that somebody keeps open over several.

use tokio_postgres::{Client, Error};

use super::statement::{self, Statement};
use super::{Answer, Call, CallError, Target, fault, run, target};
use crate::deploy::connect::{Session, ask};
use crate::deploy::registry::{self, PIN, Roles};
use crate::deploy::{DeployError, problems as database};

const UNDO: &str = "ROLLBACK TO SAVEPOINT kf_call; RELEASE SAVEPOINT kf_call";

/// Opens a transaction on the session for [`call_within`].
///
/// # Errors
/// If the database fails.
pub async fn open(session: &Session) -> Result<(), DeployError> {
    let begun = async {
        ask::batch(&session.client, "BEGIN ISOLATION LEVEL SERIALIZABLE").await?;
        ask::batch(&session.client, PIN).await
    };
    begun.await.map_err(|error| database::database(&error))
}

/// Ends the transaction of [`open`]: for good, or as if nothing had been.
///
/// # Errors
/// If the database fails; nothing is kept then.
pub async fn end(session: &Session, keep: bool) -> Result<(), DeployError> {
    let sql = if keep { "COMMIT" } else { "ROLLBACK" };
    ask::batch(&session.client, sql).await.map_err(|error| database::database(&error))
}

/// Calls an action in the open transaction. A call that fails is undone, the transaction goes on.
///
/// # Errors
/// As [`super::call`].
pub async fn call_within(session: &Session, call: &Call) -> Result<Answer, CallError> {
    let client = &session.client;
    session.take_notices();
    let failed = |error: Error| CallError::from(database::database(&error));
    ask::batch(client, "SAVEPOINT kf_call").await.map_err(failed)?;
    let (target, statement) = match prepared(client, call).await {
        Ok(prepared) => prepared,
        Err(error) => {
            ask::batch(client, UNDO).await.map_err(failed)?;
            return Err(error);
        }
    };
    match done(client, call, &target, &statement).await {
        Ok(rows) => Ok(Answer { notices: session.notices().said(), ..run::answer(&target, &rows) }),
        Err(error) => {
            // If the connection is lost, the fault says so.
            let _ = ask::batch(client, UNDO).await;
            let fault = fault::explain(client, Some(&target), &error).await?;
            Err(CallError::Fault(Box::new(super::Fault { notices: session.notices().said(), ..fault })))
        }
    }
}

async fn prepared(client: &Client, call: &Call) -> Result<(Target, Statement), CallError> {
    let dbid = registry::find(client, &call.dataset).await?;
    let held = ask::run(client, "SELECT kf.hold($1)", &[&dbid.as_str()]).await;
    held.map_err(|error| database::database(&error))?;
    let target = target::read(client, &dbid, &call.action).await?;
    let arguments = target.arguments(&call.arguments)?;
    let context = run::circumstances(call, &target)?;
    if target.roles == Roles::One && !target.is_open_to(call.role) {
        return Err(CallError::Fault(Box::new(fault::not_granted(&target))));
    }
    let statement = statement::write(&target, &context, arguments);
    Ok((target, statement))
}

async fn done(
    client: &Client,
    call: &Call,
    target: &Target,
    statement: &Statement,
) -> Result<Vec<tokio_postgres::Row>, Error> {
    run::become_caller(client, target, call.role).await?;
    let rows = ask::typed(client, &statement.sql, &statement::bound(&statement.values)).await?;
    ask::batch(client, "SET LOCAL ROLE NONE; RELEASE SAVEPOINT kf_call").await?;
    Ok(rows)
}
