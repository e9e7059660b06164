use std::time::Duration;

/// No wait is longer, whatever a server asks for.
const LONGEST: Duration = Duration::from_secs(300);

/// How long to wait after a failure: twice as long each time, up to a minute, and never less than the server asks for.
/// Without chance in it: one reader of one server does not meet others.
#[derive(Clone, Debug)]
pub struct Backoff {
    first: Duration,
    failures: u32,
}

impl Backoff {
    /// The wait after the first failure.
    pub fn new(first: Duration) -> Backoff {
        Backoff { first, failures: 0 }
    }

    /// After another failure, with what the server has asked for.
    pub fn wait(&mut self, asked: Option<Duration>) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(self.failures));
        self.failures = self.failures.saturating_add(1);
        let own = doubled.min(self.first.max(Duration::from_secs(60)));
        own.max(asked.unwrap_or_default()).min(LONGEST)
    }

    /// It works again. True if it had not.
    pub fn reset(&mut self) -> bool {
        std::mem::take(&mut self.failures) > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_minute_and_are_as_long_as_asked() {
        let mut backoff = Backoff::new(Duration::from_secs(2));
        let waits: Vec<u64> = (0..7).map(|_| backoff.wait(None).as_secs()).collect();
        assert_eq!(waits, [2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(backoff.wait(Some(Duration::from_secs(90))).as_secs(), 90);
        assert_eq!(backoff.wait(Some(Duration::from_secs(9000))).as_secs(), 300);
        assert!(backoff.reset() && !backoff.reset());
        assert_eq!(backoff.wait(Some(Duration::from_secs(1))).as_secs(), 2);
        backoff.failures = u32::MAX;
        assert_eq!(backoff.wait(None).as_secs(), 60);
    }
}
