//! Oracles are started, started again when they fail, and stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use kuneiform::oracle::store::EventStore;
use kuneiform::oracle::store::memory::MemoryStore;
use kuneiform::oracle::{
    Caps, ConfigError, Oracle, OracleConfig, OracleContext, OracleError, OracleState, Receiver, Registry,
    Started, Stopped, Submission, SubmitError, Supervisor, Timing,
};

use super::world::*;
pub use crate::lines::{Lines, TIMING};
use crate::support::block_on;

/// Starts the oracles of a TOML text.
pub async fn start(
    registry: &Registry,
    text: &str,
    store: &MemoryStore,
    lines: &Lines,
) -> Result<Supervisor, ConfigError> {
    let configs = OracleConfig::read_all(&text.parse().unwrap(), &|name| std::env::var(name).ok())?;
    Supervisor::start(registry, configs, Arc::new(store.clone()), lines.log(), TIMING).await
}

/// Waits until something holds.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

pub async fn observed(store: &MemoryStore) -> usize {
    store.clone().pending(&validator("a"), Caps::SOLO).await.unwrap().bodies().len()
}

/// Submits `count` deposits, remembering how far it is, and fails after each until it was started `failures` times.
struct Counter(Arc<AtomicU32>);

impl Oracle for Counter {
    fn start(&self, context: OracleContext, to: Receiver, config: OracleConfig) -> Started<'_> {
        let starts = self.0.clone();
        Box::pin(async move {
            let mut keys = config.keys();
            let (count, failures): (i64, u64) =
                (keys.required("count")?, keys.optional("failures")?.unwrap_or(0));
            keys.end(&["count", "failures"])?;
            let nth = u64::from(starts.fetch_add(1, Ordering::SeqCst));
            let name = config.name().to_owned();
            context.clone().spawn(async move {
                loop {
                    let done = to.cursor("done").await.map_err(OracleError::failed)?;
                    let done: i64 = done.map_or(0, |done| done.parse().unwrap());
                    if done == count {
                        return Ok(());
                    }
                    let event = Submission::new("accounts", "deposit", ["0xab", "5"]);
                    let event = event.source(format!("{name}:{done}"));
                    let cursor = vec![("done".to_owned(), Some((done + 1).to_string()))];
                    to.submit_all(vec![event], cursor).await.map_err(OracleError::failed)?;
                    if nth < failures {
                        return Err(OracleError::failed("the line went dead"));
                    }
                }
            });
            Ok(())
        })
    }
}

fn counters() -> (Registry, Arc<AtomicU32>) {
    let starts = Arc::new(AtomicU32::new(0));
    let given = starts.clone();
    (Registry::new().with("counter", move || Arc::new(Counter(given.clone()))), starts)
}

#[test]
fn an_oracle_that_fails_is_started_again_where_it_was() {
    block_on(async {
        let (registry, starts) = counters();
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let text = "[one]\ntype = 'counter'\ncount = 20\nfailures = 3";
        let supervisor = start(&registry, text, &store, &lines).await.unwrap();
        let states = supervisor.states();
        until("it ends", async || states.get()["one"] == OracleState::Ended).await;
        assert_eq!((observed(&store).await, starts.load(Ordering::SeqCst)), (20, 4));
        assert_eq!(lines.text().matches("the line went dead; trying again in").count(), 3);
        supervisor.stop().await;
    });
}

#[test]
fn cursors_of_two_instances_are_apart() {
    block_on(async {
        let (registry, _) = counters();
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let text = "[one]\ntype = 'counter'\ncount = 3\n[two]\ntype = 'counter'\ncount = 4";
        let supervisor = start(&registry, text, &store, &lines).await.unwrap();
        until("both end", async || observed(&store).await == 7).await;
        supervisor.stop().await;
        let mut store = store.clone();
        assert_eq!(EventStore::cursor(&mut store, "one", "done").await, Ok(Some("3".into())));
        assert_eq!(EventStore::cursor(&mut store, "two", "done").await, Ok(Some("4".into())));
    });
}

#[test]
fn a_wrong_table_stops_the_start() {
    block_on(async {
        let (registry, starts) = counters();
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let cases = [
            ("[one]\ntype = 'counter'", "no key `count`"),
            (
                "[one]\ntype = 'counter'\ncount = 'many'",
                "the key `count` of `oracles.one` is not a whole number",
            ),
            ("[one]\ntype = 'counter'\ncount = 1\nfailure = 2", "the unknown key `failure`"),
            ("[one]\ntype = 'countre'", "the unknown type `countre`"),
            ("[one]\ntype = 'exec'\ncommand = []", "the key `command`"),
        ];
        for (text, said) in cases {
            let error = start(&registry, text, &store, &lines).await.err().unwrap();
            assert!(error.message.contains(said), "{error}");
        }
        assert_eq!((starts.load(Ordering::SeqCst), observed(&store).await), (0, 0));
    });
}

/// Does not hear that it has to stop.
struct Deaf(Arc<AtomicU32>);

impl Oracle for Deaf {
    fn start(&self, context: OracleContext, _: Receiver, _: OracleConfig) -> Started<'_> {
        context.spawn(std::future::pending());
        Box::pin(std::future::ready(Ok(())))
    }

    fn stop(&self) -> Stopped<'_> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::ready(()))
    }
}

/// Panics, at its start or in its work.
struct Frail;

impl Oracle for Frail {
    fn start(&self, context: OracleContext, _: Receiver, config: OracleConfig) -> Started<'_> {
        Box::pin(async move {
            assert!(config.name() == "late", "at its start");
            context.spawn(async { panic!("in its work") });
            Ok(())
        })
    }
}

#[test]
fn what_does_not_stop_is_aborted_after_the_deadline() {
    block_on(async {
        let stops = Arc::new(AtomicU32::new(0));
        let given = stops.clone();
        let registry = Registry::new().with("deaf", move || Arc::new(Deaf(given.clone())));
        let configs = OracleConfig::read_all(&"[deaf]".parse().unwrap(), &|_| None).unwrap();
        let lines = Lines::default();
        let timing = Timing { stop: Duration::from_millis(50), ..TIMING };
        let sink = Arc::new(MemoryStore::default());
        let supervisor = Supervisor::start(&registry, configs, sink, lines.log(), timing).await.unwrap();
        let states = supervisor.states();
        assert_eq!(states.get()["deaf"], OracleState::Running);
        let began = Instant::now();
        supervisor.stop().await;
        assert!(began.elapsed() >= timing.stop);
        assert_eq!((states.get()["deaf"].clone(), stops.load(Ordering::SeqCst)), (OracleState::Stopped, 1));
        assert!(lines.text().contains("did not stop in time"), "{}", lines.text());
    });
}

#[test]
fn a_panic_is_an_error_like_another() {
    block_on(async {
        let registry = Registry::new().with("frail", || Arc::new(Frail));
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let text = "[early]\ntype = 'frail'\n[late]\ntype = 'frail'";
        let supervisor = start(&registry, text, &store, &lines).await.unwrap();
        let states = supervisor.states();
        let failures = |name: &str| match &states.get()[name] {
            OracleState::Waiting { failures, .. } => *failures,
            _ => 0,
        };
        until("both are tried again", async || failures("early") > 1 || failures("late") > 1).await;
        supervisor.stop().await;
        assert!(lines.text().contains("Warn: it panicked; trying again"), "{}", lines.text());
    });
}

#[test]
fn a_receiver_refuses_what_cannot_be_kept_and_keeps_nothing_of_it() {
    block_on(async {
        let store = MemoryStore::default();
        let to = Receiver::new("one", Arc::new(store.clone()));
        let good = || Submission::new("accounts", "deposit", ["0xab", "5"]);
        let none: [&str; 0] = [];
        let bad = Submission::new("not a name", "deposit", none);
        let error =
            to.submit_all(vec![good(), bad], vec![("at".into(), Some("1".into()))]).await.unwrap_err();
        assert!(matches!(error, SubmitError::Event(1, _)), "{error}");
        assert_eq!((to.cursor("at").await, observed(&store).await), (Ok(None), 0));
        for cursor in [("", Some("1".to_owned())), ("k", Some("v".repeat(70_000))), ("a\0", None)] {
            assert!(to.submit_all(vec![], vec![(cursor.0.into(), cursor.1)]).await.is_err());
        }
        assert!(to.submit_all(vec![good(); 10_001], vec![]).await.is_err());
        let id = to.submit(good()).await.unwrap();
        assert_eq!(to.submit(good()).await.unwrap(), id);
        assert_eq!(observed(&store).await, 1);
    });
}
