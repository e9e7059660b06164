//! A local EVM chain whose blocks come when they are asked for.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::process::Process;
use super::{book::Wei, problems};
use crate::cli::Failure;
use crate::connectors::{Endpoint, Limits, Rpc};

/// How many blocks above one make it final: two epochs.
pub(super) const FINAL: u64 = 2 * EPOCH;
const EPOCH: u64 = 4;

const LIMITS: Limits = Limits { timeout: Duration::from_secs(30), bytes: 1 << 24 };

pub(super) struct Anvil {
    rpc: Rpc,
    /// Where its JSON-RPC is.
    pub(super) url: String,
    process: Process,
}

impl Anvil {
    pub(super) async fn start(program: &Path, folder: &Path) -> Result<Anvil, Failure> {
        let epoch = EPOCH.to_string();
        let arguments = ["--port", "0", "--no-mining", "--slots-in-an-epoch", epoch.as_str()];
        let mut process = Process::start(program, &arguments, &[], folder.join("anvil.log"))?;
        let url = format!("http://{}", process.says("Listening on ").await?);
        let endpoint = Endpoint::parse(&url).ok_or_else(|| problems::unexpected("address"))?;
        let rpc = Rpc::new(endpoint, LIMITS).map_err(problems::chain)?;
        Ok(Anvil { rpc, url, process })
    }

    pub(super) async fn ask(&self, method: &str, params: Value) -> Result<Value, Failure> {
        self.rpc.call(method, params).await.map_err(problems::chain)
    }

    /// Sends a transaction of an account of the chain's own, into the next block. Its hash.
    pub(super) async fn send(&self, transaction: Value) -> Result<Value, Failure> {
        self.ask("eth_sendTransaction", json!([transaction])).await
    }

    /// Makes `count` blocks; what was sent is in the first.
    pub(super) async fn mine(&self, count: u64) -> Result<(), Failure> {
        self.ask("anvil_mine", json!([format!("{count:#x}")])).await.map(drop)
    }

    /// Puts as many empty blocks where the last `depth` were.
    pub(super) async fn reorganise(&self, depth: u64) -> Result<(), Failure> {
        self.ask("anvil_reorg", json!([depth, []])).await.map(drop)
    }

    /// What `address` has in the block that is called `tag`.
    pub(super) async fn balance(&self, address: &str, tag: &str) -> Result<Wei, Failure> {
        number(&self.ask("eth_getBalance", json!([address, tag])).await?)
    }

    /// An error if it has ended.
    pub(super) fn runs(&mut self) -> Result<(), Failure> {
        self.process.runs()
    }
}

/// Reads `0x1f`.
pub(super) fn number(answer: &Value) -> Result<Wei, Failure> {
    let digits = answer.as_str().and_then(|text| text.strip_prefix("0x"));
    let number = digits.and_then(|digits| Wei::from_str_radix(digits, 16).ok());
    number.ok_or_else(|| problems::unexpected("number"))
}
