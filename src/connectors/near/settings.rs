use std::time::Duration;

use toml::Value;

use super::account::Watched;
use super::event::Hole;
use crate::connectors::template::Calls;
use crate::connectors::{Endpoint, Limits, table};
use crate::oracle::{ConfigError, FromKey, Keys, OracleConfig, limits};

const KEYS: &[&str] = &[
    "rpc",
    "network",
    "start_height",
    "accounts",
    "poll_ms",
    "timeout_ms",
    "max_response_bytes",
    "chunk",
    "on",
];

/// The table of such an oracle.
pub struct Settings {
    /// The oracle's name.
    pub name: String,
    pub rpc: Endpoint,
    pub limits: Limits,
    /// What the chain calls itself: `mainnet`.
    pub network: String,
    /// No block before it is read.
    pub start_height: u64,
    pub accounts: Watched,
    pub poll: Duration,
    /// Blocks that are read before what they say is kept.
    pub chunk: u64,
    pub on: Handlers,
    /// The topic of all its events.
    pub topic: String,
}

/// What is submitted when something happens; nothing where the table does not say it.
#[derive(Default)]
pub struct Handlers {
    pub account_created: Option<Calls<Hole>>,
    pub account_deleted: Option<Calls<Hole>>,
    pub address_named: Option<Calls<Hole>>,
    pub key_added: Option<Calls<Hole>>,
    pub key_deleted: Option<Calls<Hole>>,
}

const KINDS: &[&str] = &["account_created", "account_deleted", "address_named", "key_added", "key_deleted"];

impl Settings {
    /// Reads the table.
    ///
    /// # Errors
    /// What is wrong, by its key.
    pub fn read(config: &OracleConfig) -> Result<Settings, ConfigError> {
        let mut keys = config.keys();
        let network: String = keys.required("network")?;
        let topic = format!("near:{network}:{}", config.name());
        if network.is_empty() || topic.len() > limits::TOPIC_BYTES {
            return Err(keys.refuse("network", "the name of a NEAR network: `mainnet`"));
        }
        let settings = Settings {
            name: config.name().to_owned(),
            rpc: keys.required("rpc")?,
            limits: table::limits(&mut keys)?,
            network,
            start_height: keys.required("start_height")?,
            accounts: keys.required("accounts")?,
            poll: table::poll(&mut keys, 1000)?,
            chunk: table::number(&mut keys, "chunk", 20, 1..=1000)?,
            on: keys.table("on")?.map(Handlers::read).transpose()?.unwrap_or_default(),
            topic,
        };
        if settings.on.is_empty() {
            return Err(
                keys.refuse("on", "a table with at least one of what may happen: `on.account_created`")
            );
        }
        keys.end(KEYS)?;
        Ok(settings)
    }
}

impl FromKey for Watched {
    const EXPECTED: &'static str = "a list of accounts, of `*.suffix` for all below one, or `*` for all";

    fn from_key(value: Value) -> Option<Watched> {
        Watched::parse(&Vec::<String>::from_key(value)?)
    }
}

impl Handlers {
    fn read(mut keys: Keys) -> Result<Handlers, ConfigError> {
        let mut calls = |kind: &str| keys.table(kind)?.map(|handler| read(handler, kind)).transpose();
        let handlers = Handlers {
            account_created: calls("account_created")?,
            account_deleted: calls("account_deleted")?,
            address_named: calls("address_named")?,
            key_added: calls("key_added")?,
            key_deleted: calls("key_deleted")?,
        };
        keys.end(KINDS)?;
        Ok(handlers)
    }

    fn is_empty(&self) -> bool {
        let Handlers { account_created, account_deleted, address_named, key_added, key_deleted } = self;
        [account_created, account_deleted, address_named, key_added, key_deleted]
            .iter()
            .all(|it| it.is_none())
    }
}

/// Reads `[oracles.NAME.on.KIND]`.
fn read(mut keys: Keys, kind: &str) -> Result<Calls<Hole>, ConfigError> {
    let hole = |text: &str| Hole::parse(kind, text);
    let calls = Calls::parse(&mut keys, &hole, Hole::expected(kind))?;
    keys.end(&["submit"])?;
    Ok(calls)
}
