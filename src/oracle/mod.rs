//! Floor 11: what brings data from outside the chain into `oracle` actions. An oracle submits events, validators vote on
//! them, and what more than two thirds of the power have seen is applied once, in the block's own transaction.

mod apply;
mod calls;
mod claim;
mod config;
pub mod consensus;
mod database;
mod encoding;
mod event;
mod exec;
mod extension;
mod found;
mod input;
pub mod limits;
mod problems;
mod queue;
mod receiver;
mod replica;
mod run;
mod source;
pub mod store;
mod submission;
mod supervisor;
mod vote;

pub use apply::{Block, Executor, Report, Thresholds, Turn, apply, finish, prepare};
pub use calls::{Calls, NoCalls, Refused, Verdicts};
pub use claim::{Admitted, Claim, Claims, Outcome, Seen, admit};
pub use config::{ConfigError, Environment, FromKey, Keys, OracleConfig};
pub use database::{DatabaseNode, Decided, Knowledge, PowersAt};
pub use encoding::Malformed;
pub(crate) use encoding::{Reader, Writer};
pub use event::{Event, EventId};
pub use exec::ExecOracle;
pub use extension::{Caps, Extension};
pub use input::Input;
pub use queue::{Approved, Queue, queue};
pub use receiver::{Later, Receiver, Sink, SubmitError};
pub use replica::{Agreed, CALLER, Finalized, Replica};
pub use source::{Level, Log, LogLine, Oracle, OracleContext, OracleError, Started, Stopped};
pub use submission::{Order, Submission, Target};
pub use supervisor::{OracleState, Registry, States, Supervisor, Timing};
pub use vote::{Powers, Validator, Vote, is_expired, tally};

pub use crate::language::Threshold;
