use std::collections::BTreeMap;

use tokio_postgres::{Client, GenericClient, Transaction};

use super::transaction;
use crate::engine::Request;
use crate::oracle::{Calls, Later, Refused, Verdicts};
use crate::signed::{Barred, Refusal, Signed, admit, foresee};

/// Users' transactions are signed calls, the same that a node that is alone takes over HTTP.
pub struct SignedCalls {
    /// What the chain is called; every call names it.
    pub chain_id: String,
}

impl SignedCalls {
    /// Reads a transaction and checks its signature.
    ///
    /// # Errors
    /// Why it is no call of this chain's.
    pub fn open(&self, bytes: &[u8]) -> Result<Signed, Refused> {
        let (payload, signature) = transaction::decode(bytes).map_err(|_| Refused::Malformed)?;
        Signed::open(payload, signature, &self.chain_id).map_err(|refusal| match refusal {
            Refusal::Malformed(_) => Refused::Malformed,
            Refusal::WrongChain => Refused::WrongChain,
            Refusal::BadSignature(_) => Refused::BadSignature,
        })
    }

    /// Calls in the order in which they came, but each caller's by their nonces: a lower one after a greater would be
    /// refused. What is no call is left out.
    pub(super) fn arrange(&self, transactions: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        let mut of_caller: BTreeMap<String, Vec<(i64, Vec<u8>)>> = BTreeMap::new();
        let mut turns = Vec::new();
        for transaction in transactions {
            if let Ok(call) = self.open(&transaction) {
                turns.push(call.request.caller.clone());
                of_caller.entry(call.request.caller).or_default().push((call.nonce, transaction));
            }
        }
        // From the end, where the next is.
        of_caller.values_mut().for_each(|calls| calls.sort_by(|a, b| b.cmp(a)));
        let next = |caller: String| of_caller.get_mut(&caller)?.pop().map(|(_, transaction)| transaction);
        turns.into_iter().filter_map(next).collect()
    }

    async fn foreseen(
        &self,
        client: &impl GenericClient,
        height: i64,
        transactions: &[Vec<u8>],
    ) -> Verdicts<()> {
        let opened: Vec<_> = transactions.iter().map(|bytes| self.open(bytes)).collect();
        let calls: Vec<&Signed> = opened.iter().flatten().collect();
        let mut judged = foresee(client, height, &calls).await?.into_iter().map(barred);
        Ok(opened.iter().map(|call| judge(call, &mut judged).map(drop)).collect())
    }

    async fn admitted(
        &self,
        transaction: &Transaction<'_>,
        height: i64,
        transactions: &[Vec<u8>],
    ) -> Verdicts<Request> {
        let opened: Vec<_> = transactions.iter().map(|bytes| self.open(bytes)).collect();
        let calls: Vec<&Signed> = opened.iter().flatten().collect();
        let mut judged = admit(transaction, height, &calls).await?.into_iter().map(barred);
        let request = |signed: &Signed| signed.request.clone();
        Ok(opened.iter().map(|call| judge(call, &mut judged).map(request)).collect())
    }
}

fn barred(judged: Result<(), Barred>) -> Result<(), Refused> {
    judged.map_err(|barred| match barred {
        Barred::Replayed => Refused::Replayed,
        Barred::Expired => Refused::Expired,
    })
}

/// `judged` has one for each that could be opened.
fn judge<'a>(
    call: &'a Result<Signed, Refused>,
    judged: &mut impl Iterator<Item = Result<(), Refused>>,
) -> Result<&'a Signed, Refused> {
    let call = call.as_ref().map_err(|refused| *refused)?;
    judged.next().unwrap_or(Err(Refused::Malformed)).map(|()| call)
}

impl Calls for SignedCalls {
    fn foresee<'a>(
        &'a self,
        client: &'a Client,
        height: i64,
        transactions: &'a [Vec<u8>],
    ) -> Later<'a, Verdicts<()>> {
        Box::pin(self.foreseen(client, height, transactions))
    }

    fn admit<'a>(
        &'a self,
        transaction: &'a Transaction<'_>,
        height: i64,
        transactions: &'a [Vec<u8>],
    ) -> Later<'a, Verdicts<Request>> {
        Box::pin(self.admitted(transaction, height, transactions))
    }
}
