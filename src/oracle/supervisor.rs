//! Starts oracles, starts them again when they fail, and stops them with the node.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::run::Runner;
use super::{ConfigError, ExecOracle, Log, Oracle, OracleConfig, OracleError, Receiver, Sink, problems};

type Make = Arc<dyn Fn() -> Arc<dyn Oracle> + Send + Sync>;

/// The implementations there are, by the name that the key `type` says.
#[derive(Clone)]
pub struct Registry(BTreeMap<String, Make>);

impl Default for Registry {
    fn default() -> Registry {
        Registry::new()
    }
}

impl Registry {
    /// Has `exec`.
    pub fn new() -> Registry {
        Registry(BTreeMap::new()).with("exec", || Arc::new(ExecOracle))
    }

    /// Adds an implementation. `make` gives a new value for each start.
    pub fn with(
        mut self,
        kind: &str,
        make: impl Fn() -> Arc<dyn Oracle> + Send + Sync + 'static,
    ) -> Registry {
        self.0.insert(kind.to_owned(), Arc::new(make));
        self
    }

    fn find(&self, config: &OracleConfig) -> Result<Make, ConfigError> {
        let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
        let found = self.0.get(config.kind()).cloned();
        found.ok_or_else(|| problems::unknown_kind(config.name(), config.kind(), &known))
    }
}

/// How long things may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timing {
    /// For an oracle to stop, before its tasks are aborted.
    pub stop: Duration,
    /// Before the first restart; doubled with each that fails.
    pub first_wait: Duration,
    /// Before any restart.
    pub longest_wait: Duration,
    /// After which an oracle that runs counts as well again.
    pub settled: Duration,
}

impl Default for Timing {
    fn default() -> Timing {
        let seconds = Duration::from_secs;
        Timing { stop: seconds(10), first_wait: seconds(1), longest_wait: seconds(60), settled: seconds(60) }
    }
}

/// Where an oracle stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OracleState {
    /// It was told to start.
    Starting,
    /// It runs.
    Running,
    /// It failed and is started again after a while.
    Waiting {
        /// Failures in a row.
        failures: u32,
        /// The last one.
        error: String,
    },
    /// Its work is done; it is not started again.
    Ended,
    /// Its table is wrong; it is not started again.
    Misconfigured(ConfigError),
    /// It was stopped with the node.
    Stopped,
}

/// The states of all oracles, as others may look at them.
#[derive(Clone, Default)]
pub struct States(Arc<Mutex<BTreeMap<String, OracleState>>>);

impl States {
    pub(super) fn set(&self, oracle: &str, state: OracleState) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(oracle.to_owned(), state);
    }

    /// By name, as it is now.
    pub fn get(&self) -> BTreeMap<String, OracleState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// All oracles of a node. Dropping it cancels them; [`Supervisor::stop`] waits until they are gone.
pub struct Supervisor {
    cancelled: CancellationToken,
    runners: Vec<JoinHandle<()>>,
    states: States,
}

impl Supervisor {
    /// Starts an oracle for each table. Must run in a tokio runtime.
    ///
    /// # Errors
    /// If an implementation is unknown, or an oracle says that its table is wrong. Then all are stopped.
    pub async fn start(
        registry: &Registry,
        configs: BTreeMap<String, OracleConfig>,
        sink: Arc<dyn Sink>,
        log: Log,
        timing: Timing,
    ) -> Result<Supervisor, ConfigError> {
        let made: Result<Vec<_>, _> =
            configs.into_values().map(|config| Ok((registry.find(&config)?, config))).collect();
        let mut supervisor = Supervisor {
            cancelled: CancellationToken::new(),
            runners: Vec::new(),
            states: States::default(),
        };
        let mut first = Vec::new();
        for (make, config) in made? {
            let (tell, told) = oneshot::channel();
            let runner = Runner {
                make,
                to: Receiver::new(config.name(), sink.clone()),
                config,
                log: log.clone(),
                timing,
                cancelled: supervisor.cancelled.child_token(),
                states: supervisor.states.clone(),
            };
            supervisor.runners.push(tokio::spawn(runner.run(tell)));
            first.push(told);
        }
        for told in first {
            if let Ok(Err(OracleError::Config(error))) = told.await {
                supervisor.stop().await;
                return Err(error);
            }
        }
        Ok(supervisor)
    }

    /// Where each oracle stands.
    pub fn states(&self) -> States {
        self.states.clone()
    }

    /// Stops all at once and waits for them, at most as long as the timing says for one.
    pub async fn stop(mut self) {
        self.cancelled.cancel();
        for runner in std::mem::take(&mut self.runners) {
            // A runner ends by itself: it aborts what does not.
            let _ = runner.await;
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.cancelled.cancel();
    }
}
