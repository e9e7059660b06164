//! `type = "evm"`: logs of contracts become events. `docs/reference/connectors.md` lists the keys.
//!
//! `settings` reads the table; `chain` asks the server and `wire` reads its answers; `reader` does one round, `follow` one
//! after the other.

mod chain;
mod chunk;
mod events;
mod finality;
mod follow;
mod logs;
mod place;
mod position;
mod reader;
mod rule;
mod settings;
mod signature;
mod trouble;
mod value;
mod wire;

use super::{Endpoint, Limits, Rpc, problems};
use crate::oracle::{Oracle, OracleConfig, OracleContext, OracleError, Receiver, Started};
use reader::Reader;
use settings::Settings;

/// Reads the logs of an EVM chain.
pub struct EvmOracle;

impl Oracle for EvmOracle {
    fn start(&self, context: OracleContext, to: Receiver, config: OracleConfig) -> Started<'_> {
        Box::pin(async move {
            let settings = Settings::read(&config)?;
            let rpc = Rpc::new(settings.rpc.clone(), settings.limits).map_err(OracleError::failed)?;
            let poll = settings.poll;
            let reader = Reader::new(settings, rpc, to, context.clone());
            context.clone().spawn(follow::run(reader, context, poll));
            Ok(())
        })
    }
}
