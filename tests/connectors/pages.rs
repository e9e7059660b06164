//! What pages and examples show is taken.

use std::path::Path;
use std::sync::Arc;

use kuneiform::connectors;
use kuneiform::oracle::store::memory::MemoryStore;
use kuneiform::oracle::{OracleConfig, Registry, Supervisor, Timing};

use crate::oracles::{Lines, block_on};

async fn is_taken(text: &str) {
    let table: toml::Table = text.parse().unwrap();
    let environment = |_: &str| Some("http://127.0.0.1:1".to_owned());
    let configs = OracleConfig::read_all(table["oracles"].as_table().unwrap(), &environment).unwrap();
    let (registry, sink) = (connectors::register(Registry::new()), Arc::new(MemoryStore::default()));
    let started =
        Supervisor::start(&registry, configs, sink, Lines::default().log(), Timing::default()).await;
    match started {
        Ok(supervisor) => supervisor.stop().await,
        Err(error) => panic!("{error}\n{text}"),
    }
}

#[test]
fn every_table_that_is_shown_is_taken() {
    block_on(async {
        let read =
            |path: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
        let mut count = 0;
        for page in ["docs/reference/connectors.md", "docs/guide/oracles.md"] {
            for block in read(page).split("```toml\n").skip(1) {
                let text = block.split("```").next().unwrap();
                // Programs would be started.
                if !text.contains("\"exec\"") {
                    is_taken(text).await;
                    count += 1;
                }
            }
        }
        is_taken(&read("examples/near-accounts/node.toml")).await;
        assert!(count >= 5, "{count}");
    });
}
