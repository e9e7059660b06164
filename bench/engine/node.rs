//! A chain over a database of its own, with blocks of calls and batches of events to run.

use std::time::{Duration, Instant};

use kuneiform::deploy::call::Given;
use kuneiform::deploy::connect::Session;
use kuneiform::deploy::deploy_packages;
use kuneiform::engine::{Block, By, Engine, Genesis, Invocation, Local, Request, Rules, begin};
use kuneiform::oracle::store::postgres::{PostgresStore, ensure};
use kuneiform::oracle::store::{Batch, EventStore};
use kuneiform::oracle::{Event, Replica, Submission};
use kuneiform::{Options, Sources};
use serde_json::json;

use crate::support::server::Server;

const ACCOUNTS: i64 = 1000;

pub struct Node {
    pub session: Session,
    engine: Engine,
    replica: Replica,
    height: i64,
    /// The next number of a row of `seen`, in both tables.
    next: i64,
}

impl Node {
    /// With a thousand accounts and metered actions; the state is hashed at every `state_every`-th block, or never if this is 0.
    pub async fn start(server: &Server, name: &str, state_every: i32) -> Node {
        let mut session = server.database(name).await;
        ensure(&mut session).await.unwrap();
        let mut sources = Sources::new();
        sources.add("bank.kf", include_str!("bank.kf"));
        // As a network deploys them: actions count their steps.
        let options = Options { profile: kuneiform::Profile::Metered, ..Options::default() };
        let compiled = kuneiform::compile(&sources, &options);
        assert!(!compiled.packages.is_empty(), "{:?}", compiled.diagnostics);
        deploy_packages(&mut session, &compiled.packages, &mut |_| {}).await.unwrap();
        session.client.batch_execute(include_str!("hand.sql")).await.unwrap();
        let local = Local { durable: false, ..Local::default() };
        let engine = Engine::start(&session.client, local.clone()).await.unwrap();
        let replica = Replica::new(Engine::start(&session.client, local).await.unwrap(), 100);
        let transaction = begin(&mut session.client).await.unwrap();
        let rules = Rules { state_every, ..Rules::default() };
        let genesis = Genesis { chain: "bench".into(), initial_height: 1, rules };
        engine.genesis(&transaction, &genesis).await.unwrap();
        transaction.commit().await.unwrap();
        let mut node = Node { session, engine, replica, height: 0, next: 0 };
        let open = (0..ACCOUNTS).map(|id| call(format!("open {id}"), "open", json!([id]))).collect();
        node.run(open).await;
        node.session.client.batch_execute("VACUUM ANALYZE").await.unwrap();
        node
    }

    /// Requests of blocks to come.
    pub fn blocks(&self, count: usize, size: usize) -> Vec<Vec<Request>> {
        let one = |block: usize, place: usize| {
            let number = block * size + place;
            let account = (number as i64).wrapping_mul(7919) % ACCOUNTS;
            call(format!("{} {number}", self.height), "add", json!([account, 1]))
        };
        (0..count).map(|block| (0..size).map(|place| one(block, place)).collect()).collect()
    }

    pub async fn run(&mut self, requests: Vec<Request>) {
        self.height += 1;
        let id = self.height.to_be_bytes().to_vec();
        let block = Block { height: self.height, id, timestamp: 1_700_000_000, requests };
        let transaction = begin(&mut self.session.client).await.unwrap();
        let outcome = self.engine.block(&transaction, &block).await.unwrap();
        assert!(outcome.receipts.iter().all(|receipt| receipt.is_ok()), "{:?}", outcome.receipts.first());
        transaction.commit().await.unwrap();
    }

    fn numbers(&mut self, count: i64) -> std::ops::Range<i64> {
        self.next += count;
        self.next - count..self.next
    }

    /// The time from submitting events to the commit of the block that applied them.
    pub async fn submit_and_apply(&mut self, count: i64) -> Duration {
        let numbers = self.numbers(count);
        let event = |id: i64| {
            Event::new(Submission::new("bank", "deposit", [id.to_string(), name(id), "5".into()])).unwrap()
        };
        let events: Vec<Event> = numbers.map(event).collect();
        let began = Instant::now();
        let cursor = vec![("height".to_owned(), Some(self.next.to_string()))];
        PostgresStore(&self.session.client).append("bench", &Batch { events, cursor }).await.unwrap();
        let transaction = begin(&mut self.session.client).await.unwrap();
        let done = self.replica.solo(&transaction, 1_700_000_000, Vec::new()).await.unwrap().unwrap();
        transaction.commit().await.unwrap();
        let took = began.elapsed();
        self.height = done.outcome.height;
        assert!(done.outcome.receipts.iter().all(|receipt| receipt.is_ok()));
        assert_eq!(done.events.resolved.len() as i64, count);
        took
    }

    /// One INSERT of as many rows.
    pub async fn insert(&mut self, count: i64) -> Duration {
        let ids: Vec<i64> = self.numbers(count).collect();
        let names: Vec<String> = ids.iter().map(|id| name(*id)).collect();
        let began = Instant::now();
        let sql = "INSERT INTO hand.seen (id, name, amount) SELECT g.id, g.name, 5 FROM unnest($1::int8[], $2::text[]) AS g (id, name)";
        self.session.client.execute(sql, &[&ids, &names]).await.unwrap();
        began.elapsed()
    }

    /// An INSERT for each row, in one transaction.
    pub async fn insert_singly(&mut self, count: i64) -> Duration {
        let ids = self.numbers(count);
        let began = Instant::now();
        let transaction = self.session.client.transaction().await.unwrap();
        let sql = "INSERT INTO hand.seen (id, name, amount) VALUES ($1, $2, 5)";
        let statement = transaction.prepare(sql).await.unwrap();
        for id in ids {
            transaction.execute(&statement, &[&id, &name(id)]).await.unwrap();
        }
        transaction.commit().await.unwrap();
        began.elapsed()
    }
}

fn name(id: i64) -> String {
    format!("0x{id:040x}")
}

fn call(txid: String, action: &str, arguments: serde_json::Value) -> Request {
    let serde_json::Value::Array(arguments) = arguments else { panic!("{arguments} is no array") };
    Request {
        txid,
        caller: "0xca11e4".into(),
        signer: vec![0xca, 0x11, 0xe4],
        authenticator: "bench".into(),
        by: By::User,
        calls: vec![Invocation {
            dataset: "bank".into(),
            action: action.to_owned(),
            arguments: Given::Json(arguments),
        }],
    }
}
