//! The requests of a block, each in a savepoint of its own.

use std::collections::BTreeSet;

use futures_util::TryStreamExt;
use futures_util::future::join3;
use tokio_postgres::{Row, Statement, Transaction};

use super::canon::{Canon, Hash};
use super::class::{Verdict, verdict};
use super::receipt::{OK, Receipt};
use super::targets::Ready;
use super::{Block, By, Engine, EngineError, Request};
use crate::deploy::call::{Bound, Cell, Context, bind, cells};
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

/// The savepoint of the last request, which is ended together with the beginning of the next one: a request is one message
/// there and one back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// There is none.
    Ended,
    /// Its effects stay.
    Done,
    /// Its effects go.
    Refused,
}

impl Last {
    fn end(self) -> &'static str {
        match self {
            Last::Ended => "",
            Last::Done => "RELEASE SAVEPOINT kf_request; ",
            Last::Refused => "ROLLBACK TO SAVEPOINT kf_request; RELEASE SAVEPOINT kf_request; ",
        }
    }
}

/// The requests of one block being run.
pub(super) struct Execution<'e, 't> {
    engine: &'e mut Engine,
    transaction: &'e Transaction<'t>,
    block: &'e Block,
    budget: i64,
    /// Identities that have a receipt.
    applied: BTreeSet<String>,
    last: Last,
}

impl<'e, 't> Execution<'e, 't> {
    pub(super) fn new(
        engine: &'e mut Engine,
        transaction: &'e Transaction<'t>,
        block: &'e Block,
        budget: i64,
        applied: BTreeSet<String>,
    ) -> Execution<'e, 't> {
        Execution { engine, transaction, block, budget, applied, last: Last::Ended }
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
        self.end_last().await?;
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
            if !self.engine.targets.knows(&call.dataset, &call.action) {
                // Whoever looks up is the owner again.
                self.end_last().await?;
            }
            let found = self.engine.targets.find(self.transaction, &call.dataset, &call.action).await?;
            match found.filter(|found| is_open(found, request.by)) {
                Some(found) => ready.push(found),
                None => return refused(UNKNOWN),
            }
        }
        let used = self.calls(request, &ready).await?;
        if !ready.is_empty() {
            self.last = Last::Done;
        }
        Ok(used)
    }

    /// Ends the savepoint of the last request; the transaction is the owner's again.
    async fn end_last(&mut self) -> Result<(), EngineError> {
        match std::mem::replace(&mut self.last, Last::Ended) {
            Last::Ended => Ok(()),
            last => self.batch(&format!("{}SET LOCAL ROLE kf_owner", last.end())).await,
        }
    }

    /// Begins a savepoint for a request.
    fn begin(&self, by: By) -> String {
        let role = match by {
            By::User => "kf_public",
            By::Oracle => "kf_oracle",
        };
        let (end, budget) = (self.last.end(), self.budget);
        format!("{end}SAVEPOINT kf_request; SET LOCAL kf.rest = {budget}; SET LOCAL ROLE {role}")
    }

    async fn batch(&self, sql: &str) -> Result<(), EngineError> {
        let done = self.transaction.batch_execute(sql).await;
        done.map_err(|error| EngineError::halt("a savepoint", &error))
    }

    /// Makes the calls in a savepoint, which is left for [`Execution::end_last`] or the next request to end.
    async fn calls(&mut self, request: &Request, ready: &[Ready]) -> Result<Used, Stopped> {
        let rest = self.engine.targets.rest(self.transaction).await?;
        let mut used = Used::nothing();
        let mut begin = Some(self.begin(request.by));
        let mut left = ready.len();
        for (call, ready) in request.calls.iter().zip(ready) {
            let Ok(arguments) = ready.target.arguments(&call.arguments) else { return refused(ARGUMENT) };
            let values = bind(&self.context(request), request.signer.clone(), arguments);
            used.steps += 1;
            left -= 1;
            // From its beginning on, the savepoint is to be undone unless all goes well.
            self.last = Last::Refused;
            let around = Around { begin: begin.take(), rest: (left == 0).then_some(&rest) };
            self.call(ready, &values, around, &mut used).await?;
        }
        if used.steps > self.budget { refused(EXHAUSTED) } else { Ok(used) }
    }

    /// Sends a call with what comes before and after it, and reads all answers: nothing waits for the answer of another.
    async fn call(
        &self,
        ready: &Ready,
        values: &[Bound],
        Around { begin, rest }: Around<'_>,
        used: &mut Used,
    ) -> Result<(), Stopped> {
        let begun = async {
            match begin {
                Some(sql) => self.batch(&sql).await,
                None => Ok(()),
            }
        };
        let charged = async {
            match rest {
                Some(rest) => self
                    .transaction
                    .query_one(rest, &[])
                    .await
                    .map(|row| self.budget.saturating_sub(row.get(0))),
                None => Ok(0),
            }
        };
        // In this order they are sent.
        let (begun, done, charged) = join3(begun, self.rows(ready, values, used), charged).await;
        begun?;
        done.map_err(|error| stopped(&ready.target.shown, &error))?;
        // What metered actions counted themselves.
        let charged: i64 = charged.map_err(|error| EngineError::halt("the steps", &error))?;
        used.steps = used.steps.saturating_add(charged);
        if used.steps > self.budget { refused(EXHAUSTED) } else { Ok(()) }
    }

    async fn rows(
        &self,
        Ready { target, statement }: &Ready,
        values: &[Bound],
        used: &mut Used,
    ) -> Result<(), tokio_postgres::Error> {
        let values = values.iter().map(|(value, _)| &**value as &(dyn tokio_postgres::types::ToSql + Sync));
        let rows = self.transaction.query_raw(statement, values).await?;
        let mut rows = std::pin::pin!(rows);
        let columns = target.signature.returns.columns();
        while let Some(row) = rows.try_next().await? {
            // An action that returns nothing gives one row without columns.
            if columns.is_empty() {
                continue;
            }
            used.rows += 1;
            used.steps += 1;
            add(&mut used.result, &row, columns);
        }
        Ok(())
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

/// What is sent together with a call.
struct Around<'a> {
    /// Ends the last savepoint and begins one.
    begin: Option<String>,
    /// Asks what is left of the budget.
    rest: Option<&'a Statement>,
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
