use crate::diagnostics::Code;

/// What stopped a deploy, a connection or the embedded server. Messages are written in `deploy/problems.rs`.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct DeployError {
    /// Stable identity, explained by a page.
    pub code: Code,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Facts: what was expected and found, the server's own words.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
}

impl DeployError {
    /// An error with nothing but its message.
    pub fn new(code: Code, message: impl Into<String>) -> DeployError {
        DeployError { code, message: message.into(), notes: Vec::new(), help: None }
    }

    /// Adds a fact.
    pub fn note(mut self, text: impl Into<String>) -> DeployError {
        self.notes.push(text.into());
        self
    }

    /// Says what to do.
    pub fn help(mut self, text: impl Into<String>) -> DeployError {
        self.help = Some(text.into());
        self
    }
}
