//! One oracle over its restarts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::unbounded_channel;
use tokio::sync::oneshot;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use super::source::Work;
use super::supervisor::States;
use super::{
    Level, Log, LogLine, Oracle, OracleConfig, OracleContext, OracleError, OracleState, Receiver, Timing,
};

pub(super) struct Runner {
    pub(super) make: Arc<dyn Fn() -> Arc<dyn Oracle> + Send + Sync>,
    pub(super) to: Receiver,
    pub(super) config: OracleConfig,
    pub(super) log: Log,
    pub(super) timing: Timing,
    pub(super) cancelled: CancellationToken,
    pub(super) states: States,
}

/// How one run ended.
enum End {
    /// The node stops.
    Cancelled,
    /// Nothing is left to do.
    Done,
    /// It failed.
    Failed(OracleError),
}

type FirstStart = oneshot::Sender<Result<(), OracleError>>;

impl Runner {
    /// Runs the oracle until it is cancelled, done or misconfigured. `tell` hears how the first start went.
    pub(super) async fn run(self, tell: FirstStart) {
        let mut tell = Some(tell);
        let mut failures = 0;
        loop {
            self.set(OracleState::Starting);
            let began = Instant::now();
            let end = self.once(&mut tell).await;
            if began.elapsed() >= self.timing.settled {
                failures = 0;
            }
            let error = match end {
                End::Cancelled => return self.set(OracleState::Stopped),
                End::Done => return self.set(OracleState::Ended),
                End::Failed(OracleError::Config(error)) => {
                    self.say(Level::Error, error.message.clone());
                    return self.set(OracleState::Misconfigured(error));
                }
                End::Failed(OracleError::Failed(error)) => error,
            };
            failures += 1;
            let wait = wait(self.timing, failures);
            self.say(Level::Warn, format!("{error}; trying again in {:.1} s", wait.as_secs_f64()));
            self.set(OracleState::Waiting { failures, error });
            if tokio::time::timeout(wait, self.cancelled.cancelled()).await.is_ok() {
                return self.set(OracleState::Stopped);
            }
        }
    }

    async fn once(&self, tell: &mut Option<FirstStart>) -> End {
        let oracle = (self.make)();
        let (work, mut given) = unbounded_channel();
        let cancelled = self.cancelled.child_token();
        let name = Arc::from(self.config.name());
        let context = OracleContext { name, cancelled: cancelled.clone(), work, log: self.log.clone() };
        let mut tasks: JoinSet<Result<(), OracleError>> = JoinSet::new();
        let started = self.begin(&mut tasks, oracle.clone(), context).await;
        if let Some(tell) = tell.take() {
            let _ = tell.send(started.clone());
        }
        let end = match started {
            Err(error) => End::Failed(error),
            Ok(()) => {
                self.set(OracleState::Running);
                self.watch(&mut tasks, &mut given).await
            }
        };
        cancelled.cancel();
        // Work that was given and not begun is not begun any more.
        drop(given);
        self.end(&mut tasks, &oracle).await;
        end
    }

    /// Starts the oracle in a task of its own, so that a panic is an error.
    async fn begin(
        &self,
        tasks: &mut JoinSet<Result<(), OracleError>>,
        oracle: Arc<dyn Oracle>,
        context: OracleContext,
    ) -> Result<(), OracleError> {
        let (to, config) = (self.to.clone(), self.config.clone());
        tasks.spawn(async move { oracle.start(context, to, config).await });
        match tokio::time::timeout(self.timing.stop, tasks.join_next()).await {
            Ok(Some(joined)) => flat(joined),
            Ok(None) => Ok(()),
            Err(_) => Err(OracleError::Failed("its start does not return".to_owned())),
        }
    }

    async fn watch(
        &self,
        tasks: &mut JoinSet<Result<(), OracleError>>,
        given: &mut tokio::sync::mpsc::UnboundedReceiver<Work>,
    ) -> End {
        loop {
            let is_closed = given.is_closed() && given.is_empty();
            if is_closed && tasks.is_empty() {
                return End::Done;
            }
            tokio::select! {
                () = self.cancelled.cancelled() => return End::Cancelled,
                Some(work) = given.recv(), if !is_closed => drop(tasks.spawn(work)),
                Some(joined) = tasks.join_next() => {
                    if let Err(error) = flat(joined) {
                        return End::Failed(error);
                    }
                }
            }
        }
    }

    /// Lets the oracle end in time; what does not is aborted.
    async fn end(&self, tasks: &mut JoinSet<Result<(), OracleError>>, oracle: &Arc<dyn Oracle>) {
        let oracle = oracle.clone();
        let all = async {
            // In a task of its own, so that a panic stays there.
            let stopping = tokio::spawn(async move { oracle.stop().await });
            while tasks.join_next().await.is_some() {}
            let _ = stopping.await;
        };
        if tokio::time::timeout(self.timing.stop, all).await.is_err() {
            self.say(Level::Warn, "did not stop in time and was aborted".to_owned());
            tasks.shutdown().await;
        }
    }

    fn set(&self, state: OracleState) {
        self.states.set(self.config.name(), state);
    }

    fn say(&self, level: Level, message: String) {
        (self.log)(&LogLine { oracle: self.config.name().to_owned(), level, message });
    }
}

/// A panic is an error like another.
fn flat(joined: Result<Result<(), OracleError>, JoinError>) -> Result<(), OracleError> {
    joined.unwrap_or_else(|error| match error.is_panic() {
        true => Err(OracleError::Failed("it panicked".to_owned())),
        false => Ok(()),
    })
}

fn wait(timing: Timing, failures: u32) -> Duration {
    let doubled = timing.first_wait.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1)));
    doubled.min(timing.longest_wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let seconds: Vec<u64> = (1..10).map(|failures| wait(Timing::default(), failures).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(wait(Timing::default(), u32::MAX).as_secs(), 60);
    }
}
