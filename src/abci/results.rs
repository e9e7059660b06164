//! What CometBFT is told of transactions and events. Codes stay as they are; only code, data and gas enter its hashes.

use tendermint::abci::types::ExecTxResult;
use tendermint::abci::{Code, Event, EventAttributeIndexExt};

use crate::engine::Receipt;
use crate::oracle::store::Resolved;
use crate::oracle::{Decided, Refused};

/// Whose codes they are.
pub(super) const CODESPACE: &str = "kuneiform";
/// The call was run and has a receipt that is not `OK`.
const FAILED: u32 = 1;

/// The code of a transaction that is left out, and what is said.
pub(super) fn refusal(refused: Refused) -> (Code, &'static str) {
    let (code, words) = match refused {
        Refused::Malformed => (2, "it is not a signed call"),
        Refused::WrongChain => (3, "it is for another chain"),
        Refused::BadSignature => (4, "the signature is not the caller's"),
        Refused::Replayed => (5, "the caller has used this nonce, or a greater one"),
        Refused::Expired => (6, "the height in `expires` has passed"),
    };
    (Code::from(code), words)
}

/// One for each transaction of the block, the votes first.
pub(super) fn of_block(decided: &Decided) -> Vec<ExecTxResult> {
    let named = || ExecTxResult { codespace: CODESPACE.to_owned(), ..ExecTxResult::default() };
    let calls = decided.receipts().into_iter().map(|receipt| match receipt {
        Ok(receipt) => ran(receipt),
        Err(refused) => {
            let (code, words) = refusal(refused);
            ExecTxResult { code, log: words.to_owned(), ..named() }
        }
    });
    std::iter::once(named()).chain(calls).collect()
}

fn ran(receipt: &Receipt) -> ExecTxResult {
    let Receipt { txid, status, steps, rows, result } = receipt;
    let (code, data) = match receipt.is_ok() {
        true => (Code::Ok, result.to_vec()),
        false => (Code::from(FAILED), Vec::new()),
    };
    let told = [("txid", txid.as_str()), ("status", status.as_str())];
    ExecTxResult {
        code,
        data: data.into(),
        log: status.clone(),
        info: format!("{rows} rows"),
        gas_wanted: *steps,
        gas_used: *steps,
        events: vec![Event::new("call", told.map(|it| it.index()))],
        codespace: CODESPACE.to_owned(),
    }
}

/// How events from outside ended.
pub(super) fn events(decided: &Decided) -> Vec<Event> {
    let one = |Resolved { event, outcome }: &Resolved| {
        let id = event.id().to_string();
        let (word, reason) = (outcome.word(), outcome.reason().unwrap_or_default());
        let told = [("id", id.as_str()), ("outcome", word), ("reason", reason)];
        Event::new("oracle_event", told.map(|it| it.index()))
    };
    decided.finalized.events.resolved.iter().map(one).collect()
}
