use tendermint::abci::{request, response};

use super::results::{CODESPACE, refusal};
use super::{App, SignedCalls, Trouble};
use crate::oracle::Calls;

impl App {
    /// `CheckTx`: whether the next block could have this call. Judged by what is committed alone, so that every node says
    /// the same at a height, and a call that is refused after a recheck is refused for ever.
    pub(super) async fn check(&self, asked: request::CheckTx) -> Result<response::CheckTx, Trouble> {
        let calls = SignedCalls { chain_id: self.0.setup.chain_id.clone() };
        let next = self.head().0.saturating_add(1);
        let session = self.0.mempool.lock().await;
        let judged = calls.foresee(&session.client, next, &[asked.tx.to_vec()]).await?;
        let codespace = CODESPACE.to_owned();
        Ok(match judged.first() {
            Some(Err(refused)) => {
                let (code, words) = refusal(*refused);
                response::CheckTx { code, log: words.to_owned(), codespace, ..response::CheckTx::default() }
            }
            _ => response::CheckTx { codespace, ..response::CheckTx::default() },
        })
    }
}
