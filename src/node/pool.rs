use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, oneshot};

use crate::engine::Receipt;
use crate::signed::Signed;

/// Calls that wait.
const CALLS: usize = 10_000;
/// Bytes of all that wait.
const BYTES: usize = 64 * 1024 * 1024;

/// What became of a call in a block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// It ran.
    Ran(i64, Receipt),
    /// Its nonce was used up in the meantime.
    Replayed,
    /// The height it was good for has passed.
    Expired,
}

/// Why a call does not get in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Full {
    /// The caller has used this nonce, or a greater one.
    Replayed,
    /// Too much waits.
    Busy,
    /// The node stops.
    Stopping,
}

/// A call that waits for a block.
pub(super) struct Pending {
    pub(super) signed: Signed,
    tell: oneshot::Sender<Fate>,
}

impl Pending {
    /// Tells whoever waits, if somebody does.
    pub(super) fn tell(self, fate: Fate) {
        let _ = self.tell.send(fate);
    }
}

/// Calls on their way into a block, bounded in number and bytes.
pub(super) struct Pool {
    inner: Mutex<Inner>,
    wake: Arc<Notify>,
}

#[derive(Default)]
struct Inner {
    queue: VecDeque<Pending>,
    bytes: usize,
    /// The greatest nonce of each caller that is here or in the block that runs.
    nonces: BTreeMap<String, i64>,
    /// What is here or in the block that runs.
    txids: BTreeSet<String>,
    is_closed: bool,
}

impl Pool {
    pub(super) fn new(wake: Arc<Notify>) -> Pool {
        Pool { inner: Mutex::default(), wake }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a call in whose caller's last nonce in the database is `last`. Gives what will tell its fate.
    pub(super) fn add(&self, signed: Signed, last: i64) -> Result<oneshot::Receiver<Fate>, Full> {
        let mut inner = self.lock();
        if inner.is_closed {
            return Err(Full::Stopping);
        }
        let caller = &signed.request.caller;
        if signed.nonce <= inner.nonces.get(caller).map_or(last, |pending| last.max(*pending)) {
            return Err(Full::Replayed);
        }
        if inner.queue.len() >= CALLS || inner.bytes + signed.bytes > BYTES {
            return Err(Full::Busy);
        }
        inner.nonces.insert(caller.clone(), signed.nonce);
        inner.txids.insert(signed.request.txid.clone());
        inner.bytes += signed.bytes;
        let (tell, told) = oneshot::channel();
        inner.queue.push_back(Pending { signed, tell });
        self.wake.notify_one();
        Ok(told)
    }

    /// The oldest calls, at most `calls` and `bytes`, but one at least.
    pub(super) fn take(&self, calls: usize, bytes: usize) -> Vec<Pending> {
        let mut inner = self.lock();
        let mut taken: Vec<Pending> = Vec::new();
        let mut size = 0;
        while let Some(next) = inner.queue.front() {
            size += next.signed.bytes;
            if !taken.is_empty() && (taken.len() >= calls || size > bytes) {
                break;
            }
            taken.extend(inner.queue.pop_front());
        }
        inner.bytes -= taken.iter().map(|pending| pending.signed.bytes).sum::<usize>();
        taken
    }

    /// A call that was taken has had its block.
    pub(super) fn done(&self, signed: &Signed) {
        let mut inner = self.lock();
        inner.txids.remove(&signed.request.txid);
        if inner.nonces.get(&signed.request.caller) == Some(&signed.nonce) {
            inner.nonces.remove(&signed.request.caller);
        }
    }

    /// True if the call waits, or is in the block that runs.
    pub(super) fn has(&self, txid: &str) -> bool {
        self.lock().txids.contains(txid)
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.lock().queue.len()
    }

    /// Nothing more gets in.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.wake.notify_one();
    }
}
