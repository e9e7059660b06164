//! Floor 11: what brings data from outside the chain into `oracle` actions. An oracle submits events, validators vote on
//! them, and what more than two thirds of the power have seen is applied once, in the block's own transaction.

mod apply;
mod claim;
mod encoding;
mod event;
mod extension;
mod input;
pub mod limits;
mod problems;
mod queue;
pub mod store;
mod submission;
mod threshold;
mod vote;

pub use apply::{Block, Executor, Report, Thresholds, Turn, apply, finish, prepare};
pub use claim::{Admitted, Claim, Claims, Outcome, Seen, admit};
pub use encoding::Malformed;
pub use event::{Event, EventId};
pub use extension::{Caps, Extension};
pub use input::Input;
pub use queue::{Approved, Queue, queue};
pub use submission::{Order, Submission, Target};
pub use threshold::Threshold;
pub use vote::{Powers, Validator, Vote, is_expired, tally};
