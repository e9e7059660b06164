use super::ConfigError;
use crate::deploy::DeployError;
use crate::diagnostics::{Code, nearest};

/// A newer kf has changed the event store.
pub fn later_store(found: i32, known: i32) -> DeployError {
    let message =
        format!("the database's event store has version {found}, and this `kf` knows versions up to {known}");
    DeployError::new(Code::DatabaseUnsuitable, message).help("use a newer `kf`")
}

/// `oracles.NAME` is a value.
pub fn no_table(name: &str) -> ConfigError {
    told(format!("`oracles.{name}` is not a table"), Some(format!("write `[oracles.{name}]`")))
}

/// An oracle's name has characters that a store's key should not have.
pub fn bad_name(name: &str) -> ConfigError {
    let help = "an oracle's name has letters, digits, `_` and `-`".to_owned();
    told(format!("`{name}` cannot be the name of an oracle"), Some(help))
}

/// A key that must be there is not.
pub fn missing(oracle: &str, key: &str, expected: &str) -> ConfigError {
    told(format!("`oracles.{oracle}` has no key `{key}`, which must be {expected}"), None)
}

/// A key has a value of another type.
pub fn wrong_type(oracle: &str, key: &str, expected: &str) -> ConfigError {
    told(format!("the key `{key}` of `oracles.{oracle}` is not {expected}"), None)
}

/// A key that the implementation does not know.
pub fn unknown_key(oracle: &str, key: &str, known: &[&str]) -> ConfigError {
    let help = match nearest(key, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            format!("it knows {}", known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", "))
        }
    };
    told(format!("`oracles.{oracle}` has the unknown key `{key}`"), Some(help))
}

/// `${` without `}`.
pub fn open_variable(oracle: &str, key: &str) -> ConfigError {
    let help = "write `${VARIABLE}`, or `$${` for the characters themselves".to_owned();
    told(format!("the key `{key}` of `oracles.{oracle}` has a `${{` without `}}`"), Some(help))
}

/// The environment lacks a variable.
pub fn unset_variable(oracle: &str, key: &str, variable: &str) -> ConfigError {
    let message =
        format!("the key `{key}` of `oracles.{oracle}` needs the variable `{variable}`, which is not set");
    told(message, None)
}

/// No implementation of this name was registered.
pub fn unknown_kind(oracle: &str, kind: &str, known: &[&str]) -> ConfigError {
    let known: Vec<String> = known.iter().map(|kind| format!("`{kind}`")).collect();
    let help = format!("there are {}; the key `type` picks one", known.join(", "));
    told(format!("`oracles.{oracle}` is of the unknown type `{kind}`"), Some(help))
}

fn told(message: String, help: Option<String>) -> ConfigError {
    ConfigError { message, help }
}
