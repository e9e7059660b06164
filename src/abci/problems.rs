use crate::oracle::store::Failure;

/// Why a request has no answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Trouble {
    /// It should not have been asked, or not so. CometBFT is told, and nothing else happens.
    #[error("{0}")]
    Refused(String),
    /// What only this machine may have met: the process must stop rather than answer what others would not.
    #[error("{0}")]
    Halt(Failure),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        Trouble::Halt(failure)
    }
}

impl From<tokio_postgres::Error> for Trouble {
    fn from(error: tokio_postgres::Error) -> Trouble {
        Trouble::Halt(error.into())
    }
}

fn refused(message: impl Into<String>) -> Trouble {
    Trouble::Refused(message.into())
}

/// CometBFT and the node were set up for different chains.
pub(super) fn other_chain(found: &str, wanted: &str) -> Trouble {
    refused(format!("the chain of CometBFT's genesis is `{found}`, but `node.chain_id` is `{wanted}`"))
}

/// Nobody could say what oracles have seen.
pub(super) fn no_extensions(initial_height: i64) -> Trouble {
    refused(format!(
        "`abci.vote_extensions_enable_height` of CometBFT's genesis is not a height from 1 to {initial_height}"
    ))
}

/// A key of another kind.
pub(super) fn other_key(address: &str) -> Trouble {
    refused(format!("the validator `{address}` has no Ed25519 key"))
}

/// The genesis has no validators.
pub(super) fn no_validators() -> Trouble {
    refused("CometBFT's genesis has no validators")
}

/// The chain began with other validators or limits.
pub(super) fn other_beginning() -> Trouble {
    refused("the database has this chain with other validators, another initial height or another block size")
}

/// Before `InitChain`.
pub(super) fn not_begun() -> Trouble {
    refused("the chain has not begun: `InitChain` comes first")
}

/// After the first block.
pub(super) fn has_begun(height: i64) -> Trouble {
    refused(format!("the chain has begun and is at height {height}"))
}

/// A height that is not the next.
pub(super) fn other_height(found: i64, next: i64) -> Trouble {
    refused(format!("height {found} was asked for, but the next is {next}"))
}

/// `Commit` without a block.
pub(super) fn nothing_finalised() -> Trouble {
    refused("nothing is finalised: `FinalizeBlock` comes first")
}

/// More than a third of the validators run another program.
pub(super) fn decided_without_votes(height: i64) -> Trouble {
    Trouble::Halt(Failure::new(format!(
        "the block at height {height} was decided, but its first transaction does not prove the votes of others"
    )))
}

/// A message that is too long to be one of CometBFT's.
pub(super) fn too_long(length: u64) -> String {
    format!("a message of {length} bytes was announced")
}
