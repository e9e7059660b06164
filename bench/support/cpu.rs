//! The processor time of the server's process: what is left of a measurement when others use the machine too.

use std::path::PathBuf;
use std::time::Duration;

use kuneiform::deploy::connect::Session;

/// The process that serves a session.
pub struct Backend {
    schedstat: PathBuf,
}

impl Backend {
    /// The one of `session`, which runs on this machine.
    pub async fn of(session: &Session) -> Backend {
        let row = session.client.query_one("SELECT pg_backend_pid()", &[]).await.expect("the server answers");
        let pid: i32 = row.get(0);
        Backend { schedstat: PathBuf::from(format!("/proc/{pid}/schedstat")) }
    }

    /// Time on a processor so far.
    pub fn time(&self) -> Duration {
        let text = std::fs::read_to_string(&self.schedstat).expect("the kernel counts processor time");
        let nanoseconds = text.split_whitespace().next().and_then(|number| number.parse().ok());
        Duration::from_nanos(nanoseconds.expect("a number of nanoseconds"))
    }
}
