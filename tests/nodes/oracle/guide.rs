//! The oracle of docs/guide/oracles.md that is written in Rust.

use std::path::Path;
use std::sync::Arc;

use kuneiform::oracle::Registry;
use kuneiform::oracle::store::EventStore;
use kuneiform::oracle::store::memory::MemoryStore;

use super::heartbeat::Heartbeat;
use super::supervisor::{Lines, observed, start, until};
use crate::support::block_on;

#[test]
fn the_oracle_of_the_guide_is_the_one_of_the_examples_and_beats() {
    let read =
        |path: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let page = read("docs/guide/oracles.md");
    let shown = page.split("```rust\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(read("examples/heartbeat.rs").contains(shown), "examples/heartbeat.rs has another oracle");
    block_on(async {
        let registry = Registry::new().with("heartbeat", || Arc::new(Heartbeat));
        let (store, lines) = (MemoryStore::default(), Lines::default());
        for count in [3, 6] {
            let supervisor = start(&registry, "[heartbeat]\nseconds = 0", &store, &lines).await.unwrap();
            until("it beats", async || observed(&store).await >= count).await;
            supervisor.stop().await;
        }
        let beats = observed(&store).await;
        let next = EventStore::cursor(&mut store.clone(), "heartbeat", "next").await.unwrap();
        assert_eq!((next, lines.text()), (Some(beats.to_string()), String::new()));
        let error = start(&registry, "[heartbeat]", &store, &lines).await.err().unwrap();
        assert!(error.message.contains("no key `seconds`"), "{error}");
    });
}
