use alloy_primitives::B256;

use super::super::RpcError;
use crate::oracle::{ConfigError, SubmitError};

/// Why a round ended early. Nothing of the chain was passed over by it.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// No answer.
    #[error("{0}")]
    Rpc(#[from] RpcError),
    /// An answer that is not what the protocol says.
    #[error("the server answers nonsense: {0}")]
    Nonsense(&'static str),
    /// The server, or the one of several that has answered, does not have a block that it should have.
    #[error("the server is behind: it does not have block {0}")]
    Behind(u64),
    /// Two answers are of different chains of blocks.
    #[error("the server's answers disagree about block {0}")]
    Disagrees(u64),
    /// What was final is no more.
    #[error(
        "the chain was reorganised beneath what was final: block {block} was {was:#x} when its logs were read, and is {is:#x} now; nothing more is read"
    )]
    Reorganised {
        /// Its number.
        block: u64,
        /// The hash it had.
        was: B256,
        /// The hash it has.
        is: B256,
    },
    /// A log that the key `event` does not describe.
    #[error("{place} does not fit the key `event`: {why}")]
    Misfit {
        /// Which log.
        place: String,
        /// What is wrong.
        why: String,
    },
    /// The events were not kept.
    #[error("{0}")]
    Submit(#[from] SubmitError),
    /// What is remembered cannot be read.
    #[error("what this oracle remembers is not what it writes: {0}")]
    Position(String),
    /// Trying again would not help.
    #[error("{0}")]
    Config(#[from] ConfigError),
}
