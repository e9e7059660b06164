//! The library as a node embeds it: calls and blocks in the node's own transactions, receipts, the chain, hashes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "engine/blocks.rs"]
mod blocks;
#[path = "engine/calls.rs"]
mod calls;
#[path = "engine/crashes.rs"]
mod crashes;
#[path = "../examples/node-embedding/main.rs"]
mod example;
#[path = "engine/life.rs"]
mod life;
#[path = "engine/node.rs"]
mod node;
#[path = "engine/settings.rs"]
mod settings;
#[path = "engine/state.rs"]
mod state;
mod support;
#[path = "engine/twins.rs"]
mod twins;

#[test]
fn the_example_runs() {
    support::block_on(async {
        let url = support::database().await;
        for _ in 0..2 {
            let receipts = example::run(&url, node::local()).await.unwrap();
            let told: Vec<&str> = receipts.iter().map(|receipt| receipt.status.as_str()).collect();
            assert_eq!(told, ["OK", "OK", "23"]);
        }
    });
}
