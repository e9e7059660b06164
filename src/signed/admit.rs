//! Which calls a block may run: by their nonces and the heights they are good for, which every node judges alike.

use std::collections::BTreeMap;

use tokio_postgres::{GenericClient, Transaction};

use super::{Signed, nonce};

/// Why a block leaves a call out whose signature holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Barred {
    /// Its nonce, or a greater one of the caller's, was used.
    Replayed,
    /// The last height at which it may run has passed.
    Expired,
}

/// Judges the calls of one block in their order.
pub struct Judge {
    height: i64,
    lasts: BTreeMap<String, i64>,
}

impl Judge {
    /// For a block at `height`, after one that left these callers with these nonces.
    pub fn new(height: i64, lasts: BTreeMap<String, i64>) -> Judge {
        Judge { height, lasts }
    }

    /// Whether the next call may run. A call that may uses up its nonce.
    ///
    /// # Errors
    /// Why not.
    pub fn judge(&mut self, call: &Signed) -> Result<(), Barred> {
        if call.expires.is_some_and(|expires| expires < self.height) {
            return Err(Barred::Expired);
        }
        let caller = &call.request.caller;
        if self.lasts.get(caller).is_some_and(|last| call.nonce <= *last) {
            return Err(Barred::Replayed);
        }
        self.lasts.insert(caller.clone(), call.nonce);
        Ok(())
    }
}

/// What a block at `height` would say of each of these calls, after what is committed.
///
/// # Errors
/// If the database fails.
pub async fn foresee(
    client: &impl GenericClient,
    height: i64,
    calls: &[&Signed],
) -> Result<Vec<Result<(), Barred>>, tokio_postgres::Error> {
    let mut callers: Vec<&str> = calls.iter().map(|call| call.request.caller.as_str()).collect();
    callers.sort_unstable();
    callers.dedup();
    let mut judge = Judge::new(height, nonce::lasts(client, &callers).await?);
    Ok(calls.iter().map(|call| judge.judge(call)).collect())
}

/// What the block at `height` says of each of its calls. The nonces of those it runs are used up in its `transaction`,
/// whatever becomes of the calls.
///
/// # Errors
/// If the database fails. The block is given up.
pub async fn admit(
    transaction: &Transaction<'_>,
    height: i64,
    calls: &[&Signed],
) -> Result<Vec<Result<(), Barred>>, tokio_postgres::Error> {
    let judged = foresee(transaction, height, calls).await?;
    // Later ones are greater.
    let admitted = calls.iter().zip(&judged).filter(|(_, judged)| judged.is_ok());
    let lasts = admitted.map(|(call, _)| (call.request.caller.as_str(), call.nonce)).collect();
    nonce::record(transaction, &lasts).await?;
    Ok(judged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{By, Request};

    fn call(caller: &str, nonce: i64, expires: Option<i64>) -> Signed {
        let request = Request {
            txid: "t".into(),
            caller: caller.into(),
            signer: Vec::new(),
            authenticator: "ed25519".into(),
            by: By::User,
            calls: Vec::new(),
        };
        Signed { request, nonce, expires, bytes: 1 }
    }

    #[test]
    fn nonces_rise_within_a_block_too_and_heights_pass() {
        let mut judge = Judge::new(10, BTreeMap::from([("a".to_owned(), 5)]));
        let mut judged = |caller: &str, nonce, expires| judge.judge(&call(caller, nonce, expires));
        assert_eq!(judged("a", 5, None), Err(Barred::Replayed));
        assert_eq!(judged("a", 7, Some(10)), Ok(()));
        assert_eq!(judged("a", 6, None), Err(Barred::Replayed));
        assert_eq!(judged("b", 1, Some(9)), Err(Barred::Expired));
        // What has expired used nothing up.
        assert_eq!(judged("b", 1, None), Ok(()));
        assert_eq!(judged("b", 1, None), Err(Barred::Replayed));
    }
}
