use std::time::Duration;

use super::Trouble;
use crate::engine::Hash;
use crate::oracle::{Decided, Later};

/// What CometBFT says of the chain before it begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Beginning {
    /// The height of its first block.
    pub initial_height: i64,
    /// `app_state` of CometBFT's genesis, as it is there.
    pub app_state: Vec<u8>,
}

/// A block that is in the database.
pub struct Committed<'a> {
    /// Its height.
    pub height: i64,
    /// Unix time in seconds.
    pub timestamp: i64,
    /// The hash of the chain up to here.
    pub app_hash: Hash,
    /// What it did.
    pub decided: &'a Decided,
    /// How long it took.
    pub took: Duration,
}

/// An answer to a query.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// What was asked for, and the height it holds at.
    Value(Vec<u8>, i64),
    /// Why there is none.
    None(String),
}

/// The node around the application: it knows what the chain begins with, and what users may look at.
pub trait Host: Send + Sync {
    /// Makes all tables of the database, and begins the engine's chain or makes sure that it began this way. May be asked
    /// again after a crash. Gives the hash that the first block is chained to.
    fn begin<'a>(&'a self, beginning: &'a Beginning) -> Later<'a, Result<Hash, Trouble>>;

    /// What is behind a path, after the last block. `data` is what came with it.
    fn query<'a>(&'a self, path: &'a str, data: &'a [u8]) -> Later<'a, Answer>;

    /// A block was committed.
    fn committed(&self, block: &Committed<'_>);

    /// A line for whoever runs the node.
    fn say(&self, line: &str);
}
