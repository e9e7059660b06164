//! An EVM chain as a JSON-RPC server shows it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::server::{Asked, Reply, Server};

pub const ESCROW: &str = "0x1111111111111111111111111111111111111111";
pub const OTHER: &str = "0x2222222222222222222222222222222222222222";
pub const ALICE: &str = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
/// keccak256("Deposit(address,uint256)")
pub const DEPOSIT: &str = "0xe1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c";

#[derive(Clone, Default)]
pub struct Block {
    pub hash: String,
    pub logs: Vec<Value>,
}

pub struct State {
    pub chain_id: u64,
    pub blocks: Vec<Block>,
    pub last_final: usize,
}

/// A chain that a test lets grow. Clones are the same chain.
#[derive(Clone)]
pub struct Chain(pub Arc<Mutex<State>>);

/// A 32-byte word of a number.
pub fn word(number: u128) -> String {
    format!("0x{number:064x}")
}

/// A log without the place that its block gives it.
pub fn log(address: &str, topics: &[&str], data: &str) -> Value {
    json!({"address": address, "topics": topics, "data": data, "removed": false})
}

/// A deposit of Alice's.
pub fn deposit(amount: u128) -> Value {
    let from = format!("0x{:0>64}", &ALICE[2..]);
    log(ESCROW, &[DEPOSIT, &from], &word(amount))
}

impl Chain {
    /// A block without logs, which is final.
    pub fn new() -> Chain {
        let blocks = vec![Block { hash: word(0), logs: vec![] }];
        Chain(Arc::new(Mutex::new(State { chain_id: 1, blocks, last_final: 0 })))
    }

    /// Adds a block of the branch `fork`.
    pub fn add(&self, fork: u128, logs: Vec<Value>) {
        let mut state = self.0.lock().unwrap();
        let number = state.blocks.len();
        let hash = word((fork << 32) + number as u128);
        let place = |(index, mut log): (usize, Value)| {
            log["blockNumber"] = json!(format!("{number:#x}"));
            log["blockHash"] = json!(hash);
            log["transactionHash"] = json!(word((fork << 64) + (number * 1000 + index) as u128));
            log["logIndex"] = json!(format!("{index:#x}"));
            log
        };
        let logs = logs.into_iter().enumerate().map(place).collect();
        state.blocks.push(Block { hash: hash.clone(), logs });
    }

    /// Adds a block of the usual branch, and makes it final with all before it.
    pub fn finalize(&self, logs: Vec<Value>) {
        self.add(0, logs);
        let mut state = self.0.lock().unwrap();
        state.last_final = state.blocks.len() - 1;
    }

    /// Takes the blocks above `number` away.
    pub fn cut(&self, number: usize) {
        self.0.lock().unwrap().blocks.truncate(number + 1);
    }

    /// Number of the newest block.
    pub fn height(&self) -> usize {
        self.0.lock().unwrap().blocks.len() - 1
    }

    /// Makes all blocks final.
    pub fn final_is_head(&self) {
        let mut state = self.0.lock().unwrap();
        state.last_final = state.blocks.len() - 1;
    }

    /// Puts what `grow` adds above `number` in the place of what is there, at once.
    pub fn replace(&self, number: usize, grow: impl Fn(&Chain)) {
        let mut state = self.0.lock().unwrap();
        let copy = State { chain_id: state.chain_id, blocks: state.blocks.clone(), last_final: number };
        let copy = Chain(Arc::new(Mutex::new(copy)));
        copy.cut(number);
        grow(&copy);
        *state = Arc::into_inner(copy.0).unwrap().into_inner().unwrap();
    }

    /// Serves it well.
    pub async fn serve(&self) -> Server {
        self.serve_but(|_, _, reply| reply).await
    }

    /// Serves it; `fault` may put something else in the place of the answer to the nth request.
    pub async fn serve_but(
        &self,
        fault: impl Fn(usize, &Asked, Reply) -> Reply + Send + Sync + 'static,
    ) -> Server {
        let (chain, count) = (self.clone(), AtomicUsize::new(0));
        Server::start(move |asked| {
            fault(count.fetch_add(1, Ordering::SeqCst), asked, Reply::Result(chain.answer(asked)))
        })
        .await
    }

    /// What a good server says.
    pub fn answer(&self, asked: &Asked) -> Value {
        let state = self.0.lock().unwrap();
        let head = state.blocks.len() - 1;
        let number = |value: &Value| usize::from_str_radix(&value.as_str().unwrap()[2..], 16).unwrap();
        match asked.method() {
            "eth_chainId" => json!(format!("{:#x}", state.chain_id)),
            "eth_blockNumber" => json!(format!("{head:#x}")),
            "eth_getBlockByNumber" => {
                let number = match asked.params()[0].as_str().unwrap() {
                    "finalized" | "safe" => state.last_final,
                    _ => number(&asked.params()[0]),
                };
                let Some(block) = state.blocks.get(number) else { return Value::Null };
                json!({"number": format!("{number:#x}"), "hash": block.hash,
                    "timestamp": format!("{:#x}", 1_700_000_000 + number), "transactions": []})
            }
            "eth_getLogs" => {
                let filter = &asked.params()[0];
                let (from, to) = (number(&filter["fromBlock"]), number(&filter["toBlock"]));
                let has = |list: &Value, value: &Value| list.as_array().unwrap().contains(value);
                let wanted = |log: &&Value| {
                    has(&filter["address"], &log["address"]) && has(&filter["topics"][0], &log["topics"][0])
                };
                let blocks = state.blocks.iter().take(to + 1).skip(from);
                blocks.flat_map(|block| &block.logs).filter(wanted).cloned().collect()
            }
            other => panic!("`{other}` is not asked for"),
        }
    }
}

/// The table of an oracle that reads deposits, with more keys.
pub fn table(url: &str, more: &str) -> String {
    format!(
        "[deposits]\ntype = 'evm'\nrpc = '{url}'\nchain_id = 1\npoll_ms = 2\ntimeout_ms = 1000\n{more}\n\
         [[deposits.events]]\ncontract = '{ESCROW}'\n\
         event = 'event Deposit(address indexed from, uint256 amount)'\n\
         submit = [ {{ dataset = 'accounts', action = 'deposit', inputs = ['{{from}}', '{{amount}}'] }} ]\n"
    )
}
