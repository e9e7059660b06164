use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::blocks::Head;
use super::metrics::Metrics;
use super::pool::Pool;
use super::viewers::Viewers;
use super::{NodeError, problems};
use crate::oracle::{Finalized, States};

/// What the loop and the API share.
pub(super) struct Node {
    pub(super) chain_id: String,
    /// Hash of the genesis, in hex.
    pub(super) genesis: String,
    pub(super) pool: Pool,
    pub(super) wake: Arc<Notify>,
    pub(super) viewers: Viewers,
    pub(super) metrics: Metrics,
    /// Without a block for longer than this, something is wrong; none if others decide when there is one.
    pub(super) longest_idle: Option<Duration>,
    states: OnceLock<States>,
    at: Mutex<At>,
}

struct At {
    head: Head,
    /// When the last block ended.
    since: Instant,
}

impl Node {
    pub(super) fn new(
        (chain_id, genesis): (String, String),
        head: Head,
        viewers: Viewers,
        longest_idle: Option<Duration>,
    ) -> Result<Node, NodeError> {
        let metrics = Metrics::new().map_err(|error| problems::system("the metrics", &error))?;
        metrics.at(&head);
        let wake = Arc::new(Notify::new());
        let (pool, states) = (Pool::new(wake.clone()), OnceLock::new());
        let at = Mutex::new(At { head, since: Instant::now() });
        Ok(Node { chain_id, genesis, pool, wake, viewers, metrics, longest_idle, states, at })
    }

    /// A block was committed.
    pub(super) fn advance(&self, head: &Head, finalized: &Finalized, took: Duration) {
        self.metrics.at(head);
        self.metrics.block(finalized, took);
        let mut at = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        *at = At { head: head.clone(), since: Instant::now() };
    }

    /// The chain is somewhere already.
    pub(super) fn at(&self, head: Head) {
        self.metrics.at(&head);
        self.at.lock().unwrap_or_else(PoisonError::into_inner).head = head;
    }

    /// Where the chain is.
    pub(super) fn head(&self) -> Head {
        self.at.lock().unwrap_or_else(PoisonError::into_inner).head.clone()
    }

    /// How long ago the last block ended.
    pub(super) fn idle(&self) -> Duration {
        self.at.lock().unwrap_or_else(PoisonError::into_inner).since.elapsed()
    }

    /// Oracles have started.
    pub(super) fn has(&self, states: States) {
        let _ = self.states.set(states);
    }

    /// Where oracles stand; none before they have started.
    pub(super) fn states(&self) -> States {
        self.states.get().cloned().unwrap_or_default()
    }
}
