//! The only clock: whoever proposes a block says what time it is.

/// Unix time in seconds.
#[expect(
    clippy::disallowed_methods,
    reason = "the proposer of a block chooses its time; everything else is told"
)]
pub(super) fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// The time of a block after one at `last`: never before it, though a clock may be set back.
pub(super) fn after(last: i64) -> i64 {
    now().max(last)
}
