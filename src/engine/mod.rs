//! Floor 10: what a node embeds. Blocks of calls inside a transaction of the caller's, receipts, hashes of the state.

mod class;

pub use class::{Class, Verdict, verdict};
