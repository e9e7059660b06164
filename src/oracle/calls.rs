//! Users' calls as consensus carries them: bytes that only the node around the library can read.

use tokio_postgres::{Client, Transaction};

use super::Later;
use super::store::Failure;
use crate::engine::Request;

/// Why a block leaves a user's transaction out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// It is not the canonical form of a call.
    Malformed,
    /// It is for another chain.
    WrongChain,
    /// The signature is not the caller's.
    BadSignature,
    /// What makes it run only once was used.
    Replayed,
    /// The last height at which it may run has passed.
    Expired,
}

/// What a block says of each of its transactions.
pub type Verdicts<T> = Result<Vec<Result<T, Refused>>, Failure>;

/// Reads users' transactions. All nodes of a chain must judge alike: by the bytes, the height, and what is committed.
pub trait Calls: Send + Sync {
    /// What a block at `height` would say of each of these transactions, in order. Writes nothing.
    fn foresee<'a>(
        &'a self,
        client: &'a Client,
        height: i64,
        transactions: &'a [Vec<u8>],
    ) -> Later<'a, Verdicts<()>>;

    /// What the block at `height` says of each, and what it runs. What makes a call run only once is written in the
    /// block's own `transaction`.
    fn admit<'a>(
        &'a self,
        transaction: &'a Transaction<'_>,
        height: i64,
        transactions: &'a [Vec<u8>],
    ) -> Later<'a, Verdicts<Request>>;
}

/// For a chain whose users call nothing.
pub struct NoCalls;

impl Calls for NoCalls {
    fn foresee<'a>(&'a self, _: &'a Client, _: i64, transactions: &'a [Vec<u8>]) -> Later<'a, Verdicts<()>> {
        Box::pin(async { Ok(transactions.iter().map(|_| Err(Refused::Malformed)).collect()) })
    }

    fn admit<'a>(
        &'a self,
        _: &'a Transaction<'_>,
        _: i64,
        transactions: &'a [Vec<u8>],
    ) -> Later<'a, Verdicts<Request>> {
        Box::pin(async { Ok(transactions.iter().map(|_| Err(Refused::Malformed)).collect()) })
    }
}
