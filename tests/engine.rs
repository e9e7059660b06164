//! The library as a node embeds it: calls and blocks in the node's own transactions, receipts, the chain, hashes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "engine/blocks.rs"]
mod blocks;
#[path = "engine/calls.rs"]
mod calls;
#[path = "engine/node.rs"]
mod node;
#[path = "engine/settings.rs"]
mod settings;
mod support;
