//! Whether logs are what was asked for.

use std::collections::BTreeSet;

use super::rule::Rules;
use super::wire::{Log, Nonsense};

/// The logs in the order of the chain, each once.
///
/// # Errors
/// If one was not asked for, or two are different at one place.
pub(super) fn in_order(mut logs: Vec<Log>, from: u64, to: u64, rules: &Rules) -> Result<Vec<Log>, Nonsense> {
    for log in &logs {
        if !(from..=to).contains(&log.block_number) {
            return Err("a log is of a block that was not asked for");
        }
        if !rules.asks_for(log) {
            return Err("a log is of a contract or an event that was not asked for");
        }
    }
    logs.sort_by_key(|log| (log.block_number, log.index));
    logs.dedup();
    let places: BTreeSet<(u64, u64)> = logs.iter().map(|log| (log.block_number, log.index)).collect();
    match places.len() == logs.len() {
        true => Ok(logs),
        false => Err("two logs are at one place"),
    }
}
