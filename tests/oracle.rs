//! Events from outside: their encoding, the stores, what is applied, and what brings them in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "oracle/alone.rs"]
mod alone;
#[path = "oracle/codec.rs"]
mod codec;
#[path = "oracle/exec.rs"]
mod exec;
#[path = "oracle/guide.rs"]
mod guide;
#[path = "../examples/heartbeat.rs"]
mod heartbeat;
#[path = "support/lines.rs"]
mod lines;
#[path = "oracle/replica.rs"]
mod replica;
#[path = "oracle/stores.rs"]
mod stores;
#[path = "oracle/supervisor.rs"]
mod supervisor;
mod support;
#[path = "oracle/world.rs"]
mod world;
