//! What oracles of this room say of their tables. Values are never shown: they may be secrets.

use crate::diagnostics::nearest;
use crate::oracle::ConfigError;

/// The server has another chain.
pub fn wrong_chain(oracle: &str, asked: u64, found: u64) -> ConfigError {
    let message = format!(
        "the key `chain_id` of `oracles.{oracle}` is {asked}, and the server of `rpc` has chain {found}"
    );
    told(message, Some("nothing of that server was used; let `rpc` and `chain_id` agree"))
}

/// What was read under this name is of another chain.
pub fn other_chain_before(oracle: &str, asked: u64, found: u64) -> ConfigError {
    let message = format!("`oracles.{oracle}` has read chain {found} before, and `chain_id` is {asked} now");
    told(message, Some("an oracle that reads another chain needs another name"))
}

/// The server has another network.
pub fn wrong_network(oracle: &str, asked: &str, found: &str) -> ConfigError {
    let message = format!(
        "the key `network` of `oracles.{oracle}` is `{asked}`, and the server of `rpc` has `{found}`"
    );
    told(message, Some("nothing of that server was used; let `rpc` and `network` agree"))
}

/// What was read under this name is of another network.
pub fn other_network_before(oracle: &str, asked: &str, found: &str) -> ConfigError {
    let message = format!("`oracles.{oracle}` has read `{found}` before, and `network` is `{asked}` now");
    told(message, Some("an oracle that reads another chain needs another name"))
}

/// The text is no event.
pub fn no_event(table: &str, why: &str) -> ConfigError {
    let message = format!("the key `event` of `oracles.{table}` is no event: {why}");
    told(message, Some("write `event Deposit(address indexed from, uint256 amount)`"))
}

/// Events without a first topic cannot be asked for.
pub fn anonymous(table: &str) -> ConfigError {
    told(format!("the key `event` of `oracles.{table}` is `anonymous`, and has nothing to be known by"), None)
}

/// `{` without `}`, or the other way round.
pub fn open_placeholder(table: &str, place: &str) -> ConfigError {
    let message = format!("the key `{place}` of `oracles.{table}` has a brace without its other one");
    told(message, Some("write `{parameter}`, or `{{` and `}}` for the characters themselves"))
}

/// Nothing has this name.
pub fn unknown_placeholder(table: &str, place: &str, name: &str, event: &str, known: &[&str]) -> ConfigError {
    let message = format!(
        "the key `{place}` of `oracles.{table}` names `{{{name}}}`, which the event `{event}` does not have"
    );
    let help = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{{{near}}}`?"),
        None => format!(
            "there are {}",
            known.iter().map(|name| format!("`{{{name}}}`")).collect::<Vec<_>>().join(", ")
        ),
    };
    told(message, Some(&help))
}

/// A parameter and something of every log have one name.
pub fn ambiguous_placeholder(table: &str, place: &str, name: &str) -> ConfigError {
    let message = format!(
        "the key `{place}` of `oracles.{table}` names `{{{name}}}`, which is a parameter and something that every log has"
    );
    told(message, Some("give the parameter another name: names are no part of an event's identity"))
}

/// Only a hash of the value is on the chain.
pub fn hashed_placeholder(table: &str, place: &str, name: &str, kind: &str) -> ConfigError {
    let message = format!(
        "the key `{place}` of `oracles.{table}` names `{{{name}}}`, of which a log has only a hash: it is an indexed `{kind}`"
    );
    told(message, None)
}

/// A value that no input can have.
pub fn unusable_placeholder(table: &str, place: &str, name: &str, kind: &str) -> ConfigError {
    let message = format!("the key `{place}` of `oracles.{table}` names `{{{name}}}`, which is a `{kind}`");
    told(message, Some("an input is a scalar, or an array of scalars that stands alone in its text"))
}

/// A form that this value has not.
pub fn unfit_form(table: &str, place: &str, name: &str, form: &str) -> ConfigError {
    let message =
        format!("the key `{place}` of `oracles.{table}` has `{{{name}:{form}}}`, a form that it has not");
    told(message, Some("there is `:hex`, for a number without a sign: its 32 bytes"))
}

/// Two tables want the same logs.
pub fn twice(oracle: &str, first: usize, second: usize) -> ConfigError {
    let message = format!(
        "`events[{first}]` and `events[{second}]` of `oracles.{oracle}` are the same event of one contract"
    );
    told(message, Some("put all calls for an event into one `submit`"))
}

/// A topic has the oracle's name in it.
pub fn long_name(oracle: &str) -> ConfigError {
    told(format!("the name of `oracles.{oracle}` is too long"), None)
}

/// A call that no event can make.
pub fn no_submission(table: &str, why: &str) -> ConfigError {
    told(format!("the key `submit` of `oracles.{table}` makes no event: {why}"), None)
}

fn told(message: String, help: Option<&str>) -> ConfigError {
    ConfigError { message, help: help.map(str::to_owned) }
}
