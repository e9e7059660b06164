//! What is asked of a NEAR node. Every answer says of which block it is, and that is checked.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::read::Thing;
use super::wire::{BlockAnswer, Change, ChangesAnswer, Header, Status, TouchedAnswer};
use crate::connectors::{ErrorObject, Rpc, RpcError};

/// Accounts that are asked for at once.
const ACCOUNTS: usize = 100;

/// Why a question has no answer, and how long the server asks to be left alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    pub why: String,
    pub retry_after: Option<Duration>,
}

impl Trouble {
    pub fn new(why: impl Into<String>) -> Trouble {
        Trouble { why: why.into(), retry_after: None }
    }
}

/// A node.
pub struct Near {
    rpc: Rpc,
    /// The node knows only the names that methods have had since they are no experiment any more.
    is_renamed: AtomicBool,
}

/// Which block.
#[derive(Clone, Copy)]
pub enum Which<'a> {
    /// The last that cannot be taken back.
    Final,
    /// The one at a height.
    At(u64),
    /// The one with a hash.
    Hash(&'a str),
}

impl Near {
    pub fn new(rpc: Rpc) -> Near {
        Near { rpc, is_renamed: AtomicBool::new(false) }
    }

    /// What chain it is, and what the node has of it.
    pub async fn status(&self) -> Result<Status, Trouble> {
        read("status", self.ask("status", json!([])).await?)
    }

    /// The head of a block; none if the node says that there is no such block. Not every height has one.
    pub async fn block(&self, which: Which<'_>) -> Result<Option<Header>, Trouble> {
        let params = match which {
            Which::Final => json!({"finality": "final"}),
            Which::At(height) => json!({"block_id": height}),
            Which::Hash(hash) => json!({"block_id": hash}),
        };
        let answer = match self.rpc.call("block", params).await {
            Ok(answer) => answer,
            Err(error) if cause(&error) == Some("UNKNOWN_BLOCK") => return Ok(None),
            Err(error) => return Err(trouble("block", &error)),
        };
        let BlockAnswer { header } = read("block", answer)?;
        let is_asked_for = match which {
            Which::Final => true,
            Which::At(height) => header.height == height,
            Which::Hash(hash) => header.hash == hash,
        };
        if is_asked_for { Ok(Some(header)) } else { Err(Trouble::new("`block` answers with another block")) }
    }

    /// The accounts of which something was touched in a block, for which `is_watched` holds, each once.
    pub async fn touched(
        &self,
        block: &str,
        is_watched: impl Fn(&str) -> bool,
    ) -> Result<Vec<String>, Trouble> {
        let method = ["EXPERIMENTAL_changes_in_block", "block_effects"];
        let answer: TouchedAnswer = read(method[0], self.renamed(method, json!({"block_id": block})).await?)?;
        same(method[0], block, &answer.block_hash)?;
        let is_ours = |kind: &str| matches!(kind, "account_touched" | "access_key_touched");
        let ours = answer.changes.into_iter().filter(|it| is_ours(&it.kind) && is_watched(&it.account_id));
        let mut accounts: Vec<String> = ours.map(|it| it.account_id).collect();
        accounts.sort();
        accounts.dedup();
        Ok(accounts)
    }

    /// The changes of one kind in a block: `account_changes` or `all_access_key_changes`.
    pub async fn changes(
        &self,
        block: &str,
        kind: &str,
        accounts: &[String],
    ) -> Result<Vec<Change>, Trouble> {
        let method = ["EXPERIMENTAL_changes", "changes"];
        let mut changes = Vec::new();
        for accounts in accounts.chunks(ACCOUNTS) {
            let params = json!({"changes_type": kind, "account_ids": accounts, "block_id": block});
            let answer: ChangesAnswer = read(method[0], self.renamed(method, params).await?)?;
            same(method[0], block, &answer.block_hash)?;
            changes.extend(answer.changes);
        }
        Ok(changes)
    }

    /// True if a thing was there after a block.
    pub async fn is_there(&self, block: &str, thing: &Thing) -> Result<bool, Trouble> {
        let mut params =
            json!({"request_type": "view_account", "block_id": block, "account_id": thing.account});
        if let Some(key) = &thing.key {
            params = json!({"request_type": "view_access_key", "block_id": block, "account_id": thing.account,
                "public_key": key});
        }
        let answer = match self.rpc.call("query", params).await {
            Ok(answer) => answer,
            Err(error) if matches!(cause(&error), Some("UNKNOWN_ACCOUNT" | "UNKNOWN_ACCESS_KEY")) => {
                return Ok(false);
            }
            Err(error) => return Err(trouble("query", &error)),
        };
        let of = answer.get("block_hash").and_then(Value::as_str).unwrap_or_default();
        same("query", block, of)?;
        // Of a key that is not there, nodes say so in a result.
        match answer.get("error").and_then(Value::as_str) {
            None => Ok(true),
            Some(error) if error.contains("does not exist") => Ok(false),
            Some(error) => Err(Trouble::new(format!("`query` says: {error:.200}"))),
        }
    }

    async fn ask(&self, method: &str, params: Value) -> Result<Value, Trouble> {
        self.rpc.call(method, params).await.map_err(|error| trouble(method, &error))
    }

    /// Asks by the older name, and by the later one where that is not known.
    async fn renamed(&self, [older, later]: [&str; 2], params: Value) -> Result<Value, Trouble> {
        if !self.is_renamed.load(Ordering::Relaxed) {
            match self.rpc.call(older, params.clone()).await {
                Err(RpcError::Error(error)) if is_unknown_method(&error) => {
                    self.is_renamed.store(true, Ordering::Relaxed);
                }
                other => return other.map_err(|error| trouble(older, &error)),
            }
        }
        self.ask(later, params).await
    }
}

fn is_unknown_method(error: &ErrorObject) -> bool {
    error.code == -32601 || name_of_cause(error) == Some("METHOD_NOT_FOUND")
}

/// What NEAR calls an error: `UNKNOWN_BLOCK`.
fn cause(error: &RpcError) -> Option<&str> {
    match error {
        RpcError::Error(error) => name_of_cause(error),
        _ => None,
    }
}

fn name_of_cause(error: &ErrorObject) -> Option<&str> {
    error.members.get("cause")?.get("name")?.as_str()
}

fn trouble(method: &str, error: &RpcError) -> Trouble {
    let cause = cause(error).map(|cause| format!(", {cause:.60}")).unwrap_or_default();
    Trouble { why: format!("`{method}`: {error}{cause}"), retry_after: error.retry_after() }
}

fn read<T: DeserializeOwned>(method: &str, answer: Value) -> Result<T, Trouble> {
    // The error of a reader may show what it has read; where it was is enough.
    serde_json::from_value(answer).map_err(|error| {
        let error: String = error.to_string().chars().take(200).collect();
        Trouble::new(format!("`{method}` answers something else: {error}"))
    })
}

fn same(method: &str, asked: &str, answered: &str) -> Result<(), Trouble> {
    if asked == answered {
        return Ok(());
    }
    Err(Trouble::new(format!("`{method}` answers for another block")))
}
