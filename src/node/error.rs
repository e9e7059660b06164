use crate::deploy::DeployError;
use crate::engine::EngineError;
use crate::oracle::ConfigError;

/// What kind of thing stopped a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// `node.toml`, or a file it names.
    Config,
    /// A genesis schema has errors.
    Source,
    /// The database, or what is in it.
    Database,
}

/// Why a node did not start, or stopped by itself. What was committed stays.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct NodeError {
    /// Whose matter it is.
    pub trouble: Trouble,
    /// Lower case, no full stop, user text in backticks.
    pub message: String,
    /// Facts.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
}

impl NodeError {
    pub(super) fn new(trouble: Trouble, message: impl Into<String>) -> NodeError {
        NodeError { trouble, message: message.into(), notes: Vec::new(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> NodeError {
        self.help = Some(help.into());
        self
    }
}

impl From<ConfigError> for NodeError {
    fn from(error: ConfigError) -> NodeError {
        NodeError { help: error.help, ..NodeError::new(Trouble::Config, error.message) }
    }
}

impl From<DeployError> for NodeError {
    fn from(error: DeployError) -> NodeError {
        let DeployError { message, notes, help, .. } = error;
        NodeError { trouble: Trouble::Database, message, notes, help }
    }
}

impl From<EngineError> for NodeError {
    fn from(error: EngineError) -> NodeError {
        match error {
            EngineError::Refused(error) => NodeError::from(*error),
            other => NodeError::new(Trouble::Database, other.to_string()),
        }
    }
}
