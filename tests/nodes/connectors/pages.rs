//! What pages and examples show is taken.

use std::path::Path;
use std::sync::Arc;

use kuneiform::connectors;
use kuneiform::oracle::store::memory::MemoryStore;
use kuneiform::oracle::{OracleConfig, Registry, Supervisor, Timing};

use super::oracles::{Lines, block_on, start};

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

#[test]
fn every_key_is_listed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/connectors.md");
    let page = std::fs::read_to_string(path).unwrap();
    let event = "contract = '0x1111111111111111111111111111111111111111'\nevent = 'A()'\n\
                 submit = [{ dataset = 'a', action = 'b', inputs = [] }]";
    let text =
        format!("[a]\ntype = 'evm'\nrpc = 'http://x'\nchain_id = 1\nxyzzyxyzzy = 1\n[[a.events]]\n{event}");
    block_on(async {
        let error = start(&text, &MemoryStore::default(), &Lines::default()).await.err().unwrap();
        let help = error.help.unwrap();
        let keys: Vec<&str> = help.split('`').skip(1).step_by(2).collect();
        assert!(keys.len() >= 9, "{help}");
        for key in keys {
            assert!(page.contains(&format!("\n| `{key}` |")), "{key}");
        }
    });
}
