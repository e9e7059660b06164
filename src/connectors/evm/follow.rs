use std::time::Duration;

use super::super::Backoff;
use super::reader::{Reader, Round};
use super::trouble::Trouble;
use crate::oracle::{Level, OracleContext, OracleError};

/// Reads until the oracle is cancelled, or something is wrong that waiting does not mend.
pub(super) async fn run(
    mut reader: Reader,
    context: OracleContext,
    poll: Duration,
) -> Result<(), OracleError> {
    let mut backoff = Backoff::new(poll);
    loop {
        let round = tokio::select! {
            () = context.cancelled() => return Ok(()),
            round = reader.round() => round,
        };
        let wait = match round {
            Ok(round) => {
                if backoff.reset() {
                    context.log(Level::Info, "the server answers again");
                }
                if round == Round::Nothing { poll } else { Duration::ZERO }
            }
            Err(trouble) => delay(trouble, &mut backoff, &context)?,
        };
        if context.sleep(wait).await {
            return Ok(());
        }
    }
}

/// How long to wait after `trouble`.
fn delay(trouble: Trouble, backoff: &mut Backoff, context: &OracleContext) -> Result<Duration, OracleError> {
    let asked = match trouble {
        Trouble::Config(error) => return Err(OracleError::Config(error)),
        Trouble::Reorganised { .. } | Trouble::Misfit { .. } | Trouble::Position(_) => {
            context.log(Level::Error, trouble.to_string());
            return Err(OracleError::failed(trouble));
        }
        Trouble::Rpc(ref error) => error.retry_after(),
        _ => None,
    };
    let wait = backoff.wait(asked);
    context.log(Level::Warn, format!("{trouble}; asking again in {:.1} s", wait.as_secs_f64()));
    Ok(wait)
}
