//! The requests of a block, each in a savepoint of its own.

use std::collections::BTreeSet;

use futures_util::TryStreamExt;
use tokio_postgres::{Row, Transaction};

use super::canon::{Canon, Hash};
use super::class::{Verdict, verdict};
use super::receipt::{OK, Receipt};
use super::targets::Ready;
use super::{Block, By, Engine, EngineError, Request};
use crate::deploy::call::{Cell, Context, bind, cells};
use crate::interface::RowColumn;
use crate::language::Visibility;

/// No action of this name may be called from here.
const UNKNOWN: &str = "KF004";
/// Nobody calls.
const NO_CALLER: &str = "KF005";
/// The request used more steps than it may.
const EXHAUSTED: &str = "KF009";
/// The request has a receipt already.
const APPLIED: &str = "KF010";
/// An argument does not fit.
const ARGUMENT: &str = "KF011";

/// What is left of the budget.
const REST: &str = "SELECT current_setting('kf.rest')::int8";

/// What a request did so far.
struct Used {
    steps: i64,
    rows: i64,
    result: Canon,
}

impl Used {
    fn nothing() -> Used {
        Used { steps: 0, rows: 0, result: Canon::new("kuneiform.result.v1") }
    }
}

/// Why a request ended early.
enum Stopped {
    /// It gets a receipt.
    Refused(String),
    /// The block is given up.
    Halt(EngineError),
}

impl From<EngineError> for Stopped {
    fn from(error: EngineError) -> Stopped {
        Stopped::Halt(error)
    }
}

fn refused<T>(status: &str) -> Result<T, Stopped> {
    Err(Stopped::Refused(status.to_owned()))
}

/// The requests of one block being run.
pub(super) struct Execution<'e, 't> {
    engine: &'e mut Engine,
    transaction: &'e Transaction<'t>,
    block: &'e Block,
    budget: i64,
    /// Identities that have a receipt.
    applied: BTreeSet<String>,
}

impl<'e, 't> Execution<'e, 't> {
    pub(super) fn new(
        engine: &'e mut Engine,
        transaction: &'e Transaction<'t>,
        block: &'e Block,
        budget: i64,
        applied: BTreeSet<String>,
    ) -> Execution<'e, 't> {
        Execution { engine, transaction, block, budget, applied }
    }

    /// Runs all; the transaction is `kf_owner`'s before and afterwards.
    pub(super) async fn all(mut self) -> Result<Vec<Receipt>, EngineError> {
        let block = self.block;
        let mut receipts = Vec::new();
        for request in &block.requests {
            let (status, used) = match self.one(request).await {
                Ok(used) => (OK.to_owned(), used),
                Err(Stopped::Refused(status)) => (status, Used::nothing()),
                Err(Stopped::Halt(error)) => return Err(error),
            };
            let Used { steps, rows, result } = used;
            receipts.push(Receipt { txid: request.txid.clone(), status, steps, rows, result: end(result) });
        }
        Ok(receipts)
    }

    async fn one(&mut self, request: &Request) -> Result<Used, Stopped> {
        if !self.applied.insert(request.txid.clone()) {
            return refused(APPLIED);
        }
        if request.caller.is_empty() {
            return refused(NO_CALLER);
        }
        let mut ready = Vec::new();
        for call in &request.calls {
            let found = self.engine.targets.find(self.transaction, &call.dataset, &call.action).await?;
            match found.filter(|found| is_open(found, request.by)) {
                Some(found) => ready.push(found),
                None => return refused(UNKNOWN),
            }
        }
        let role = match request.by {
            By::User => "kf_public",
            By::Oracle => "kf_oracle",
        };
        self.batch(&format!(
            "SAVEPOINT kf_request; SET LOCAL kf.rest = {}; SET LOCAL ROLE {role}",
            self.budget
        ))
        .await?;
        let outcome = self.calls(request, &ready).await;
        match &outcome {
            Ok(_) => self.batch("RELEASE SAVEPOINT kf_request; SET LOCAL ROLE kf_owner").await?,
            Err(Stopped::Refused(_)) => {
                self.batch("ROLLBACK TO SAVEPOINT kf_request; RELEASE SAVEPOINT kf_request").await?;
            }
            Err(Stopped::Halt(_)) => {}
        }
        outcome
    }

    async fn batch(&self, sql: &str) -> Result<(), EngineError> {
        let done = self.transaction.batch_execute(sql).await;
        done.map_err(|error| EngineError::halt("a savepoint", &error))
    }

    async fn calls(&self, request: &Request, ready: &[Ready]) -> Result<Used, Stopped> {
        let mut used = Used::nothing();
        for (call, ready) in request.calls.iter().zip(ready) {
            let Ok(arguments) = ready.target.arguments(&call.arguments) else { return refused(ARGUMENT) };
            let context = self.context(request);
            let values = bind(&context, request.signer.clone(), arguments);
            used.steps += 1;
            self.call(ready, &values, &mut used).await?;
        }
        used.steps = used.steps.saturating_add(self.charged().await?);
        if used.steps > self.budget { refused(EXHAUSTED) } else { Ok(used) }
    }

    /// What metered actions counted themselves.
    async fn charged(&self) -> Result<i64, EngineError> {
        let row = self.transaction.query_one(REST, &[]).await;
        let rest: i64 = row.map_err(|error| EngineError::halt("the steps", &error))?.get(0);
        Ok(self.budget.saturating_sub(rest))
    }

    async fn call(
        &self,
        Ready { target, statement }: &Ready,
        values: &[crate::deploy::call::Bound],
        used: &mut Used,
    ) -> Result<(), Stopped> {
        let failed = |error: tokio_postgres::Error| stopped(&target.shown, &error);
        let values = values.iter().map(|(value, _)| &**value as &(dyn tokio_postgres::types::ToSql + Sync));
        let rows = self.transaction.query_raw(statement, values).await.map_err(failed)?;
        let mut rows = std::pin::pin!(rows);
        let columns = target.signature.returns.columns();
        while let Some(row) = rows.try_next().await.map_err(failed)? {
            // An action that returns nothing gives one row without columns.
            if columns.is_empty() {
                continue;
            }
            used.rows += 1;
            used.steps += 1;
            add(&mut used.result, &row, columns);
        }
        if used.steps > self.budget { refused(EXHAUSTED) } else { Ok(()) }
    }

    fn context(&self, request: &Request) -> Context {
        Context {
            caller: request.caller.clone(),
            txid: request.txid.clone(),
            height: self.block.height,
            block_timestamp: self.block.timestamp,
            authenticator: request.authenticator.clone(),
        }
    }
}

/// True if the action may be called by such a request.
fn is_open(ready: &Ready, by: By) -> bool {
    match ready.target.signature.modifiers.visibility {
        Visibility::Public => by == By::User,
        Visibility::Oracle => by == By::Oracle,
        Visibility::Private | Visibility::System => false,
    }
}

fn stopped(place: &str, error: &tokio_postgres::Error) -> Stopped {
    match error.code().map(|state| verdict(state.code())) {
        Some(Verdict::Receipt(status)) => Stopped::Refused(status),
        Some(Verdict::Halt) | None => Stopped::Halt(EngineError::halt(place, error)),
    }
}

fn add(result: &mut Canon, row: &Row, columns: &[RowColumn]) {
    result.tag(1);
    for cell in cells(row, columns) {
        match cell {
            Cell::Null => result.optional(None),
            Cell::One(text) => result.optional(Some(&text)),
            Cell::Many(all) => {
                result.tag(2).length(all.len());
                all.iter().fold(&mut *result, |result, one| result.optional(one.as_deref()))
            }
        };
    }
}

fn end(mut result: Canon) -> Hash {
    result.tag(0);
    result.finish()
}
