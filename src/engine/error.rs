use super::canon::Hash;
use crate::deploy::DeployError;
use crate::deploy::connect::reason;
use crate::diagnostics::Code;

/// Why a block, or the engine itself, could not go on. The transaction must be rolled back.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EngineError {
    /// The server, the registry or the chain does not suit; nothing was run.
    #[error("{0}")]
    Refused(Box<DeployError>),
    /// A setting of the server or the transaction is not what every replica has.
    #[error("the setting `{name}` is `{found}`, but must be {wanted}: {why}")]
    Setting {
        /// Which.
        name: String,
        /// Its value.
        found: String,
        /// What it must be.
        wanted: String,
        /// What would differ.
        why: String,
    },
    /// This server failed, which others may not have: the node must stop, or try the whole block again.
    #[error("the server failed in {place}: {message}{}", shown(.sqlstate))]
    Halt {
        /// The SQLSTATE; none if the connection broke.
        sqlstate: Option<String>,
        /// The server's words.
        message: String,
        /// What was being done.
        place: String,
    },
    /// The chain has not begun: there is no genesis.
    #[error("the chain of this database has no genesis")]
    NoGenesis,
    /// The database has another genesis.
    #[error("the database has the chain `{found}` with another genesis than `{wanted}`")]
    OtherGenesis {
        /// Whose chain the database has.
        found: String,
        /// Whose was to begin.
        wanted: String,
    },
    /// A block was left out.
    #[error("block {found} does not follow: the next is {expected}")]
    Gap {
        /// The height that comes next.
        expected: i64,
        /// The height that was to be run.
        found: i64,
    },
    /// Another block was committed at this height.
    #[error("another block was committed at height {height}: `{}`, not `{}`", hex::encode(.committed), hex::encode(.wanted))]
    Fork {
        /// Where.
        height: i64,
        /// The root over its requests.
        committed: Hash,
        /// The root over the requests that were to be run.
        wanted: Hash,
    },
    /// Consensus should not have let the block through.
    #[error("request {request} of the block cannot be run: {why}")]
    Malformed {
        /// Which, from 0.
        request: usize,
        /// Why.
        why: &'static str,
    },
    /// The tables of a dataset cannot be hashed.
    #[error("the state of `{dataset}` cannot be hashed: {why}")]
    State {
        /// Which.
        dataset: String,
        /// Why not.
        why: String,
    },
}

impl EngineError {
    /// An error of the database while `place` was done.
    pub(super) fn halt(place: impl Into<String>, error: &tokio_postgres::Error) -> EngineError {
        let sqlstate = error.code().map(|state| state.code().to_owned());
        EngineError::Halt { sqlstate, message: reason(error), place: place.into() }
    }

    /// True if the same block may simply be tried again: others were in the way, or the connection broke.
    pub fn is_passing(&self) -> bool {
        match self {
            EngineError::Halt { sqlstate, .. } => sqlstate.as_ref().is_none_or(|state| {
                ["08", "40", "55P03", "57P"].iter().any(|class| state.starts_with(class))
            }),
            _ => false,
        }
    }
}

impl From<DeployError> for EngineError {
    /// What the server failed at is no refusal.
    fn from(error: DeployError) -> EngineError {
        if ![Code::DatabaseFailed, Code::DatabaseRight, Code::DeployBusy].contains(&error.code) {
            return EngineError::Refused(Box::new(error));
        }
        let sqlstate = error.notes.iter().find_map(|note| note.strip_prefix("SQLSTATE "));
        let (sqlstate, place) = (sqlstate.map(str::to_owned), "the registry".to_owned());
        EngineError::Halt { sqlstate, message: error.message, place }
    }
}

fn shown(sqlstate: &Option<String>) -> String {
    sqlstate.as_ref().map(|state| format!(" (SQLSTATE {state})")).unwrap_or_default()
}
