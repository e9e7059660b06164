//! A node's database: events and calls of a block in one transaction, through the engine.

use std::collections::BTreeMap;

use futures_util::future::join;
use tokio_postgres::Transaction;

use super::encoding::Writer;
use super::store::postgres::PostgresStore;
use super::store::{EventStore, Failure};
use super::{
    Block, Caps, Event, Outcome, Powers, Report, Seen, Submission, Target, Threshold, Thresholds, Validator,
    finish, prepare,
};
use crate::deploy::call::Given;
use crate::deploy::connect::ask;
use crate::engine::{self, By, Engine, EngineError, Invocation, Receipt, Request};

/// `@caller` of an action that an event calls.
pub const CALLER: &str = "oracle";
/// Waits until no other block is being run, as the engine does once more.
const ALONE: &str = "SELECT pg_advisory_xact_lock(27495, 0)";
const THRESHOLD: &str = "SELECT d.interface #>> ARRAY['actions', $2, 'annotations', 'oracle', 'threshold'] \
     FROM kf.dataset AS d WHERE d.dbid = $1";

/// A block that was agreed on.
#[derive(Clone, PartialEq, Debug)]
pub struct Agreed {
    /// Its height: one more than the last.
    pub height: i64,
    /// What consensus calls it.
    pub id: Vec<u8>,
    /// Unix time in seconds.
    pub timestamp: i64,
    /// What validators have seen.
    pub seen: Seen,
    /// The validators whose word counts at this height.
    pub powers: Powers,
    /// Calls of users, made after those of events.
    pub requests: Vec<Request>,
}

/// What a block gave.
#[derive(Clone, PartialEq, Debug)]
pub struct Finalized {
    /// What it did to events.
    pub events: Report,
    /// Receipts of the events that were due, then of the users' requests; the hashes.
    pub outcome: engine::Outcome,
}

/// Runs blocks with events. All nodes of a chain must be made with the same lifetime of events.
pub struct Replica {
    engine: Engine,
    lifetime: i64,
}

impl Replica {
    /// Over an engine that has started. `lifetime` is the number of heights after which an event that too few have seen is
    /// given up, [`super::limits::LIFETIME`] unless the network says otherwise.
    pub fn new(engine: Engine, lifetime: i64) -> Replica {
        Replica { engine, lifetime }
    }

    /// The engine, for calls beside blocks.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Runs the next block in `transaction`, which [`engine::begin`] began and the caller commits: votes are written down
    /// and decided, events that are due call their actions, each in a savepoint, then users' requests run. How an event
    /// ended is written in the same transaction, so that after a crash at any point a block is run again whole.
    ///
    /// # Errors
    /// [`EngineError::Gap`] if it is not the next block, [`EngineError::Halt`] if this server failed. Then nothing may be
    /// committed.
    pub async fn block(
        &mut self,
        transaction: &Transaction<'_>,
        agreed: &Agreed,
    ) -> Result<Finalized, EngineError> {
        self.wait(transaction, agreed.height).await?;
        let mut store = PostgresStore(transaction);
        let mut thresholds = Declared { transaction, known: BTreeMap::new() };
        let Agreed { height, seen, powers, .. } = agreed;
        let block = Block { lifetime: self.lifetime, ..Block::new(*height, seen.clone(), powers.clone()) };
        let turn = prepare(&mut store, &mut thresholds, &block).await.map_err(halt)?;
        let requests: Vec<Request> = turn.due.iter().map(request).collect();
        let due = requests.len();
        let block = engine::Block {
            height: *height,
            id: identity(&agreed.id, &turn.digest()),
            timestamp: agreed.timestamp,
            requests: requests.into_iter().chain(agreed.requests.iter().cloned()).collect(),
        };
        let outcome = self.engine.block(transaction, &block).await?;
        let outcomes = outcome.receipts.iter().take(due).map(ended).collect();
        let events = finish(&mut store, turn, outcomes).await.map_err(halt)?;
        Ok(Finalized { events, outcome })
    }

    /// Runs the next block of a validator that is alone: everything its oracles have seen, up to a thousand events, then
    /// `requests`. None if there is nothing to do. The caller commits `transaction`.
    ///
    /// # Errors
    /// As [`Replica::block`].
    pub async fn solo(
        &mut self,
        transaction: &Transaction<'_>,
        timestamp: i64,
        requests: Vec<Request>,
    ) -> Result<Option<Finalized>, EngineError> {
        let me = Validator("solo".to_owned());
        let pending = PostgresStore(transaction).pending(&me, Caps::SOLO).await.map_err(halt)?;
        if pending.is_empty() && requests.is_empty() {
            return Ok(None);
        }
        let head = self.engine.head(transaction).await?.ok_or(EngineError::NoGenesis)?;
        let height = head.height.saturating_add(1);
        let (seen, powers) = (Seen::from([(me.clone(), pending)]), Powers::solo(me));
        let agreed = Agreed { height, id: height.to_be_bytes().to_vec(), timestamp, seen, powers, requests };
        self.block(transaction, &agreed).await.map(Some)
    }

    /// Waits for its turn and makes sure that this is the next block: one that was committed has changed the events.
    async fn wait(&self, transaction: &Transaction<'_>, height: i64) -> Result<(), EngineError> {
        let (alone, head) = join(transaction.batch_execute(ALONE), self.engine.head(transaction)).await;
        alone.map_err(|error| halt(error.into()))?;
        let head = head?.ok_or(EngineError::NoGenesis)?;
        match head.height.saturating_add(1) {
            expected if expected != height => Err(EngineError::Gap { expected, found: height }),
            _ => Ok(()),
        }
    }
}

/// What the deployed actions say: `@oracle(threshold = '3/4')`. What is no threshold, or less than two thirds, is two
/// thirds.
struct Declared<'a, 't> {
    transaction: &'a Transaction<'t>,
    known: BTreeMap<(String, String), Threshold>,
}

impl Thresholds for Declared<'_, '_> {
    async fn threshold(&mut self, submission: &Submission) -> Result<Threshold, Failure> {
        let mut strictest = Threshold::TWO_THIRDS;
        for Target { dbid, action, .. } in &submission.targets {
            let key = (dbid.clone(), action.clone());
            if !self.known.contains_key(&key) {
                let row = ask::perhaps(self.transaction, THRESHOLD, &[dbid, action]).await?;
                let written = row.and_then(|row| row.get::<_, Option<String>>(0));
                let written = written.and_then(|text| text.trim_matches('\'').parse().ok());
                self.known.insert(key.clone(), written.unwrap_or(Threshold::TWO_THIRDS));
            }
            strictest = self.known.get(&key).map_or(strictest, |threshold| strictest.stricter(*threshold));
        }
        Ok(strictest)
    }
}

/// The calls of an event. Its identity cannot be that of a user's request, which no `:` is in.
fn request(event: &Event) -> Request {
    let call = |target: &Target| Invocation {
        dataset: target.dbid.clone(),
        action: target.action.clone(),
        arguments: Given::Json(target.inputs.iter().map(super::Input::to_json).collect()),
    };
    Request {
        txid: format!("event:{}", event.id()),
        caller: CALLER.to_owned(),
        signer: CALLER.as_bytes().to_vec(),
        authenticator: CALLER.to_owned(),
        by: By::Oracle,
        calls: event.submission().targets.iter().map(call).collect(),
    }
}

fn ended(receipt: &Receipt) -> Outcome {
    match receipt.is_ok() {
        true => Outcome::Applied,
        false => Outcome::Rejected(receipt.status.clone()),
    }
}

/// What consensus calls the block, and what was decided of events in it: both enter the hash of the chain.
fn identity(id: &[u8], digest: &[u8; 32]) -> Vec<u8> {
    let mut writer = Writer::new("kf.block-id.v1");
    writer.bytes(id);
    writer.fixed(digest);
    writer.finish()
}

fn halt(failure: Failure) -> EngineError {
    let Failure { message, sqlstate } = failure;
    EngineError::Halt { sqlstate, message, place: "the events".to_owned() }
}
