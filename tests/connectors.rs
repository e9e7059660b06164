//! Oracles that read the world, against servers that answer as they are told: well, wrongly, late or not at all.
#![allow(dead_code, reason = "each kind of oracle uses what it needs of the server")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "connectors/chain.rs"]
mod chain;
#[path = "connectors/evm.rs"]
mod evm;
#[path = "connectors/evm_config.rs"]
mod evm_config;
#[path = "connectors/evm_crashes.rs"]
mod evm_crashes;
#[path = "connectors/evm_faults.rs"]
mod evm_faults;
#[path = "connectors/evm_reorgs.rs"]
mod evm_reorgs;
#[path = "connectors/evm_values.rs"]
mod evm_values;
#[path = "connectors/feed.rs"]
mod feed;
#[path = "support/lines.rs"]
mod lines;
#[path = "connectors/near.rs"]
mod near;
#[path = "connectors/near_chain.rs"]
mod near_chain;
#[path = "connectors/oracles.rs"]
mod oracles;
#[path = "connectors/pages.rs"]
mod pages;
#[path = "connectors/server.rs"]
mod server;
