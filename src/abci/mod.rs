//! Floor 12: the application side of ABCI 2.0. CometBFT 0.38 orders blocks and asks, `oracle::DatabaseNode` answers.
//!
//! An [`App`] is a `tower` service of `tower-abci`'s kind, [`serve`] speaks with CometBFT over its socket.
//! `docs/reference/abci.md` says what is answered, `docs/guide/cometbft.md` how a network is set up.

mod app;
mod begin;
mod calls;
mod chain;
mod decide;
mod frames;
mod host;
mod mempool;
mod problems;
mod propose;
mod results;
mod running;
mod server;
mod side;
mod transaction;
mod vote;
mod votes;

pub use app::{App, Setup};
pub use calls::SignedCalls;
pub use chain::{Chain, Member};
pub use host::{Answer, Beginning, Committed, Host};
pub use problems::Trouble;
pub use server::serve;
pub use transaction::{decode, encode};
pub use votes::Votes;
