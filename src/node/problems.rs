use std::net::SocketAddr;
use std::path::Path;

use super::{NodeError, Trouble};

/// A file that `node.toml` names, or itself, cannot be read.
pub fn unreadable(path: &Path, error: &std::io::Error) -> NodeError {
    NodeError::new(Trouble::Config, format!("cannot read `{}`: {error}", path.display()))
}

/// `node.toml` is not what it should be; TOML's reader names the key.
pub fn wrong_config(path: &Path, line: Option<usize>, message: &str) -> NodeError {
    let place = line.map(|line| format!(":{line}")).unwrap_or_default();
    let message = format!("`{}{place}`: {}", path.display(), message.trim().replace('\n', ", "));
    NodeError::new(Trouble::Config, message).help("docs/reference/node-toml.md lists the keys")
}

/// A key has a value that cannot be used.
pub fn wrong_value(key: &str, expected: &str) -> NodeError {
    NodeError::new(Trouble::Config, format!("the key `{key}` is not {expected}"))
}

/// `app_state` of CometBFT's genesis names other schemas or rules.
pub fn other_app_state(found: &str, wanted: &str) -> String {
    format!(
        "`genesis` in `app_state` of CometBFT's genesis is `{found}`, but that of node.toml is `{wanted}`"
    )
}

/// Genesis schemas with errors.
pub fn wrong_schemas(lines: Vec<String>) -> NodeError {
    let plural = if lines.len() == 1 { "has an error" } else { "have errors" };
    let error = NodeError::new(Trouble::Source, format!("the genesis schemas {plural}"));
    NodeError { notes: lines, ..error }
}

/// Two genesis schemas with one DBID.
pub fn twice(dbid: &str) -> NodeError {
    NodeError::new(Trouble::Config, format!("two genesis schemas are the dataset `{dbid}`"))
}

/// The chain began another way.
pub fn other_genesis(item: &str, began: &str) -> NodeError {
    let message = format!("this chain began with another genesis: `{item}` {began}");
    NodeError::new(Trouble::Database, message)
        .help("go back to what the chain began with, or begin another chain in another database; schemas are changed later with `kf deploy`")
}

/// Somebody else committed a block.
pub fn two_nodes(height: i64) -> NodeError {
    let message = format!("block {height} was committed by another node");
    NodeError::new(Trouble::Database, message).help("run one node on a database")
}

/// The address is taken, or not ours.
pub fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> NodeError {
    NodeError::new(Trouble::Config, format!("cannot listen on `{address}`: {error}"))
        .help("choose another address with the key `listen` of `[node]`")
}

/// Something of the system that is always there is not.
pub fn system(what: &str, error: &dyn std::fmt::Display) -> NodeError {
    NodeError::new(Trouble::Config, format!("{what}: {error}"))
}

/// A statement of the node's own failed.
pub fn statement(what: &str, error: &tokio_postgres::Error) -> NodeError {
    let message = format!("{what}: {}", crate::deploy::connect::reason(error));
    NodeError::new(Trouble::Database, message)
}
