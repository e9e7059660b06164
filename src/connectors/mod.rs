//! Floor 12: oracles that read the world. Each is an [`Oracle`](crate::oracle::Oracle) that
//! [`register`] gives a name for the key `type`; what they share is beside them: HTTP with limits, JSON-RPC, waiting.

mod backoff;
mod client;
mod endpoint;
mod evm;
mod feed;
mod json;
mod near;
mod problems;
mod rpc;
mod table;
mod template;

use std::sync::Arc;

use crate::oracle::Registry;

pub use backoff::Backoff;
pub use client::{Answer, Client, Limits, Trouble};
pub use endpoint::Endpoint;
pub use evm::EvmOracle;
pub use feed::HttpOracle;
pub use near::NearOracle;
pub use rpc::{ErrorObject, Rpc, RpcError};

/// Adds every oracle of this room.
pub fn register(registry: Registry) -> Registry {
    let registry = registry.with("evm", || Arc::new(EvmOracle));
    registry.with("http", || Arc::new(HttpOracle)).with("near", || Arc::new(NearOracle))
}
