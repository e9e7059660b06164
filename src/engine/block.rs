use std::collections::BTreeSet;

use futures_util::future::{join, join3};
use tokio_postgres::Transaction;

use super::canon::{Canon, Hash};
use super::chain::{self, Head};
use super::execute::Execution;
use super::receipt::{Receipt, root};
use super::{Block, Engine, EngineError, Request};
use crate::deploy::connect::ask;

/// What a block gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// Its height.
    pub height: i64,
    /// One for each request, in order.
    pub receipts: Vec<Receipt>,
    /// Hash of all datasets after it, if the chain's rules ask for one here.
    pub state: Option<Hash>,
    /// Hash of the chain up to here.
    pub app_hash: Hash,
    /// True if the block had been committed before and nothing was done.
    pub replayed: bool,
}

/// Waits until no other block is being run, until the end of the transaction.
const ALONE: &str = "SET LOCAL ROLE kf_owner; SELECT pg_advisory_xact_lock(27495, 0)";
const TRANSACTION: &str = "SELECT pg_backend_pid(), current_setting('transaction_isolation'), \
     current_setting('transaction_read_only'), current_setting('session_replication_role')";
const APPLIED: &str = "SELECT r.txid FROM kf.receipt AS r WHERE r.txid = ANY ($1)";

impl Engine {
    /// Runs the block that follows the last one, or gives back what it gave if it was committed before. Everything is
    /// written in `transaction`, which [`super::begin`] began and the caller commits.
    ///
    /// # Errors
    /// What [`Block::check`] finds, [`EngineError::Gap`] and [`EngineError::Fork`] if it is not the block that comes
    /// next, [`EngineError::Halt`] if this server failed. Then nothing may be committed.
    pub async fn block(
        &mut self,
        transaction: &Transaction<'_>,
        block: &Block,
    ) -> Result<Outcome, EngineError> {
        let failed =
            |error: tokio_postgres::Error| EngineError::halt(format!("block {}", block.height), &error);
        block.check()?;
        // Statements that are joined are sent together and run one after the other, each seeing what was committed before it.
        let (alone, head) = join(transaction.batch_execute(ALONE), chain::head(transaction)).await;
        alone.map_err(failed)?;
        let head = head?.ok_or(EngineError::NoGenesis)?;
        let calls = root(&block.requests.iter().map(Request::hash).collect::<Vec<_>>());
        let outcome = match before(transaction, block, &head, &calls).await? {
            Some(outcome) => outcome,
            None => self.run(transaction, block, &head, &calls).await?,
        };
        transaction.batch_execute("RESET ROLE").await.map_err(failed)?;
        Ok(outcome)
    }

    async fn run(
        &mut self,
        transaction: &Transaction<'_>,
        block: &Block,
        head: &Head,
        calls: &Hash,
    ) -> Result<Outcome, EngineError> {
        let (pinned, backend, applied) =
            join3(self.pin(transaction), check(transaction), applied(transaction, block)).await;
        pinned?;
        self.targets.begin(backend?);
        let receipts = Execution::new(self, transaction, block, head.rules.budget, applied?).all().await?;
        let leaves: Vec<Hash> = receipts.iter().map(Receipt::hash).collect();
        let receipts_root = root(&leaves);
        let state = self.hash(transaction, block, head).await?;
        let app_hash = app_hash(head, block, calls, &receipts_root, state.as_ref());
        self.hashed.end(app_hash);
        let outcome = Outcome { height: block.height, receipts, state, app_hash, replayed: false };
        chain::record(transaction, block, calls, &receipts_root, &outcome).await?;
        Ok(outcome)
    }

    /// The state after the block, where the rules want it.
    async fn hash(
        &mut self,
        transaction: &Transaction<'_>,
        block: &Block,
        head: &Head,
    ) -> Result<Option<Hash>, EngineError> {
        self.hashed.begin(&head.app_hash);
        self.hashed.forget(transaction).await?;
        match block.height.checked_rem(i64::from(head.rules.state_every)) {
            Some(0) => Ok(Some(self.hashed.state(transaction).await?.hash)),
            _ => Ok(None),
        }
    }
}

/// What the block gave when it was committed; none if it is the next.
async fn before(
    transaction: &Transaction<'_>,
    block: &Block,
    head: &Head,
    calls: &Hash,
) -> Result<Option<Outcome>, EngineError> {
    let expected = head.height.saturating_add(1);
    if block.height == expected {
        return Ok(None);
    }
    match chain::committed(transaction, block.height).await? {
        None => Err(EngineError::Gap { expected, found: block.height }),
        Some(committed) if committed.is(block, calls) => Ok(Some(committed.outcome)),
        Some(committed) => {
            Err(EngineError::Fork { height: block.height, committed: committed.calls, wanted: *calls })
        }
    }
}

/// Whether the transaction is as it must be; the server's process.
async fn check(transaction: &Transaction<'_>) -> Result<i32, EngineError> {
    let row = ask::row(transaction, TRANSACTION, &[]).await;
    let row = row.map_err(|error| EngineError::halt("the settings of the transaction", &error))?;
    let wanted = [
        (
            "transaction_isolation",
            "read committed",
            "what was committed while the block waited would be missed",
        ),
        ("transaction_read_only", "off", "a block writes"),
        ("session_replication_role", "origin", "foreign keys and triggers would not fire"),
    ];
    for (index, (name, wanted, why)) in (1..).zip(wanted) {
        let found: String = row.get(index);
        if found != wanted {
            let (name, wanted, why) = (name.to_owned(), format!("`{wanted}`"), why.to_owned());
            return Err(EngineError::Setting { name, found, wanted, why });
        }
    }
    Ok(row.get(0))
}

/// The identities among the block's requests that have a receipt already.
async fn applied(transaction: &Transaction<'_>, block: &Block) -> Result<BTreeSet<String>, EngineError> {
    let txids: Vec<&str> = block.requests.iter().map(|request| request.txid.as_str()).collect();
    let rows = ask::rows(transaction, APPLIED, &[&txids]).await;
    let rows = rows.map_err(|error| EngineError::halt("the receipts", &error))?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

fn app_hash(head: &Head, block: &Block, calls: &Hash, receipts: &Hash, state: Option<&Hash>) -> Hash {
    let mut canon = Canon::new("kuneiform.block.v1");
    canon.hash(&head.app_hash).int(block.height).bytes(&block.id).int(block.timestamp);
    canon.hash(calls).hash(receipts);
    match state {
        None => canon.tag(0),
        Some(state) => canon.tag(1).hash(state),
    };
    canon.finish()
}
