//! `type = "near"`: accounts of a NEAR chain and their keys. `docs/reference/connectors.md` says what it reports.
//!
//! It follows blocks that are final, asks of each what was touched, and of what was touched and is looked at, how its state
//! was changed. State says what took effect: a receipt that failed has changed nothing.

mod account;
mod client;
mod event;
mod position;
mod read;
mod reader;
mod settings;
mod walk;
mod wire;

use crate::connectors::Rpc;
use crate::oracle::{Oracle, OracleConfig, OracleContext, OracleError, Receiver, Started};
use client::Near;
use reader::Reader;
use settings::Settings;

/// Reads accounts of a NEAR chain.
pub struct NearOracle;

impl Oracle for NearOracle {
    fn start(&self, context: OracleContext, to: Receiver, config: OracleConfig) -> Started<'_> {
        Box::pin(async move {
            let settings = Settings::read(&config)?;
            let rpc = Rpc::new(settings.rpc.clone(), settings.limits).map_err(OracleError::failed)?;
            let reader = Reader::new(context.clone(), to, Near::new(rpc), settings);
            context.spawn(reader.run());
            Ok(())
        })
    }
}
