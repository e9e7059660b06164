//! `type = "http"`: asks a server for JSON again and again, and makes an event of each item that it has not seen.
//! `docs/reference/connectors.md` says which feeds are fit for it.

mod page;
mod poll;
mod settings;

use crate::connectors::Client;
use crate::oracle::{Oracle, OracleConfig, OracleContext, OracleError, Receiver, Started};
use poll::Poller;
use settings::Settings;

/// Reads a JSON feed.
pub struct HttpOracle;

impl Oracle for HttpOracle {
    fn start(&self, context: OracleContext, to: Receiver, config: OracleConfig) -> Started<'_> {
        Box::pin(async move {
            let settings = Settings::read(&config)?;
            let client = Client::new(settings.limits).map_err(OracleError::failed)?;
            let poller = Poller::new(context.clone(), to, client, settings);
            context.spawn(poller.run());
            Ok(())
        })
    }
}
