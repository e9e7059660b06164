//! A node as small as it can be: a session, an engine, a chain.

use kuneiform::deploy::call::Given;
use kuneiform::deploy::connect::Session;
use kuneiform::engine::{
    Block, By, Engine, EngineError, Genesis, Hash, Invocation, Local, Outcome, Request, Rules, begin,
};
use serde_json::Value;

use crate::support::programs::{deployed, packages};
use crate::support::session;

pub struct Node {
    pub url: String,
    pub session: Session,
    pub engine: Engine,
    /// The server's process of this connection.
    pub pid: i32,
}

/// What the test server may lack.
pub fn local() -> Local {
    Local { durable: false, ..Local::default() }
}

pub fn rules() -> Rules {
    Rules { budget: 10_000, ..Rules::default() }
}

pub fn genesis(rules: Rules) -> Genesis {
    Genesis { chain: "test".into(), initial_height: 1, rules }
}

impl Node {
    /// A database of its own with the bank and a chain that has begun.
    pub async fn new() -> Node {
        Node::of(deployed(&packages(&[include_str!("bank.kf")], None)).await, rules()).await
    }

    /// A node over what is deployed at `url`.
    pub async fn of(url: String, rules: Rules) -> Node {
        let mut node = Node::at(url).await;
        let transaction = begin(&mut node.session.client).await.unwrap();
        node.engine.genesis(&transaction, &genesis(rules)).await.unwrap();
        transaction.commit().await.unwrap();
        node
    }

    /// A node that comes back to a chain.
    pub async fn at(url: String) -> Node {
        let session = session(&url).await;
        let engine = Engine::start(&session.client, local()).await.unwrap();
        let pid = session.client.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
        Node { url, session, engine, pid }
    }

    /// The same database with another connection.
    pub async fn again(self) -> Node {
        Node::at(self.url).await
    }

    /// Runs a block and commits it.
    pub async fn run(&mut self, block: &Block) -> Result<Outcome, EngineError> {
        let transaction = begin(&mut self.session.client).await?;
        let outcome = self.engine.block(&transaction, block).await?;
        transaction.commit().await.map_err(|error| EngineError::Halt {
            sqlstate: error.code().map(|state| state.code().to_owned()),
            message: error.to_string(),
            place: "the commit".into(),
        })?;
        Ok(outcome)
    }

    /// The whole state, read anew.
    pub async fn state(&mut self) -> Hash {
        let transaction = begin(&mut self.session.client).await.unwrap();
        self.engine.state(&transaction).await.unwrap().hash
    }

    pub async fn number(&self, sql: &str) -> i64 {
        self.session.client.query_one(sql, &[]).await.unwrap().get(0)
    }
}

pub fn block(height: i64, requests: Vec<Request>) -> Block {
    Block { height, id: height.to_be_bytes().to_vec(), timestamp: 1_700_000_000 + height, requests }
}

/// `bank.action` with arguments as a JSON array.
pub fn request(txid: &str, action: &str, arguments: Value) -> Request {
    Request {
        txid: txid.to_owned(),
        caller: "0xca11e4".into(),
        signer: vec![0xca, 0x11, 0xe4],
        authenticator: "test".into(),
        by: By::User,
        calls: vec![invocation(action, arguments)],
    }
}

pub fn invocation(action: &str, arguments: Value) -> Invocation {
    let Value::Array(arguments) = arguments else { panic!("{arguments} is no array") };
    Invocation { dataset: "bank".into(), action: action.to_owned(), arguments: Given::Json(arguments) }
}

pub fn statuses(outcome: &Outcome) -> Vec<&str> {
    outcome.receipts.iter().map(|receipt| receipt.status.as_str()).collect()
}
