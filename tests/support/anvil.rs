//! A local EVM chain, and the contracts of `examples/evm` on it. `KF_ANVIL` names another program than the one that
//! `tests/setup.sh` brings. Without one tests fail.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// The program.
pub fn program() -> PathBuf {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/evm/anvil");
    std::env::var_os("KF_ANVIL").map_or_else(own, PathBuf::from)
}

/// A chain that mines when it is told to. A block is safe under two others and final under four. Ends when dropped.
pub struct Anvil {
    child: Child,
    address: String,
}

impl Anvil {
    pub fn start() -> Anvil {
        let mut command = Command::new(program());
        command.args(["--port", "0", "--no-mining", "--slots-in-an-epoch", "2"]);
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("tests need anvil");
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let address = said.find_map(|line| line.strip_prefix("Listening on ").map(str::to_owned)).unwrap();
        // What is not read any more must not stop it.
        std::thread::spawn(move || said.for_each(drop));
        Anvil { child, address }
    }

    /// Where its JSON-RPC is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What `method` answers; panics if it is an error.
    pub fn ask(&self, method: &str, params: Value) -> Value {
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string();
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let head =
            "POST / HTTP/1.1\r\nhost: anvil\r\nconnection: close\r\ncontent-type: application/json\r\n";
        write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let answer: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"));
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Mines `count` blocks; what waits goes into the first.
    pub fn mine(&self, count: u64) {
        self.ask("anvil_mine", json!([format!("{count:#x}")]));
    }

    /// Sends a transaction with `data` to a contract, or without one to make it, and mines it. Its receipt, which must say
    /// that it was done.
    pub fn send(&self, from: &str, to: Option<&str>, value: u64, data: &str) -> Value {
        self.ask("anvil_impersonateAccount", json!([from]));
        self.ask("anvil_setBalance", json!([from, "0x8ac7230489e80000"]));
        let mut transaction = json!({"from": from, "value": format!("{value:#x}"), "data": data});
        if let Some(to) = to {
            transaction["to"] = json!(to);
        }
        let hash = self.ask("eth_sendTransaction", json!([transaction]));
        self.mine(1);
        let receipt = self.ask("eth_getTransactionReceipt", json!([hash]));
        assert_eq!(receipt["status"], "0x1", "{receipt}");
        receipt
    }

    /// Makes a contract of `examples/evm`.
    pub fn deploy(&self, name: &str) -> Contract {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/evm/{name}.json"));
        let artefact: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let from = self.ask("eth_accounts", json!([]))[0].as_str().unwrap().to_owned();
        let receipt = self.send(&from, None, 0, artefact["bytecode"].as_str().unwrap());
        Contract { address: receipt["contractAddress"].as_str().unwrap().to_owned(), artefact }
    }
}

impl Drop for Anvil {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A contract on the chain.
pub struct Contract {
    pub address: String,
    artefact: Value,
}

impl Contract {
    /// The data of a call, such as `deposit()`, with arguments that are encoded already.
    pub fn call(&self, method: &str, arguments: &str) -> String {
        let selector = self.artefact["methods"][method].as_str();
        format!("0x{}{arguments}", selector.unwrap_or_else(|| panic!("no {method}")))
    }
}

/// A word of call data: a number or address in hex, filled up on its left.
pub fn word(hex: &str) -> String {
    format!("{:0>64}", hex.trim_start_matches("0x"))
}

/// A text of at most 32 bytes as the last argument's length and bytes.
pub fn text(text: &str) -> String {
    assert!(text.len() <= 32);
    format!("{}{:0<64}", word(&format!("{:x}", text.len())), hex::encode(text))
}
