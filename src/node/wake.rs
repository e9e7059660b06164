use std::sync::Arc;

use tokio::sync::Notify;

use crate::oracle::store::{Batch, Failure, PostgresSink};
use crate::oracle::{Later, Sink};

/// Where oracles write, waking the loop when there is something new.
pub(super) struct Waking {
    pub(super) inner: PostgresSink,
    pub(super) wake: Arc<Notify>,
}

impl Sink for Waking {
    fn append<'a>(&'a self, oracle: &'a str, batch: &'a Batch) -> Later<'a, Result<usize, Failure>> {
        Box::pin(async move {
            let new = self.inner.append(oracle, batch).await?;
            if new > 0 {
                self.wake.notify_one();
            }
            Ok(new)
        })
    }

    fn cursor<'a>(&'a self, oracle: &'a str, key: &'a str) -> Later<'a, Result<Option<String>, Failure>> {
        self.inner.cursor(oracle, key)
    }
}
