use std::pin::Pin;
use std::sync::Arc;

use super::store::memory::MemoryStore;
use super::store::{Batch, EventStore, Failure};
use super::{Event, EventId, Malformed, Submission, limits};

/// An answer that comes later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The part of a store that oracles write to, at any time and from any task.
pub trait Sink: Send + Sync {
    /// As [`EventStore::append`].
    fn append<'a>(&'a self, oracle: &'a str, batch: &'a Batch) -> Later<'a, Result<usize, Failure>>;

    /// As [`EventStore::cursor`].
    fn cursor<'a>(&'a self, oracle: &'a str, key: &'a str) -> Later<'a, Result<Option<String>, Failure>>;
}

impl Sink for MemoryStore {
    fn append<'a>(&'a self, oracle: &'a str, batch: &'a Batch) -> Later<'a, Result<usize, Failure>> {
        Box::pin(async move { EventStore::append(&mut self.clone(), oracle, batch).await })
    }

    fn cursor<'a>(&'a self, oracle: &'a str, key: &'a str) -> Later<'a, Result<Option<String>, Failure>> {
        Box::pin(async move { EventStore::cursor(&mut self.clone(), oracle, key).await })
    }
}

/// Why nothing of a submission was kept.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SubmitError {
    /// One of the events, counted from 0, does not keep to the limits. Submitting it again is no use.
    #[error("event {0}: {1}")]
    Event(usize, Malformed),
    /// So many at once, or such a cursor, are not taken.
    #[error("{0}")]
    Batch(&'static str),
    /// The store did not keep them. Submitting them again is safe.
    #[error("{0}")]
    Store(#[from] Failure),
}

/// Takes what one oracle has seen, and remembers where it is. Everything is under the oracle's name: no other oracle sees
/// or changes its cursor.
#[derive(Clone)]
pub struct Receiver {
    oracle: Arc<str>,
    sink: Arc<dyn Sink>,
}

impl Receiver {
    /// The receiver of the oracle `oracle`.
    pub fn new(oracle: &str, sink: Arc<dyn Sink>) -> Receiver {
        Receiver { oracle: oracle.into(), sink }
    }

    /// Keeps one event. Doing it again, at any time, changes nothing.
    ///
    /// # Errors
    /// [`SubmitError`]; then it was not kept.
    pub async fn submit(&self, submission: Submission) -> Result<EventId, SubmitError> {
        let event = Event::new(submission).map_err(|why| SubmitError::Event(0, why))?;
        let id = event.id();
        self.sink.append(&self.oracle, &Batch { events: vec![event], cursor: Vec::new() }).await?;
        Ok(id)
    }

    /// Keeps events in the order in which they happened, and what the oracle remembers from now on: all or nothing. A key
    /// without a value is forgotten.
    ///
    /// # Errors
    /// [`SubmitError`]; then nothing was kept.
    pub async fn submit_all(
        &self,
        submissions: Vec<Submission>,
        cursor: Vec<(String, Option<String>)>,
    ) -> Result<Vec<EventId>, SubmitError> {
        check(&submissions, &cursor)?;
        let mut events = Vec::new();
        for (index, submission) in submissions.into_iter().enumerate() {
            events.push(Event::new(submission).map_err(|why| SubmitError::Event(index, why))?);
        }
        let ids = events.iter().map(Event::id).collect();
        self.sink.append(&self.oracle, &Batch { events, cursor }).await?;
        Ok(ids)
    }

    /// What was remembered under `key`.
    ///
    /// # Errors
    /// [`SubmitError::Store`].
    pub async fn cursor(&self, key: &str) -> Result<Option<String>, SubmitError> {
        Ok(self.sink.cursor(&self.oracle, key).await?)
    }
}

fn check(submissions: &[Submission], cursor: &[(String, Option<String>)]) -> Result<(), SubmitError> {
    if submissions.len() > limits::BATCH {
        return Err(SubmitError::Batch("more than 10000 events are submitted at once"));
    }
    let fits = |text: &str, most| text.len() <= most && !text.contains('\0');
    for (key, value) in cursor {
        if key.is_empty() || !fits(key, limits::CURSOR_KEY_BYTES) {
            return Err(SubmitError::Batch("a cursor's key has 1 to 256 bytes and no NUL"));
        }
        if !value.as_ref().is_none_or(|value| fits(value, limits::CURSOR_VALUE_BYTES)) {
            return Err(SubmitError::Batch("a cursor's value has at most 64 KiB and no NUL"));
        }
    }
    Ok(())
}
