//! What tables of this room have in common.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::Limits;
use crate::oracle::{ConfigError, Keys};

/// Takes a number that has to be in a range; `usual` if it is left out.
///
/// # Errors
/// If it is not.
pub fn number(
    keys: &mut Keys,
    key: &str,
    usual: u64,
    range: RangeInclusive<u64>,
) -> Result<u64, ConfigError> {
    let number = keys.optional(key)?.unwrap_or(usual);
    match range.contains(&number) {
        true => Ok(number),
        false => Err(keys.refuse(key, &format!("a number from {} to {}", range.start(), range.end()))),
    }
}

/// Takes `poll_ms`.
///
/// # Errors
/// As [`number`].
pub fn poll(keys: &mut Keys, usual: u64) -> Result<Duration, ConfigError> {
    number(keys, "poll_ms", usual, 1..=3_600_000).map(Duration::from_millis)
}

/// Takes `timeout_ms` and `max_response_bytes`.
///
/// # Errors
/// As [`number`].
pub fn limits(keys: &mut Keys) -> Result<Limits, ConfigError> {
    let timeout = number(keys, "timeout_ms", 10_000, 1..=3_600_000)?;
    let bytes = number(keys, "max_response_bytes", 16 << 20, 1024..=1 << 30)?;
    Ok(Limits {
        timeout: Duration::from_millis(timeout),
        bytes: usize::try_from(bytes).unwrap_or(usize::MAX),
    })
}
