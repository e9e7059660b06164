//! Where events are kept. What a node has seen is its own affair and is written at any time; what validators claim, vote
//! and decide is the same everywhere and is written in the block's own transaction.

pub mod memory;
pub mod postgres;
mod sink;

use std::collections::{BTreeMap, BTreeSet};

pub use sink::PostgresSink;

use super::{Caps, Claims, Event, EventId, Extension, Outcome, Threshold, Validator, Vote};

/// The store, or the database under it, did not do its part. Nothing of the unit of work holds: an oracle submits again, a
/// block is given up.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}{}", sqlstate.as_ref().map(|state| format!(" (SQLSTATE {state})")).unwrap_or_default())]
pub struct Failure {
    /// What happened.
    pub message: String,
    /// What the server called it, if it did.
    pub sqlstate: Option<String>,
}

impl Failure {
    /// One that no server has a name for.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), sqlstate: None }
    }
}

/// Events of one oracle with the cursor that belongs to them: both are kept or neither.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Batch {
    /// In the order in which they happened.
    pub events: Vec<Event>,
    /// What the oracle remembers from now on; nothing forgets a key.
    pub cursor: Vec<(String, Option<String>)>,
}

/// An event that was decided at a height.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolved {
    /// Which.
    pub event: Event,
    /// How.
    pub outcome: Outcome,
}

/// One that came up at a height.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opened {
    /// What is claimed.
    pub event: Event,
    /// Who brought it.
    pub claimed_by: Validator,
    /// How much of the power must have seen it.
    pub threshold: Threshold,
}

/// What is known of an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// What it says.
    pub event: Event,
    /// Where it stands.
    pub stage: Stage,
    /// Who has seen it; empty once it is decided.
    pub votes: BTreeSet<Validator>,
}

/// Where an event stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stage {
    /// This node has seen it, and the chain does not know it.
    Observed,
    /// It came up at `first_height` and is not decided.
    Open {
        /// The height.
        first_height: i64,
        /// True if enough have seen it: it waits for the event before it.
        is_approved: bool,
    },
    /// It is decided.
    Done {
        /// At which height.
        height: i64,
        /// How.
        outcome: Outcome,
    },
}

impl Stage {
    /// One word for it: `observed`, `open`, `approved`, or how it ended.
    pub fn word(&self) -> &'static str {
        match self {
            Stage::Observed => "observed",
            Stage::Open { is_approved: false, .. } => "open",
            Stage::Open { is_approved: true, .. } => "approved",
            Stage::Done { outcome, .. } => outcome.word(),
        }
    }
}

/// A store as one unit of work sees it. `memory` and `postgres` pass the same tests.
pub trait EventStore: Send {
    /// Keeps what an oracle has seen and its cursor, both or neither. An event that is there, or decided, is not kept again.
    /// Gives how many are new.
    fn append(&mut self, oracle: &str, batch: &Batch) -> impl Future<Output = Result<usize, Failure>> + Send;

    /// What an oracle has put under `key`. No oracle sees another's.
    fn cursor(
        &mut self,
        oracle: &str,
        key: &str,
    ) -> impl Future<Output = Result<Option<String>, Failure>> + Send;

    /// What this validator has to say with its next vote: oldest first what the chain does not have, and votes that it has
    /// not counted.
    fn pending(
        &mut self,
        validator: &Validator,
        caps: Caps,
    ) -> impl Future<Output = Result<Extension, Failure>> + Send;

    /// Everything undecided.
    fn claims(&mut self) -> impl Future<Output = Result<Claims, Failure>> + Send;

    /// The last points of these topics.
    fn heads(
        &mut self,
        topics: &BTreeSet<&str>,
    ) -> impl Future<Output = Result<BTreeMap<String, i64>, Failure>> + Send;

    /// Which of these are decided.
    fn resolved(
        &mut self,
        ids: &[EventId],
    ) -> impl Future<Output = Result<BTreeSet<EventId>, Failure>> + Send;

    /// Adds events that came up and votes.
    fn record(
        &mut self,
        height: i64,
        opened: &[Opened],
        votes: &BTreeSet<Vote>,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Remembers that enough have seen these: they do not expire.
    fn approve(&mut self, ids: &[EventId]) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Writes down, for ever, how events ended, and moves their topics on.
    fn resolve(
        &mut self,
        height: i64,
        resolved: &[Resolved],
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// What is known of events whose stage has this [`Stage::word`], or of all: undecided ones first, then the last decided,
    /// at most `most`.
    fn list(
        &mut self,
        word: Option<&str>,
        most: usize,
    ) -> impl Future<Output = Result<Vec<Record>, Failure>> + Send;

    /// What is known of one event.
    fn find(&mut self, id: EventId) -> impl Future<Output = Result<Option<Record>, Failure>> + Send;
}

/// The last points of topics after `resolved`: what was applied or rejected has had its turn.
pub(super) fn moved(resolved: &[Resolved]) -> BTreeMap<&str, i64> {
    let had_turn = |it: &&Resolved| matches!(it.outcome, Outcome::Applied | Outcome::Rejected(_));
    let mut heads = BTreeMap::new();
    for (topic, point) in resolved.iter().filter(had_turn).filter_map(Resolved::order) {
        let head = heads.entry(topic).or_insert(point);
        *head = point.max(*head);
    }
    heads
}

impl Resolved {
    fn order(&self) -> Option<(&str, i64)> {
        self.event.submission().order.as_ref().map(|order| (order.topic.as_str(), order.point))
    }
}
