use alloy_primitives::B256;
use serde_json::{Value, json};

use super::Rpc;
use super::finality::Finality;
use super::trouble::Trouble;
use super::wire::{self, Header, Log};

/// What is asked of a server.
pub(super) struct Chain {
    pub(super) rpc: Rpc,
}

/// The last block that is final, as a server says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Final {
    pub(super) number: u64,
    /// Its hash, where it was asked for by a tag.
    pub(super) hash: Option<B256>,
}

impl Chain {
    pub(super) async fn chain_id(&self) -> Result<u64, Trouble> {
        self.number("eth_chainId").await
    }

    /// How far it is final; none if nothing is.
    pub(super) async fn last_final(&self, finality: Finality) -> Result<Option<Final>, Trouble> {
        let tag = match finality {
            Finality::Finalized => "finalized",
            Finality::Safe => "safe",
            Finality::Confirmations(blocks) => {
                let head = self.number("eth_blockNumber").await?;
                return Ok(head.checked_sub(blocks).map(|number| Final { number, hash: None }));
            }
        };
        let of = |header: Header| Final { number: header.number, hash: Some(header.hash) };
        Ok(self.block(tag).await?.map(of))
    }

    /// The header of block `number`; none if the server has no such block.
    pub(super) async fn header(&self, number: u64) -> Result<Option<Header>, Trouble> {
        let header = self.block(&format!("{number:#x}")).await?;
        match header.is_some_and(|header| header.number != number) {
            true => Err(Trouble::Nonsense("a block has another number than the one asked for")),
            false => Ok(header),
        }
    }

    /// The logs that `filter` lets through, of chain `chain_id`.
    pub(super) async fn logs(&self, filter: Value, chain_id: u64) -> Result<Vec<Log>, Trouble> {
        let answer = self.rpc.call("eth_getLogs", json!([filter])).await?;
        wire::logs(answer, chain_id).map_err(Trouble::Nonsense)
    }

    async fn block(&self, number: &str) -> Result<Option<Header>, Trouble> {
        let answer = self.rpc.call("eth_getBlockByNumber", json!([number, false])).await?;
        wire::header(answer).map_err(Trouble::Nonsense)
    }

    async fn number(&self, method: &str) -> Result<u64, Trouble> {
        wire::quantity(&self.rpc.call(method, json!([])).await?).map_err(Trouble::Nonsense)
    }
}
