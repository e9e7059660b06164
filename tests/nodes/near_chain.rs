//! A NEAR chain as its JSON-RPC servers show it: shapes of answers and errors are those of its documentation and source.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::server::{Asked, Reply};

pub const KEY: &str = "ed25519:BGCCDDHfysuuVnaNVtEhhqeT4k9Muyem3Kpgq2U1m9HX";
/// The implicit account of [`KEY`].
pub const IMPLICIT: &str = "98793cd91a3f870fb126f66285808c7e094afcfc4eda8a970f6648cdf0dbd6de";
pub const OTHER_KEY: &str = "ed25519:11111111111111111111111111111111";

/// What a receipt, or the signing of a transaction, does to one account.
#[derive(Clone, Debug)]
pub enum Did {
    /// The account is written: it is created, or something is paid.
    Paid(&'static str),
    Deleted(&'static str),
    /// The account and one of its keys: it is added, used by somebody who pays, or gets back what it may spend.
    Wrote(&'static str, &'static str),
    /// As [`Did::Wrote`], with a key for calls of one contract.
    WroteForCalls(&'static str, &'static str),
    KeyDeleted(&'static str, &'static str),
    /// A transaction was signed.
    Signed(&'static str, &'static str),
    /// Data of a contract: nobody asks for it.
    Stored(&'static str),
}

/// An account, or one of its keys.
type Thing = (String, Option<String>);

#[derive(Clone)]
struct Block {
    height: u64,
    hash: String,
    parent: String,
    parent_height: u64,
    touched: Vec<Value>,
    accounts: Vec<Value>,
    keys: Vec<Value>,
    /// What there is afterwards.
    there: BTreeSet<Thing>,
}

#[derive(Clone)]
pub struct State {
    pub network: String,
    blocks: Vec<Block>,
    pub last_final: u64,
    /// Heights of which the server says that they have no block.
    pub hidden: BTreeSet<u64>,
    pub earliest: u64,
    /// The server knows the later names of methods only.
    pub is_renamed: bool,
}

/// A chain that a test lets grow. Clones are the same chain.
#[derive(Clone)]
pub struct NearChain(pub Arc<Mutex<State>>);

impl NearChain {
    pub fn new() -> NearChain {
        let nothing = "1".repeat(32);
        let first = Block {
            height: 0,
            hash: "first".into(),
            parent: nothing,
            parent_height: 0,
            touched: vec![],
            accounts: vec![],
            keys: vec![],
            there: BTreeSet::new(),
        };
        NearChain(Arc::new(Mutex::new(State {
            network: "testnet".into(),
            blocks: vec![first],
            last_final: 0,
            hidden: BTreeSet::new(),
            earliest: 0,
            is_renamed: false,
        })))
    }

    /// The same blocks in a chain that grows on its own from now on.
    pub fn fork(&self) -> NearChain {
        NearChain(Arc::new(Mutex::new(self.0.lock().unwrap().clone())))
    }

    /// Adds a block that is final. Each thing that was done is a receipt of its own.
    pub fn add(&self, height: u64, fork: &str, done: &[Did]) {
        let mut state = self.0.lock().unwrap();
        let parent = state.blocks.last().unwrap().clone();
        let mut block = Block {
            height,
            hash: format!("{fork}{height}"),
            parent: parent.hash,
            parent_height: parent.height,
            touched: vec![],
            accounts: vec![],
            keys: vec![],
            there: parent.there,
        };
        for (index, did) in done.iter().enumerate() {
            block.apply(did, &format!("R{height}-{index}"));
        }
        state.blocks.push(block);
        state.last_final = height;
    }

    /// Does what the server should with a request.
    pub fn answer(&self, asked: &Asked) -> Reply {
        let state = self.0.lock().unwrap();
        let params = asked.params();
        let renamed = |old: &str, new: &str| asked.method() == if state.is_renamed { new } else { old };
        match asked.method() {
            "status" => Reply::Result(json!({
                "chain_id": state.network,
                "sync_info": {"latest_block_height": state.last_final, "earliest_block_height": state.earliest, "syncing": false},
            })),
            "block" => match state.find(params) {
                Some(block) => {
                    Reply::Result(json!({"author": "a.near", "chunks": [], "header": block.header()}))
                }
                None => unknown_block(),
            },
            "query" => state.query(params),
            _ if renamed("EXPERIMENTAL_changes_in_block", "block_effects") => match state.find(params) {
                Some(block) => Reply::Result(json!({"block_hash": block.hash, "changes": block.touched})),
                None => unknown_block(),
            },
            _ if renamed("EXPERIMENTAL_changes", "changes") => match state.find(params) {
                Some(block) => Reply::Result(block.changes(params)),
                None => unknown_block(),
            },
            method => {
                let cause = json!({"name": "METHOD_NOT_FOUND", "info": {"method_name": method}});
                Reply::Error(json!({"name": "REQUEST_VALIDATION_ERROR", "cause": cause, "code": -32601,
                    "message": "Method not found", "data": method}))
            }
        }
    }
}

/// As a server says that it knows no such block.
pub fn unknown_block() -> Reply {
    Reply::Error(
        json!({"name": "HANDLER_ERROR", "cause": {"info": {}, "name": "UNKNOWN_BLOCK"}, "code": -32000,
        "message": "Server error", "data": "DB Not Found Error: BLOCK HEIGHT: 1 \n Cause: Unknown"}),
    )
}

impl State {
    fn find(&self, params: &Value) -> Option<&Block> {
        let all = self.blocks.iter();
        match &params["block_id"] {
            Value::Null => all.clone().find(|block| block.height == self.last_final),
            Value::String(hash) => all.clone().find(|block| block.hash == *hash),
            height => {
                let height = height.as_u64().filter(|height| !self.hidden.contains(height))?;
                all.clone().find(|block| block.height == height)
            }
        }
    }

    fn query(&self, params: &Value) -> Reply {
        let Some(block) = self.find(params) else { return unknown_block() };
        let text = |name: &str| params[name].as_str().map(str::to_owned);
        let account = text("account_id").unwrap();
        let place = json!({"block_height": block.height, "block_hash": block.hash});
        let mut result = place.clone();
        match (params["request_type"].as_str().unwrap(), text("public_key")) {
            ("view_account", None) if block.there.contains(&(account.clone(), None)) => {
                result["amount"] = json!("1000");
                Reply::Result(result)
            }
            ("view_account", None) => {
                let mut info = place;
                info["requested_account_id"] = json!(account);
                Reply::Error(
                    json!({"name": "HANDLER_ERROR", "cause": {"info": info, "name": "UNKNOWN_ACCOUNT"},
                    "code": -32000, "message": "Server error", "data": "account does not exist while viewing"}),
                )
            }
            ("view_access_key", Some(key)) => {
                match block.there.contains(&(account, Some(key.clone()))) {
                    true => result["permission"] = json!("FullAccess"),
                    false => {
                        result["error"] = json!(format!("access key {key} does not exist while viewing"));
                        result["logs"] = json!([]);
                    }
                }
                Reply::Result(result)
            }
            other => panic!("{other:?}"),
        }
    }
}

impl Block {
    fn header(&self) -> Value {
        // Every second block does not say at which height its parent is, as old ones do not.
        let parent = if self.height.is_multiple_of(2) { json!(self.parent_height) } else { Value::Null };
        json!({"height": self.height, "hash": self.hash, "prev_hash": self.parent, "prev_height": parent,
            "timestamp": self.height * 1_000_000_000, "timestamp_nanosec": (self.height * 1_000_000_000 + 7).to_string()})
    }

    fn changes(&self, params: &Value) -> Value {
        let all = match params["changes_type"].as_str().unwrap() {
            "account_changes" => &self.accounts,
            "all_access_key_changes" => &self.keys,
            other => panic!("{other}"),
        };
        let asked = params["account_ids"].as_array().unwrap();
        let changes: Vec<&Value> =
            all.iter().filter(|it| asked.contains(&it["change"]["account_id"])).collect();
        json!({"block_hash": self.hash, "changes": changes})
    }

    fn apply(&mut self, did: &Did, receipt: &str) {
        let by = json!({"type": "receipt_processing", "receipt_hash": receipt});
        let signing = json!({"type": "transaction_processing", "tx_hash": "T"});
        match did {
            Did::Paid(account) => self.account(account, &by, true),
            Did::Deleted(account) => {
                let keys = self.there.iter().filter(|(of, _)| of == account);
                let keys: Vec<String> = keys.filter_map(|(_, key)| key.clone()).collect();
                keys.iter().for_each(|key| self.key(account, key, &by, None));
                self.account(account, &by, false);
            }
            Did::Wrote(account, key) => {
                self.account(account, &by, true);
                self.key(account, key, &by, Some(json!("FullAccess")));
            }
            Did::WroteForCalls(account, key) => {
                self.account(account, &by, true);
                let calls =
                    json!({"allowance": "5", "receiver_id": "game.near", "method_names": ["move", "end"]});
                self.key(account, key, &by, Some(json!({"FunctionCall": calls})));
            }
            Did::KeyDeleted(account, key) => {
                self.account(account, &by, true);
                self.key(account, key, &by, None);
            }
            Did::Signed(account, key) => {
                self.account(account, &signing, true);
                self.key(account, key, &signing, Some(json!("FullAccess")));
            }
            Did::Stored(account) => self.touched.push(json!({"type": "data_touched", "account_id": account})),
        }
    }

    fn account(&mut self, account: &str, cause: &Value, is_there: bool) {
        self.touched.push(json!({"type": "account_touched", "account_id": account}));
        let thing = (account.to_owned(), None);
        let (kind, change) = match is_there {
            true => ("account_update", json!({"account_id": account, "amount": "1000", "locked": "0"})),
            false => ("account_deletion", json!({"account_id": account})),
        };
        if is_there {
            self.there.insert(thing)
        } else {
            self.there.remove(&thing)
        };
        self.accounts.push(json!({"cause": cause, "type": kind, "change": change}));
    }

    fn key(&mut self, account: &str, key: &str, cause: &Value, permission: Option<Value>) {
        self.touched.push(json!({"type": "access_key_touched", "account_id": account}));
        let thing = (account.to_owned(), Some(key.to_owned()));
        let mut change = json!({"account_id": account, "public_key": key});
        let kind = match permission {
            Some(permission) => {
                change["access_key"] = json!({"nonce": 5, "permission": permission});
                self.there.insert(thing);
                "access_key_update"
            }
            None => {
                self.there.remove(&thing);
                "access_key_deletion"
            }
        };
        self.keys.push(json!({"cause": cause, "type": kind, "change": change}));
    }
}
