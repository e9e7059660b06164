//! An oracle that dies at any moment and is started again from its cursor brings each log once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use kuneiform::oracle::store::memory::MemoryStore;
use kuneiform::oracle::store::{Batch, Failure};
use kuneiform::oracle::{Later, OracleConfig, Sink, Submission};
use serde_json::Value;

use super::chain::*;
use super::oracles::*;
use crate::server::Reply;

fn a_chain() -> Chain {
    let chain = Chain::new();
    (1..=6).for_each(|number| chain.finalize(vec![deposit(number), deposit(number)]));
    chain
}

async fn expected(chain: &Chain) -> Vec<Submission> {
    let server = chain.serve().await;
    read(&table(&server.url, ""), 12, &MemoryStore::default()).await.0
}

#[test]
fn killed_at_any_request_it_goes_on_where_it_was() {
    block_on(async {
        let chain = a_chain();
        let expected = expected(&chain).await;
        let all = join_all((0..40).map(|nth| killed_at(chain.clone(), nth))).await;
        for (nth, events) in all.iter().enumerate() {
            assert_eq!(*events, expected, "killed at request {nth}");
        }
    });
}

async fn killed_at(chain: Chain, nth: usize) -> Vec<Submission> {
    let store = MemoryStore::default();
    // The request is never answered, and the oracle ends while it waits.
    let silent = chain
        .serve_but(move |count, _, reply| match count < nth {
            true => reply,
            false => Reply::Late(std::time::Duration::from_secs(600), Value::Null),
        })
        .await;
    let lines = Lines::default();
    let text = |url: &str| table(url, "chunk = 2").replace("1000\n", "60000\n");
    let supervisor = start(&text(&silent.url), &store, &lines).await.unwrap();
    until("the request", &lines, async || silent.methods().len() > nth).await;
    supervisor.stop().await;
    let server = chain.serve().await;
    read(&text(&server.url), 12, &store).await.0
}

/// A store that fails at its nth batch, before or after it was kept.
struct Frail {
    store: MemoryStore,
    left: AtomicUsize,
    keeps: bool,
}

impl Sink for Frail {
    fn append<'a>(&'a self, oracle: &'a str, batch: &'a Batch) -> Later<'a, Result<usize, Failure>> {
        Box::pin(async move {
            if self.left.fetch_sub(1, Ordering::SeqCst) != 0 {
                return Sink::append(&self.store, oracle, batch).await;
            }
            if self.keeps {
                Sink::append(&self.store, oracle, batch).await?;
            }
            Err(Failure::new("the connection was lost"))
        })
    }

    fn cursor<'a>(&'a self, oracle: &'a str, key: &'a str) -> Later<'a, Result<Option<String>, Failure>> {
        Sink::cursor(&self.store, oracle, key)
    }
}

#[test]
fn a_commit_whose_end_is_unknown_loses_and_doubles_nothing() {
    block_on(async {
        let chain = a_chain();
        let expected = expected(&chain).await;
        for (nth, keeps) in (0..4).flat_map(|nth| [(nth, false), (nth, true)]) {
            let server = chain.serve().await;
            let (store, lines) = (MemoryStore::default(), Lines::default());
            let sink = Frail { store: store.clone(), left: AtomicUsize::new(nth), keeps };
            let text = table(&server.url, "chunk = 2").parse().unwrap();
            let configs: BTreeMap<_, _> = OracleConfig::read_all(&text, &|_| None).unwrap();
            let supervisor = start_with(configs, Arc::new(sink), &lines).await.unwrap();
            until("all", &lines, async || observed(&store).await.len() >= 12).await;
            settled(&server, &lines).await;
            supervisor.stop().await;
            assert_eq!(observed(&store).await, expected, "{nth} {keeps}");
            assert!(lines.text().contains("the connection was lost; asking again"), "{}", lines.text());
        }
    });
}
