//! Which logs are wanted, and what each becomes.

use std::collections::BTreeSet;

use alloy_primitives::{Address, B256};
use serde_json::{Value, json};

use super::place::Place;
use super::problems;
use super::signature::{Signature, Undecodable};
use super::wire::Log;
use crate::connectors::template::{Calls, Template};
use crate::oracle::{ConfigError, FromKey, Keys, Target};

/// All `[[events]]` of an oracle.
pub(super) struct Rules(Vec<Rule>);

/// One `[[events]]`: an event of some contracts, and the calls it becomes.
pub(super) struct Rule {
    contracts: Contracts,
    signature: Signature,
    calls: Calls<Place>,
}

/// One address or several.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Contracts(BTreeSet<Address>);

impl FromKey for Contracts {
    const EXPECTED: &'static str = "an address like `0x1f98..` with 40 digits, or a list of them; capitals, if any, have to fit its checksum";

    fn from_key(value: toml::Value) -> Option<Contracts> {
        let texts = match value {
            toml::Value::String(text) => vec![text],
            other => Vec::<String>::from_key(other)?,
        };
        let addresses: Option<BTreeSet<Address>> = texts.iter().map(|text| address(text)).collect();
        addresses.filter(|addresses| !addresses.is_empty()).map(Contracts)
    }
}

fn address(text: &str) -> Option<Address> {
    let digits = text.strip_prefix("0x").filter(|digits| digits.len() == 40)?;
    let is_mixed = digits.bytes().any(|byte| byte.is_ascii_lowercase())
        && digits.bytes().any(|byte| byte.is_ascii_uppercase());
    match is_mixed {
        true => Address::parse_checksummed(text, None).ok(),
        false => text.parse().ok(),
    }
}

impl Rule {
    /// Reads one table of `events`.
    ///
    /// # Errors
    /// The first thing that is wrong, by its key.
    pub(super) fn read(mut keys: Keys) -> Result<Rule, ConfigError> {
        let contracts = keys.required("contract")?;
        let text: String = keys.required("event")?;
        let signature = Signature::parse(keys.name(), &text)?;
        let text = |keys: &Keys, key: &str, text: &str| {
            let template = Template::cut(text).ok_or_else(|| problems::open_placeholder(keys.name(), key))?;
            template.read(|name, is_alone| Place::find(keys.name(), key, name.trim(), is_alone, &signature))
        };
        let calls = Calls::read(&mut keys, &text)?;
        keys.end(&["contract", "event", "submit"])?;
        Ok(Rule { contracts, signature, calls })
    }

    /// The calls that `log` becomes.
    ///
    /// # Errors
    /// If it does not fit the event, or has a text that no input can have.
    pub(super) fn targets(&self, log: &Log, timestamp: u64) -> Result<Vec<Target>, Undecodable> {
        let values = self.signature.decode(log)?;
        self.calls.fill(&|place: &Place| place.input(&values, log, timestamp))
    }

    /// The event's name.
    pub(super) fn event(&self) -> &str {
        &self.signature.name
    }

    fn wants(&self, address: &Address, topic: &B256) -> bool {
        self.signature.topic == *topic && self.contracts.0.contains(address)
    }
}

impl Rules {
    /// # Errors
    /// If two want the same log: it would not be clear which call comes first.
    pub(super) fn new(oracle: &str, rules: Vec<Rule>) -> Result<Rules, ConfigError> {
        for (second, rule) in rules.iter().enumerate() {
            let overlaps = |other: &Rule| {
                other.signature.topic == rule.signature.topic
                    && !other.contracts.0.is_disjoint(&rule.contracts.0)
            };
            if let Some(first) = rules.iter().take(second).position(overlaps) {
                return Err(problems::twice(oracle, first, second));
            }
        }
        Ok(Rules(rules))
    }

    /// What `eth_getLogs` is asked for: these addresses with these first topics.
    pub(super) fn filter(&self, from: u64, to: u64) -> Value {
        let addresses: BTreeSet<String> =
            self.0.iter().flat_map(|rule| &rule.contracts.0).map(|address| format!("{address:#x}")).collect();
        let topics: BTreeSet<String> =
            self.0.iter().map(|rule| format!("{:#x}", rule.signature.topic)).collect();
        json!({"fromBlock": format!("{from:#x}"), "toBlock": format!("{to:#x}"), "address": addresses, "topics": [topics]})
    }

    /// True if the filter lets this log through. That may be one that no rule wants: an event of one contract from another.
    pub(super) fn asks_for(&self, log: &Log) -> bool {
        let has = |topic: &B256| self.0.iter().any(|rule| rule.signature.topic == *topic);
        self.0.iter().any(|rule| rule.contracts.0.contains(&log.address))
            && log.topics.first().is_some_and(has)
    }

    /// The rule that wants this log.
    pub(super) fn find(&self, log: &Log) -> Option<&Rule> {
        let topic = log.topics.first()?;
        self.0.iter().find(|rule| rule.wants(&log.address, topic))
    }
}
