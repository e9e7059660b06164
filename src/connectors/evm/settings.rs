use std::time::Duration;

use super::super::table;
use super::finality::Finality;
use super::rule::{Rule, Rules};
use super::{Endpoint, Limits, problems};
use crate::oracle::{ConfigError, Keys, OracleConfig, limits};

/// Keys of the table.
const KEYS: &[&str] = &[
    "rpc",
    "chain_id",
    "start_block",
    "finality",
    "chunk",
    "poll_ms",
    "timeout_ms",
    "max_response_bytes",
    "events",
];

/// The table of an oracle that reads a chain.
pub(super) struct Settings {
    /// The oracle's name.
    pub(super) name: String,
    pub(super) rpc: Endpoint,
    pub(super) chain_id: u64,
    /// The first block whose logs count.
    pub(super) start_block: u64,
    pub(super) finality: Finality,
    /// Blocks that are asked for at once, at most.
    pub(super) chunk: u64,
    /// Between rounds that found nothing new.
    pub(super) poll: Duration,
    pub(super) limits: Limits,
    pub(super) rules: Rules,
}

impl Settings {
    /// Reads the table.
    ///
    /// # Errors
    /// The first thing that is wrong, by its key.
    pub(super) fn read(config: &OracleConfig) -> Result<Settings, ConfigError> {
        let mut keys = config.keys();
        let settings = Settings {
            name: config.name().to_owned(),
            rpc: keys.required("rpc")?,
            chain_id: keys.required("chain_id")?,
            start_block: keys.optional("start_block")?.unwrap_or(0),
            finality: keys.optional("finality")?.unwrap_or(Finality::Finalized),
            chunk: table::number(&mut keys, "chunk", 1000, 1..=1_000_000)?,
            poll: table::poll(&mut keys, 2000)?,
            limits: table::limits(&mut keys)?,
            rules: rules(&mut keys, config.name())?,
        };
        if settings.topic().len() > limits::TOPIC_BYTES {
            return Err(problems::long_name(config.name()));
        }
        keys.end(KEYS)?;
        Ok(settings)
    }

    /// The topic of all events of this oracle: none overtakes another.
    pub(super) fn topic(&self) -> String {
        format!("evm:{}:{}", self.chain_id, self.name)
    }
}

fn rules(keys: &mut Keys, oracle: &str) -> Result<Rules, ConfigError> {
    let tables = keys.tables("events")?;
    if tables.is_empty() {
        return Err(
            keys.refuse("events", "a list of tables with at least one: write `[[oracles.NAME.events]]`")
        );
    }
    let rules: Result<Vec<Rule>, ConfigError> = tables.into_iter().map(Rule::read).collect();
    Rules::new(oracle, rules?)
}
