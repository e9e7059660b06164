use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use super::{ConfigError, OracleConfig, Receiver};

/// What [`Oracle::start`] gives back: done when what it started runs by itself.
pub type Started<'a> = Pin<Box<dyn Future<Output = Result<(), OracleError>> + Send + 'a>>;
/// What [`Oracle::stop`] gives back: done when nothing of it is left.
pub type Stopped<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;
/// Work that an oracle does beside others.
pub(super) type Work = Pin<Box<dyn Future<Output = Result<(), OracleError>> + Send>>;

/// Brings data from outside into the event store of a node.
pub trait Oracle: Send + Sync {
    /// Reads its table and starts what it does with [`OracleContext::spawn`], then returns at once. It is started again,
    /// as a new value, when its work fails.
    fn start(&self, context: OracleContext, to: Receiver, config: OracleConfig) -> Started<'_>;

    /// Ends what needs more than the end of its tasks, which were cancelled before. Has the supervisor's deadline.
    fn stop(&self) -> Stopped<'_> {
        Box::pin(std::future::ready(()))
    }
}

/// Why an oracle did not start, or stopped.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum OracleError {
    /// Its table is wrong: trying again would not help.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// Something that may pass: it is started again after a while.
    #[error("{0}")]
    Failed(String),
}

impl OracleError {
    /// Something that may pass.
    pub fn failed(error: impl std::fmt::Display) -> OracleError {
        OracleError::Failed(error.to_string())
    }
}

/// How much a line matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// For who writes the oracle.
    Debug,
    /// It does what it should.
    Info,
    /// It goes on, but somebody should look.
    Warn,
    /// It does not go on.
    Error,
}

/// Something an oracle or its supervisor says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogLine {
    /// Which oracle.
    pub oracle: String,
    /// How much it matters.
    pub level: Level,
    /// The words.
    pub message: String,
}

/// Where lines go.
pub type Log = Arc<dyn Fn(&LogLine) + Send + Sync>;

/// What a running oracle has of its node.
#[derive(Clone)]
pub struct OracleContext {
    pub(super) name: Arc<str>,
    pub(super) cancelled: CancellationToken,
    pub(super) work: UnboundedSender<Work>,
    pub(super) log: Log,
}

impl OracleContext {
    /// Runs `work` until it ends. An error of it stops the oracle, which is then started again after a while.
    pub fn spawn(&self, work: impl Future<Output = Result<(), OracleError>> + Send + 'static) {
        // Nobody listens only when the oracle was stopped.
        let _ = self.work.send(Box::pin(work));
    }

    /// Done when the oracle has to stop. What does not end soon after is aborted.
    pub async fn cancelled(&self) {
        self.cancelled.cancelled().await;
    }

    /// True if the oracle has to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.is_cancelled()
    }

    /// Waits; true if the oracle has to stop.
    pub async fn sleep(&self, time: std::time::Duration) -> bool {
        tokio::time::timeout(time, self.cancelled.cancelled()).await.is_ok()
    }

    /// Writes a line.
    pub fn log(&self, level: Level, message: impl Into<String>) {
        (self.log)(&LogLine { oracle: self.name.to_string(), level, message: message.into() });
    }
}
