//! Oracles over a store in memory, and what they have brought.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kuneiform::connectors;
use kuneiform::oracle::store::EventStore;
use kuneiform::oracle::store::memory::MemoryStore;
use kuneiform::oracle::{
    Caps, ConfigError, Event, OracleConfig, Registry, Sink, Submission, Supervisor, Validator,
};

pub use crate::lines::{Lines, TIMING};
use crate::server::Server;

pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(work)
}

/// Starts the oracles of a TOML text, as a node does.
pub async fn start(text: &str, store: &MemoryStore, lines: &Lines) -> Result<Supervisor, ConfigError> {
    let configs = OracleConfig::read_all(&text.parse().unwrap(), &|_| None)?;
    start_with(configs, Arc::new(store.clone()), lines).await
}

pub async fn start_with(
    configs: BTreeMap<String, OracleConfig>,
    sink: Arc<dyn Sink>,
    lines: &Lines,
) -> Result<Supervisor, ConfigError> {
    let registry = connectors::register(Registry::new());
    Supervisor::start(&registry, configs, sink, lines.log(), TIMING).await
}

/// Waits until something holds.
pub async fn until(what: &str, lines: &Lines, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}\n{}", lines.text());
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Waits until `server` was asked six times more.
pub async fn settled(server: &Server, lines: &Lines) {
    let before = server.methods().len();
    until("it asks again", lines, async || server.methods().len() > before + 6).await;
}

/// Runs the oracle of `text` until it has brought `count` events.
pub async fn read(text: &str, count: usize, store: &MemoryStore) -> (Vec<Submission>, Lines) {
    let lines = Lines::default();
    let supervisor = start(text, store, &lines).await.unwrap();
    until(&format!("{count} events"), &lines, async || observed(store).await.len() >= count).await;
    supervisor.stop().await;
    let all = observed(store).await;
    assert_eq!(all.len(), count, "{}", lines.text());
    (all, lines)
}

/// The second input of each.
pub fn amounts_of(events: &[Submission]) -> Vec<String> {
    let amount = |event: &Submission| event.targets[0].inputs[1].to_json().as_str().unwrap().to_owned();
    events.iter().map(amount).collect()
}

/// What was submitted, in order.
pub async fn observed(store: &MemoryStore) -> Vec<Submission> {
    let caps = Caps { bodies: 100_000, ids: 100_000, bytes: 1 << 30 };
    let pending = store.clone().pending(&Validator("a".to_owned()), caps).await.unwrap();
    let mut all: Vec<Submission> =
        pending.bodies().iter().map(|body| Event::read(body).unwrap().submission().clone()).collect();
    // An extension sorts by id.
    all.sort_by_key(|submission| submission.order.as_ref().map(|order| order.point));
    all
}
