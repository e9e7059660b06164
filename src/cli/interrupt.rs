//! Ctrl-C while the database works.

use std::pin::pin;
use std::time::Duration;

use crate::deploy::connect::Canceller;

/// How long a statement has to come to its end before the server is told again: between two statements nobody listens.
const AGAIN: Duration = Duration::from_millis(50);

/// Runs `work`. At Ctrl-C the server is told to stop what `canceller` belongs to until `work` has come to its end, so that
/// what it says is what has become of it. True if there was a Ctrl-C.
pub(super) async fn stoppable<T>(canceller: &Canceller, work: impl Future<Output = T>) -> (T, bool) {
    let mut work = pin!(work);
    tokio::select! {
        outcome = &mut work => return (outcome, false),
        _ = tokio::signal::ctrl_c() => {}
    }
    loop {
        canceller.cancel().await;
        tokio::select! {
            outcome = &mut work => return (outcome, true),
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
}
