//! Nodes: blocks, oracles and what they read, ABCI, the HTTP API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod abci;
mod connectors;
mod engine;
mod evm;
mod lines;
mod near_chain;
mod node;
mod oracle;
mod process;
mod server;
mod signing;
#[path = "../support/mod.rs"]
mod support;
