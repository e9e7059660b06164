use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::cli::Failure;

/// Ctrl-C and SIGTERM, which from now on end nothing by themselves.
pub(in crate::cli) struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    /// Listens, in a runtime.
    ///
    /// # Errors
    /// A system without signals.
    pub fn new() -> Result<Stop, Failure> {
        let listen =
            |kind| signal(kind).map_err(|error| Failure::usage(format!("cannot listen for Ctrl-C: {error}")));
        Ok(Stop { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    /// Comes back once somebody asks for the end.
    pub async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
