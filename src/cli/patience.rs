use std::time::Duration;

/// The flag of commands that wait for locks.
#[derive(clap::Args, Clone, Copy, Debug)]
pub(super) struct Patience {
    /// How long to try to get what calls, other deploys and other transactions hold, before giving up
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    lock_timeout: u16,
}

impl From<Patience> for Duration {
    fn from(patience: Patience) -> Duration {
        Duration::from_secs(patience.lock_timeout.into())
    }
}
