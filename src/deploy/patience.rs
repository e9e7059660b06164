//! How a deploy treats those who use the database meanwhile.

use std::time::{Duration, Instant};

use crate::diagnostics::Code;

use super::DeployError;

/// How a deploy treats those who use the database meanwhile.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Manner {
    /// How long it tries, in all, to get what others hold.
    pub patience: Duration,
    /// Tables of so many bytes are looked through outside of the transaction that switches.
    pub large: u64,
}

impl Default for Manner {
    /// Half a minute, and 8 MiB: what is read in some hundredths of a second.
    fn default() -> Manner {
        Manner { patience: Duration::from_secs(30), large: 8 << 20 }
    }
}

/// How long one lock is waited for. Whoever needs it after us waits behind us, and goes on when we give up.
pub const ONE_TRY: &str = "SET LOCAL lock_timeout = '1s'";

/// The pause after the first try in vain; each is twice the one before, up to [`LONGEST`].
const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(2);

/// Tries until patience ends.
pub struct Waiting {
    since: Instant,
    patience: Duration,
    pause: Duration,
}

impl Waiting {
    /// Begins now.
    pub fn new(manner: Manner) -> Waiting {
        // Processes that began together do not try together for ever.
        let own = Duration::from_millis(u64::from(std::process::id() % 41));
        Waiting { since: Instant::now(), patience: manner.patience, pause: FIRST + own }
    }

    /// Lets others go on for a while; false if there has been patience enough.
    pub async fn pause(&mut self) -> bool {
        if self.since.elapsed() + self.pause > self.patience {
            return false;
        }
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(LONGEST);
        true
    }
}

/// True if nothing is wrong but that others were using the same.
pub fn is_busy(errors: &[DeployError]) -> bool {
    !errors.is_empty() && errors.iter().all(|error| error.code == Code::DeployBusy)
}
