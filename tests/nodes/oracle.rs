//! Events from outside: their encoding, the stores, what is applied, and what brings them in.

mod alone;
mod codec;
mod exec;
mod guide;
#[path = "../../examples/heartbeat.rs"]
mod heartbeat;
mod replica;
mod stores;
mod supervisor;
mod world;
