use std::pin::Pin;

use futures_util::TryStreamExt;
use tokio_postgres::types::{ToSql, Type as Wire};
use tokio_postgres::{RowStream, Transaction};

use super::{Engine, EngineError};
use crate::deploy::DeployError;
use crate::deploy::call::{
    Answer, Bound, Call, CallError, Cell, Fault, Role, Target, cells, circumstances, explain, read, write,
};
use crate::deploy::connect::Notices;
use crate::deploy::registry;
use crate::diagnostics::Code;
use crate::interface::RowColumn;

/// What a call gives, row by row as the server sends them. The transaction can be used again once they have ended.
pub struct Rows {
    columns: Vec<RowColumn>,
    stream: Pin<Box<RowStream>>,
    target: Target,
}

impl Rows {
    /// Names and types; none for an action that returns nothing.
    pub fn columns(&self) -> &[RowColumn] {
        &self.columns
    }

    /// The next row; none at the end.
    ///
    /// # Errors
    /// [`CallError`] if the action failed. Then the transaction has failed as well.
    pub async fn next(&mut self, transaction: &Transaction<'_>) -> Result<Option<Vec<Cell>>, CallError> {
        match self.step().await {
            Ok(row) => Ok(row),
            Err(error) => Err(fault(transaction, &self.target, &error).await),
        }
    }

    async fn step(&mut self) -> Result<Option<Vec<Cell>>, tokio_postgres::Error> {
        loop {
            match self.stream.try_next().await? {
                None => return Ok(None),
                // An action that returns nothing gives one row without columns.
                Some(_) if self.columns.is_empty() => {}
                Some(row) => return Ok(Some(cells(&row, &self.columns))),
            }
        }
    }
}

impl Engine {
    /// Calls an action in the caller's transaction, of any isolation level, and leaves the transaction usable if the
    /// action fails. `notices` are those of the connection.
    ///
    /// # Errors
    /// [`CallError::Refused`] if nothing was run, [`CallError::Fault`] if the call was undone.
    pub async fn call(
        &self,
        transaction: &Transaction<'_>,
        call: &Call,
        notices: &Notices,
    ) -> Result<Answer, CallError> {
        let target = self.find(transaction, call).await?;
        let bound = bound(&target, call)?;
        notices.take();
        batch(transaction, "SAVEPOINT kf_call").await?;
        match self.all(transaction, target.clone(), bound, call.role).await {
            Ok((columns, rows)) => {
                batch(transaction, "RELEASE SAVEPOINT kf_call; RESET ROLE").await?;
                Ok(Answer { columns, rows, notices: notices.said() })
            }
            Err(error) => {
                if error.as_db_error().is_some() {
                    batch(transaction, "ROLLBACK TO SAVEPOINT kf_call; RELEASE SAVEPOINT kf_call").await?;
                }
                Err(match fault(transaction, &target, &error).await {
                    CallError::Fault(fault) => {
                        CallError::Fault(Box::new(Fault { notices: notices.said(), ..*fault }))
                    }
                    refused => refused,
                })
            }
        }
    }

    /// Calls an action and gives its rows as they come. The transaction keeps the role of the call until its end or
    /// `RESET ROLE`.
    ///
    /// # Errors
    /// [`CallError::Refused`] if nothing was run, [`CallError::Fault`] if it failed, and with it the transaction.
    pub async fn rows(&self, transaction: &Transaction<'_>, call: &Call) -> Result<Rows, CallError> {
        let target = self.find(transaction, call).await?;
        let bound = bound(&target, call)?;
        match self.open(transaction, target.clone(), bound, call.role).await {
            Ok(rows) => Ok(rows),
            Err(error) => Err(fault(transaction, &target, &error).await),
        }
    }

    async fn find(&self, transaction: &Transaction<'_>, call: &Call) -> Result<Target, CallError> {
        if call.context.caller.is_empty() {
            return Err(DeployError::new(Code::TypeMismatch, "the caller is empty").into());
        }
        self.pin(transaction).await.map_err(told)?;
        let dbid = registry::find(transaction, &call.dataset).await?;
        Ok(read(transaction, &dbid, &call.action).await?)
    }

    async fn open(
        &self,
        transaction: &Transaction<'_>,
        target: Target,
        (sql, values): (String, Vec<Bound>),
        role: Role,
    ) -> Result<Rows, tokio_postgres::Error> {
        transaction.batch_execute(role.becoming()).await?;
        let values: Vec<(&(dyn ToSql + Sync), Wire)> =
            values.iter().map(|(value, ty)| (&**value as &(dyn ToSql + Sync), ty.clone())).collect();
        let stream = Box::pin(transaction.query_typed_raw(&sql, values).await?);
        Ok(Rows { columns: target.signature.returns.columns().to_vec(), stream, target })
    }

    async fn all(
        &self,
        transaction: &Transaction<'_>,
        target: Target,
        bound: (String, Vec<Bound>),
        role: Role,
    ) -> Result<(Vec<RowColumn>, Vec<Vec<Cell>>), tokio_postgres::Error> {
        let mut opened = self.open(transaction, target, bound, role).await?;
        let mut rows = Vec::new();
        while let Some(row) = opened.step().await? {
            rows.push(row);
        }
        Ok((opened.columns, rows))
    }
}

/// The statement of a call with what is bound to it.
fn bound(target: &Target, call: &Call) -> Result<(String, Vec<Bound>), CallError> {
    let arguments = target.arguments(&call.arguments)?;
    let statement = write(target, &circumstances(call, target)?, arguments);
    Ok((statement.sql, statement.values))
}

async fn fault(transaction: &Transaction<'_>, target: &Target, error: &tokio_postgres::Error) -> CallError {
    match explain(transaction, Some(target), error).await {
        Ok(fault) => CallError::Fault(Box::new(fault)),
        Err(error) => error.into(),
    }
}

async fn batch(transaction: &Transaction<'_>, sql: &str) -> Result<(), CallError> {
    let done = transaction.batch_execute(sql).await;
    done.map_err(|error| told(EngineError::halt("a savepoint", &error)))
}

fn told(error: EngineError) -> CallError {
    match error {
        EngineError::Refused(error) => CallError::Refused(error),
        other => DeployError::new(Code::DatabaseFailed, other.to_string()).into(),
    }
}
