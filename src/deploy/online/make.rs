//! One piece of work brought to its end, whatever was left of it and whoever else is at it.

use tokio_postgres::{Client, Error, IsolationLevel, Transaction};

use crate::deploy::connect::ask;
use crate::deploy::patience::{Manner, ONE_TRY, Waiting};
use crate::deploy::problems;
use crate::deploy::registry::become_owner;
use crate::migrate::{Work, WorkKind};

const STATE: &str = "SELECT i.indisvalid FROM pg_catalog.pg_index AS i \
     JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
     WHERE n.nspname = $1 AND c.relname = $2";

/// What one try came to.
enum Tried {
    Done,
    /// It is to be looked at again.
    Again,
    /// Somebody else is at it.
    Taken,
}

/// Builds the index or validates the constraint. What others left unfinished is dropped first.
///
/// # Errors
/// If rows do not fit, what is needed was not to be had in time, or the database fails.
pub async fn make(client: &mut Client, schema: &str, work: &Work, manner: Manner) -> Result<(), Error> {
    let mut waiting = Waiting::new(manner);
    loop {
        let tried = match work.kind {
            WorkKind::Index => build(client, schema, work).await,
            WorkKind::Constraint => validate(client, work).await,
        };
        match tried {
            Ok(Tried::Done) => return Ok(()),
            Ok(Tried::Again) => {}
            Ok(Tried::Taken) => drop(waiting.pause().await),
            Err(error) if error.code().is_some_and(problems::is_collision) && waiting.pause().await => {}
            Err(error) => return Err(error),
        }
    }
}

async fn build(client: &mut Client, schema: &str, work: &Work) -> Result<Tried, Error> {
    match state(client, schema, &work.name).await? {
        Some(true) => Ok(Tried::Done),
        Some(false) => {
            let transaction = begin(client).await?;
            let sql = "SELECT kf.drop_unfinished($1, $2)";
            ask::run(&transaction, sql, &[&schema, &work.name]).await?;
            ask::commit(transaction).await?;
            Ok(Tried::Again)
        }
        // In no transaction: each of its phases commits.
        None => match ask::batch(client, &work.sql).await {
            Ok(()) => Ok(Tried::Again),
            Err(error) if error.code().is_some_and(|state| state.code() == "42P07") => Ok(Tried::Taken),
            Err(error) => Err(error),
        },
    }
}

/// True if the index is whole, false if it is not, none if there is none.
async fn state(client: &Client, schema: &str, name: &str) -> Result<Option<bool>, Error> {
    Ok(ask::perhaps(client, STATE, &[&schema, &name]).await?.map(|row| row.get(0)))
}

async fn validate(client: &mut Client, work: &Work) -> Result<Tried, Error> {
    let transaction = begin(client).await?;
    ask::batch(&transaction, &work.sql).await?;
    ask::commit(transaction).await?;
    Ok(Tried::Done)
}

/// A short transaction as the owner of all tables, that waits a moment for any lock.
pub async fn begin(client: &mut Client) -> Result<Transaction<'_>, Error> {
    let begin = client.build_transaction().isolation_level(IsolationLevel::ReadCommitted);
    let transaction = begin.start().await?;
    become_owner(&transaction).await?;
    ask::batch(&transaction, ONE_TRY).await?;
    Ok(transaction)
}
