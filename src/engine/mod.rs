//! Floor 10: what a node embeds. Blocks of calls inside a transaction of the caller's, receipts, hashes of the state.
//!
//! An [`Engine`] never commits: whoever began a transaction ends it. `docs/guide/embedding.md` shows a whole node.

mod block;
mod call;
mod canon;
mod chain;
mod class;
mod error;
mod execute;
mod receipt;
mod request;
mod settings;
mod start;
mod state;
mod targets;
mod value;

pub use block::Outcome;
pub use call::Rows;
pub use canon::{Canon, Hash};
pub use chain::{Genesis, Head, Rules};
pub use class::{Class, Verdict, verdict};
pub use error::EngineError;
pub use receipt::{OK, Receipt, root};
pub use request::{Block, By, Invocation, LONGEST_TXID, Request};
pub use settings::{SETTINGS, Setting, Wanted};
pub use start::{Engine, Local, begin};
pub use state::State;
pub use value::Value;
