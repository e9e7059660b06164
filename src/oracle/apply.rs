use std::collections::{BTreeMap, BTreeSet};

use super::encoding::{Writer, hash};
use super::found::found;
use super::store::{EventStore, Failure, Opened, Resolved};
use super::{
    Admitted, Approved, Claim, Claims, Event, EventId, Outcome, Powers, Seen, Submission, Threshold, Vote,
    admit, is_expired, limits, queue, tally,
};

/// What actions say of the events they take.
pub trait Thresholds: Send {
    /// How much of the power must have seen such an event. The same on every node.
    fn threshold(
        &mut self,
        submission: &Submission,
    ) -> impl Future<Output = Result<Threshold, Failure>> + Send;
}

/// What makes the calls of an event in the block's transaction.
pub trait Executor: Thresholds {
    /// Makes all calls of an event, or leaves no trace and gives the SQLSTATE, or its class, that every node sees.
    ///
    /// # Errors
    /// What only this machine may have met. The block is given up.
    fn execute(&mut self, event: &Event) -> impl Future<Output = Result<Result<(), String>, Failure>> + Send;
}

/// What a block brings to events.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    /// Its height.
    pub height: i64,
    /// What validators have seen.
    pub seen: Seen,
    /// The validators whose word counts at this height.
    pub powers: Powers,
    /// Heights after which an event is given up.
    pub lifetime: i64,
}

impl Block {
    /// A block with the lifetime of events that everybody has unless the network says otherwise.
    pub fn new(height: i64, seen: Seen, powers: Powers) -> Block {
        Block { height, seen, powers, lifetime: limits::LIFETIME }
    }
}

/// What a block decides of events by votes, before any call is made. The same on every node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Turn {
    /// Its height.
    pub height: i64,
    /// Hash of what the store said before: what is undecided and its votes, and the rest that was asked for.
    pub found: [u8; 32],
    /// What came up.
    pub opened: Vec<Opened>,
    /// Votes that were not there.
    pub votes: BTreeSet<Vote>,
    /// What enough have seen now, in the order of ids.
    pub approved: Vec<EventId>,
    /// Whose calls are to be made, in this order.
    pub due: Vec<Event>,
    /// Whose place another has taken.
    pub superseded: Vec<Event>,
    /// What is given up.
    pub expired: Vec<Event>,
}

/// What a block did to events.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// What was decided by votes.
    pub turn: Turn,
    /// What was decided for good, those whose calls were made first.
    pub resolved: Vec<Resolved>,
}

/// Applies a block to the events, in the block's own transaction: [`prepare`], the calls of what is due, [`finish`].
/// Exactly once: an event that is decided stays so, and that is written down in the transaction of its calls.
///
/// # Errors
/// What only this machine may have met. Nothing of the block may be committed then.
pub async fn apply<S: EventStore, E: Executor>(
    store: &mut S,
    executor: &mut E,
    block: &Block,
) -> Result<Report, Failure> {
    let turn = prepare(store, executor, block).await?;
    let mut outcomes = Vec::new();
    for event in &turn.due {
        outcomes.push(match executor.execute(event).await? {
            Ok(()) => Outcome::Applied,
            Err(reason) => Outcome::Rejected(reason),
        });
    }
    finish(store, turn, outcomes).await
}

/// Writes down what validators have seen, and decides by all votes before anything is executed.
///
/// # Errors
/// What only this machine may have met. Nothing of the block may be committed then.
pub async fn prepare<S: EventStore, T: Thresholds>(
    store: &mut S,
    thresholds: &mut T,
    block: &Block,
) -> Result<Turn, Failure> {
    let mut claims = store.claims().await?;
    let decided = decided(store, block).await?;
    let before = claims.clone();
    let admitted = admit(&block.seen, &claims, &decided, &block.powers);
    let opened = open(thresholds, &admitted).await?;
    if !admitted.votes.is_empty() || !opened.is_empty() {
        store.record(block.height, &opened, &admitted.votes).await?;
    }
    let votes = admitted.votes;
    add(&mut claims, &opened, &votes, block.height);
    let approved = decide(&mut claims, &block.powers);
    let heads = heads(store, &claims).await?;
    let found = found(&before, &decided, &heads);
    let queue = queue(&claims.open.values().filter_map(Claim::approved).collect::<Vec<_>>(), &heads);
    let events = |ids: &[EventId]| -> Vec<Event> {
        ids.iter().filter_map(|id| claims.open.get(id)).map(|claim| claim.event.clone()).collect()
    };
    let is_old =
        |claim: &&Claim| !claim.is_approved && is_expired(claim.first_height, block.height, block.lifetime);
    let expired = claims.open.values().filter(is_old).map(|claim| claim.event.clone()).collect();
    let (due, superseded) = (events(&queue.apply), events(&queue.superseded));
    Ok(Turn { height: block.height, found, opened, votes, approved, due, superseded, expired })
}

/// Writes down how events ended. `outcomes` has one for each that was due, in order.
///
/// # Errors
/// What only this machine may have met. Nothing of the block may be committed then.
pub async fn finish<S: EventStore>(
    store: &mut S,
    turn: Turn,
    outcomes: Vec<Outcome>,
) -> Result<Report, Failure> {
    if outcomes.len() != turn.due.len() {
        return Err(Failure::new("an event that was due has no outcome"));
    }
    let made = turn.due.iter().cloned().zip(outcomes);
    let ended = |events: &[Event], outcome: Outcome| -> Vec<(Event, Outcome)> {
        events.iter().map(|event| (event.clone(), outcome.clone())).collect()
    };
    let superseded = ended(&turn.superseded, Outcome::Superseded);
    let expired = ended(&turn.expired, Outcome::Expired);
    let all = made.chain(superseded).chain(expired);
    let resolved: Vec<Resolved> = all.map(|(event, outcome)| Resolved { event, outcome }).collect();
    let done: BTreeSet<EventId> = resolved.iter().map(|it| it.event.id()).collect();
    let waiting: Vec<EventId> = turn.approved.iter().filter(|id| !done.contains(id)).copied().collect();
    if !waiting.is_empty() {
        store.approve(&waiting).await?;
    }
    if !resolved.is_empty() {
        store.resolve(turn.height, &resolved).await?;
    }
    Ok(Report { turn, resolved })
}

/// Which of the events that the block speaks of are decided.
async fn decided<S: EventStore>(store: &mut S, block: &Block) -> Result<BTreeSet<EventId>, Failure> {
    let bodies = block.seen.values().flat_map(|extension| extension.bodies());
    let mentioned: BTreeSet<EventId> = bodies.map(|body| EventId::of(body)).collect();
    match mentioned.is_empty() {
        true => Ok(BTreeSet::new()),
        false => store.resolved(&mentioned.into_iter().collect::<Vec<_>>()).await,
    }
}

async fn open<T: Thresholds>(thresholds: &mut T, admitted: &Admitted) -> Result<Vec<Opened>, Failure> {
    let mut opened = Vec::new();
    for (event, claimed_by) in &admitted.events {
        let threshold = thresholds.threshold(event.submission()).await?;
        opened.push(Opened { event: event.clone(), claimed_by: claimed_by.clone(), threshold });
    }
    Ok(opened)
}

fn add(claims: &mut Claims, opened: &[Opened], votes: &BTreeSet<Vote>, first_height: i64) {
    for Opened { event, claimed_by, threshold } in opened.iter().cloned() {
        let claim = Claim { event, claimed_by, first_height, threshold, is_approved: false };
        claims.open.insert(claim.event.id(), claim);
    }
    claims.votes.extend(votes.iter().cloned());
}

/// Marks what enough have seen now.
fn decide(claims: &mut Claims, powers: &Powers) -> Vec<EventId> {
    let Claims { open, votes } = claims;
    let undecided =
        |id: &EventId| open.get(id).filter(|claim| !claim.is_approved).map(|claim| claim.threshold);
    let passed: Vec<EventId> = tally(votes.iter(), powers, undecided).into_iter().collect();
    for id in &passed {
        if let Some(claim) = open.get_mut(id) {
            claim.is_approved = true;
        }
    }
    passed
}

/// The last points of the topics that approved events are on.
async fn heads<S: EventStore>(store: &mut S, claims: &Claims) -> Result<BTreeMap<String, i64>, Failure> {
    let approved = claims.open.values().filter(|claim| claim.is_approved);
    let orders = approved.filter_map(|claim| claim.event.submission().order.as_ref());
    let topics: BTreeSet<&str> = orders.map(|order| order.topic.as_str()).collect();
    if topics.is_empty() { Ok(BTreeMap::new()) } else { store.heads(&topics).await }
}

impl Claim {
    fn approved(&self) -> Option<Approved> {
        let order = self.event.submission().order.clone();
        let approved = Approved { id: self.event.id(), first_height: self.first_height, order };
        self.is_approved.then_some(approved)
    }
}

impl Turn {
    /// SHA-256 of everything that was found and decided by votes: equal on every node, and part of the block's hash. How
    /// the calls ended is in their receipts.
    pub fn digest(&self) -> [u8; 32] {
        let mut writer = Writer::new("kf.turn.v2");
        writer.number(self.height);
        writer.fixed(&self.found);
        writer.count(self.opened.len());
        for Opened { event, claimed_by, threshold } in &self.opened {
            writer.fixed(&event.id().0);
            writer.text(&claimed_by.0);
            writer.text(&threshold.to_string());
        }
        writer.count(self.votes.len());
        for vote in &self.votes {
            writer.fixed(&vote.id.0);
            writer.text(&vote.validator.0);
        }
        writer.count(self.approved.len());
        self.approved.iter().for_each(|id| writer.fixed(&id.0));
        for events in [&self.due, &self.superseded, &self.expired] {
            writer.count(events.len());
            events.iter().for_each(|event| writer.fixed(&event.id().0));
        }
        hash(&writer.finish())
    }
}
