use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::{NodeError, problems};
use crate::engine::Rules;
use crate::interface::Owner;
use crate::oracle::{Environment, OracleConfig, Validator, limits};

/// Where something is served.
pub type Listen = SocketAddr;

/// That CometBFT orders the blocks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AbciConfig {
    /// Where it finds the node: its `proxy_app`.
    pub listen: Listen,
    /// The validator that the node works for; none if it only follows.
    pub validator: Option<Validator>,
    /// How many blocks CometBFT keeps; 0 for all.
    pub retain_blocks: i64,
}

/// One schema that a chain begins with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GenesisSchema {
    /// Its file.
    pub file: PathBuf,
    /// Who owns it; none for a network schema.
    pub owner: Option<Owner>,
}

/// What `node.toml` says.
#[derive(Clone, PartialEq, Debug)]
pub struct NodeConfig {
    /// What the chain is called; signed calls name it.
    pub chain_id: String,
    /// Address of the database; none for a PostgreSQL of its own beside `node.toml`.
    pub database: Option<String>,
    /// Where the API is served.
    pub listen: Listen,
    /// How long after a block the next one follows if there is nothing to do.
    pub block_interval: Duration,
    /// How long one statement of a block may take before the node stops.
    pub call_timeout: Duration,
    /// Whether the database must keep what was committed through a power cut.
    pub durable: bool,
    /// What the chain has agreed on.
    pub rules: Rules,
    /// Heights after which an event that too few have seen is given up. Agreed on like the rules.
    pub event_lifetime: i64,
    /// The schemas it begins with.
    pub schemas: Vec<GenesisSchema>,
    /// The oracles' own tables.
    pub oracles: BTreeMap<String, OracleConfig>,
    /// Who orders blocks, if it is not the node itself.
    pub abci: Option<AbciConfig>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    node: Node,
    #[serde(default)]
    genesis: Genesis,
    #[serde(default)]
    oracles: toml::Table,
    abci: Option<Abci>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Node {
    chain_id: String,
    database: Option<String>,
    #[serde(default = "listen")]
    listen: Listen,
    #[serde(default = "second")]
    block_interval_ms: u64,
    #[serde(default = "minute")]
    call_timeout_ms: u64,
    #[serde(default = "yes")]
    durable: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Genesis {
    budget: Option<i64>,
    state_every: Option<i32>,
    event_lifetime: Option<i64>,
    #[serde(default)]
    schemas: Vec<Schema>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Abci {
    #[serde(default = "proxy_app")]
    listen: Listen,
    validator: Option<String>,
    #[serde(default)]
    retain_blocks: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Schema {
    file: PathBuf,
    owner: Option<String>,
}

fn listen() -> Listen {
    SocketAddr::from(([127, 0, 0, 1], 7557))
}

/// Where CometBFT looks for its application unless it is told otherwise.
fn proxy_app() -> Listen {
    SocketAddr::from(([127, 0, 0, 1], 26658))
}

fn second() -> u64 {
    1000
}

fn minute() -> u64 {
    60_000
}

fn yes() -> bool {
    true
}

impl NodeConfig {
    /// Reads the file at `path`. Files it names are beside it.
    ///
    /// # Errors
    /// A file that cannot be read, is not TOML, or lacks a key, or has one that is unknown or has a wrong value.
    pub fn read(path: &Path, environment: Environment<'_>) -> Result<NodeConfig, NodeError> {
        let text = std::fs::read_to_string(path).map_err(|error| problems::unreadable(path, &error))?;
        NodeConfig::parse(&text, path, environment)
    }

    /// The key `node.database` of the file at `path`. What its oracles need of the environment is not asked for.
    ///
    /// # Errors
    /// As [`NodeConfig::read`], but for the tables of oracles.
    pub fn database(path: &Path) -> Result<Option<String>, NodeError> {
        let text = std::fs::read_to_string(path).map_err(|error| problems::unreadable(path, &error))?;
        Ok(File::parse(&text, path)?.node.database)
    }

    /// Reads `text`, which is that of the file at `path`.
    ///
    /// # Errors
    /// As [`NodeConfig::read`].
    pub fn parse(text: &str, path: &Path, environment: Environment<'_>) -> Result<NodeConfig, NodeError> {
        let File { node, genesis, oracles, abci } = File::parse(text, path)?;
        check(&node, &genesis)?;
        let beside = path.parent().unwrap_or(Path::new(""));
        let schema = |it: Schema| GenesisSchema { file: beside.join(it.file), owner: it.owner.map(Owner) };
        let usual = Rules::default();
        let rules = Rules {
            budget: genesis.budget.unwrap_or(usual.budget),
            state_every: genesis.state_every.unwrap_or(usual.state_every),
        };
        Ok(NodeConfig {
            chain_id: node.chain_id,
            database: node.database,
            listen: node.listen,
            block_interval: Duration::from_millis(node.block_interval_ms),
            call_timeout: Duration::from_millis(node.call_timeout_ms),
            durable: node.durable,
            rules,
            event_lifetime: genesis.event_lifetime.unwrap_or(limits::LIFETIME),
            schemas: genesis.schemas.into_iter().map(schema).collect(),
            oracles: OracleConfig::read_all(&oracles, environment)?,
            abci: abci.map(AbciConfig::read).transpose()?,
        })
    }
}

impl File {
    fn parse(text: &str, path: &Path) -> Result<File, NodeError> {
        toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map(|before| before.matches('\n').count() + 1);
            problems::wrong_config(path, line, error.message())
        })
    }
}

impl AbciConfig {
    fn read(Abci { listen, validator, retain_blocks }: Abci) -> Result<AbciConfig, NodeError> {
        let validator = validator.map(|it| it.to_ascii_lowercase());
        let is_address = |it: &String| it.len() == 40 && it.bytes().all(|it| it.is_ascii_hexdigit());
        if validator.as_ref().is_some_and(|it| !is_address(it)) {
            let expected = "an address of 40 hexadecimal digits, as `priv_validator_key.json` has it";
            return Err(problems::wrong_value("abci.validator", expected));
        }
        if retain_blocks < 0 {
            return Err(problems::wrong_value("abci.retain_blocks", "0 or a number above it"));
        }
        Ok(AbciConfig { listen, validator: validator.map(Validator), retain_blocks })
    }
}

fn check(node: &Node, genesis: &Genesis) -> Result<(), NodeError> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if !(1..=64).contains(&node.chain_id.len()) || !node.chain_id.bytes().all(is_word) {
        let expected = "1 to 64 letters, digits, `-`, `_` and `.`";
        return Err(problems::wrong_value("node.chain_id", expected));
    }
    if !(10..=3_600_000).contains(&node.block_interval_ms) {
        return Err(problems::wrong_value("node.block_interval_ms", "a number from 10 to 3600000"));
    }
    if !(100..=86_400_000).contains(&node.call_timeout_ms) {
        return Err(problems::wrong_value("node.call_timeout_ms", "a number from 100 to 86400000"));
    }
    if genesis.budget.is_some_and(|budget| budget < 1) {
        return Err(problems::wrong_value("genesis.budget", "a number above 0"));
    }
    if genesis.state_every.is_some_and(|every| every < 0) {
        return Err(problems::wrong_value("genesis.state_every", "0 or a number above it"));
    }
    if genesis.event_lifetime.is_some_and(|lifetime| lifetime < 1) {
        return Err(problems::wrong_value("genesis.event_lifetime", "a number above 0"));
    }
    match genesis.schemas.iter().any(|schema| schema.owner.as_deref().is_some_and(str::is_empty)) {
        true => Err(problems::wrong_value("genesis.schemas.owner", "an identity: leave it out instead")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<NodeConfig, String> {
        let environment = |name: &str| (name == "N").then(|| "12".to_owned());
        NodeConfig::parse(text, Path::new("conf/node.toml"), &environment).map_err(|error| error.message)
    }

    #[test]
    fn what_is_left_out_has_a_usual_value() {
        let config = parse("[node]\nchain_id = 'a-1'").unwrap();
        assert_eq!((config.listen.to_string().as_str(), config.durable), ("127.0.0.1:7557", true));
        assert_eq!((config.rules, config.database), (Rules::default(), None));
        assert_eq!(config.event_lifetime, limits::LIFETIME);
        let text = "[node]\nchain_id = 'a'\n[[genesis.schemas]]\nfile = 'x.kf'\nowner = '0xab'\n\
                    [oracles.feed]\ntype = 'exec'\nn = '${N}'";
        let config = parse(text).unwrap();
        assert_eq!(config.schemas[0].file, Path::new("conf/x.kf"));
        assert_eq!(config.oracles["feed"].keys().required::<u64>("n"), Ok(12));
        assert_eq!(config.abci, None);
        let text = format!("[node]\nchain_id = 'a'\n[abci]\nvalidator = '{}'", "AB".repeat(20));
        let abci = parse(&text).unwrap().abci.unwrap();
        assert_eq!((abci.listen.port(), abci.retain_blocks), (26658, 0));
        assert_eq!(abci.validator, Some(Validator("ab".repeat(20))));
    }

    #[test]
    fn slips_are_named() {
        let said = |text: &str| parse(text).unwrap_err();
        assert!(said("[node]\nlisten = '127.0.0.1:1'").contains("`chain_id`"));
        assert!(said("").contains("`node`"));
        let unknown = said("[node]\nchain_id = 'a'\nlistne = 1");
        assert!(unknown.contains("`listne`") && unknown.contains("node.toml:3"), "{unknown}");
        assert!(said("[node]\nchain_id = 'a'\n[genesi]").contains("`genesi`"));
        assert!(said("[node]\nchain_id = 'a b'").contains("`node.chain_id`"));
        assert!(said("[node]\nchain_id = 'a'\nblock_interval_ms = 1").contains("`node.block_interval_ms`"));
        assert!(said("[node]\nchain_id = 'a'\n[[genesis.schemas]]\nfil = 'x'").contains("`fil`"));
        assert!(said("[node]\nchain_id = 'a'\n[oracles.a]\nurl = '${NONE}'").contains("`NONE`"));
        assert!(said("[node]\nchain_id = 'a'\n[genesis]\nbudget = 0").contains("`genesis.budget`"));
        assert!(said("[node]\nchain_id = 'a'\n[abci]\nvalidator = 'abcd'").contains("`abci.validator`"));
        assert!(said("[node]\nchain_id = 'a'\n[abci]\nretain_blocks = -1").contains("`abci.retain_blocks`"));
        let said = said("[node]\nchain_id = 'a'\n[genesis]\nevent_lifetime = 0");
        assert!(said.contains("`genesis.event_lifetime`"), "{said}");
    }
}
