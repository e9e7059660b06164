//! What tests of events share: makers of events and votes, and an executor that writes down what it is told.

use kuneiform::oracle::store::{Batch, EventStore, Failure};
use kuneiform::oracle::{
    Block, Caps, Event, EventId, Executor, Extension, Powers, Seen, Submission, Threshold, Thresholds,
    Validator, apply,
};

pub fn validator(name: &str) -> Validator {
    Validator(name.to_owned())
}

pub fn powers(names: &[&str]) -> Powers {
    names.iter().map(|name| (validator(name), 1)).collect()
}

/// A deposit that differs from others by `source`.
pub fn deposit(source: &str) -> Event {
    Event::new(Submission::new("accounts", "deposit", ["0xab", "5"]).source(source)).unwrap()
}

/// A deposit with a place on a topic.
pub fn ordered(topic: &str, previous: Option<i64>, point: i64) -> Event {
    let submission = Submission::new("accounts", "deposit", ["0xab", "5"]).source(format!("{topic}:{point}"));
    Event::new(submission.after(topic, previous, point)).unwrap()
}

pub fn batch(events: &[&Event], cursor: &[(&str, Option<&str>)]) -> Batch {
    Batch {
        events: events.iter().map(|event| (*event).clone()).collect(),
        cursor: cursor.iter().map(|(key, value)| ((*key).into(), value.map(str::to_owned))).collect(),
    }
}

/// What each of `names` says: all of `events`, whole.
pub fn all_say(names: &[&str], events: &[&Event]) -> Seen {
    let bodies = || events.iter().map(|event| event.body().to_vec());
    names.iter().map(|name| (validator(name), Extension::fill(bodies(), [], Caps::NETWORK))).collect()
}

/// Writes down what is executed. An event whose source contains `fails` is refused with KF001, one with `breaks` ends the
/// block.
#[derive(Default)]
pub struct Ledger(pub Vec<EventId>);

impl Thresholds for Ledger {
    async fn threshold(&mut self, submission: &Submission) -> Result<Threshold, Failure> {
        let strict = submission.source.as_ref().is_some_and(|source| source.contains("strict"));
        Ok(if strict { Threshold::raised(3, 4).unwrap() } else { Threshold::TWO_THIRDS })
    }
}

impl Executor for Ledger {
    async fn execute(&mut self, event: &Event) -> Result<Result<(), String>, Failure> {
        let source = event.submission().source.clone().unwrap_or_default();
        if source.contains("breaks") {
            return Err(Failure::new("the disk is full"));
        }
        self.0.push(event.id());
        Ok(if source.contains("fails") { Err("KF001".into()) } else { Ok(()) })
    }
}

/// A block of four validators, and what it did: how each event ended by its source, in order.
pub async fn block<S: EventStore>(store: &mut S, height: i64, seen: Seen) -> Vec<(String, &'static str)> {
    let block = Block { lifetime: 10, ..Block::new(height, seen, powers(&["a", "b", "c", "d"])) };
    let report = apply(store, &mut Ledger::default(), &block).await.unwrap();
    let told = report.resolved.iter().map(|resolved| {
        let source = resolved.event.submission().source.clone();
        (source.unwrap_or_default(), resolved.outcome.word())
    });
    told.collect()
}
