//! Floor 13: a node, alone or one of many under CometBFT. It reads a `node.toml`, begins a chain from its genesis schemas, runs blocks of signed
//! calls and of what oracles bring, and answers over HTTP. `docs/guide/node.md` shows it.

mod abci;
mod alone;
mod blocks;
mod clock;
mod compile;
mod config;
mod error;
pub mod events;
mod genesis;
mod http;
mod metrics;
mod pool;
mod problems;
mod run;
mod shared;
mod tables;
mod turns;
mod viewers;
mod wake;

pub use config::{AbciConfig, GenesisSchema, Listen, NodeConfig};
pub use error::{NodeError, Trouble};
pub use genesis::Genesis;
pub use run::{Say, run};
