//! What oracles log, and waits that are short enough for tests.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kuneiform::oracle::{Log, LogLine, Timing};

/// Fast enough for tests.
pub const TIMING: Timing = Timing {
    stop: Duration::from_secs(20),
    first_wait: Duration::from_millis(5),
    longest_wait: Duration::from_millis(20),
    settled: Duration::from_secs(60),
};

/// What was logged.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<LogLine>>>);

impl Lines {
    pub fn log(&self) -> Log {
        let lines = self.0.clone();
        Arc::new(move |line: &LogLine| lines.lock().unwrap().push(line.clone()))
    }

    pub fn text(&self) -> String {
        let lines = self.0.lock().unwrap();
        lines.iter().map(|line| format!("{} {:?}: {}\n", line.oracle, line.level, line.message)).collect()
    }
}
