//! What schedules were made of, counted, so that a run which shows nothing is seen.

use std::collections::BTreeMap;

/// Everything that some schedule of many must contain.
const WANTED: [&str; 34] = [
    "applied",
    "ballots withheld",
    "blocks",
    "blocks of a forger refused",
    "crashes between finalize and commit",
    "crashes after commit",
    "crashes before finalize",
    "events behind a gap",
    "events of a liar",
    "events that asked for more",
    "events that asked for more, and got it",
    "events that waited for the one before",
    "expired",
    "extensions as of an older height",
    "extensions malformed",
    "extensions oversized",
    "extensions refused",
    "extensions two of one validator",
    "nodes that lie",
    "nodes that lag",
    "observations late",
    "observations out of order",
    "observations written again",
    "old votes replayed",
    "powers changed",
    "proposals lost",
    "proposals two of one proposer",
    "rejected",
    "rounds without a block",
    "superseded",
    "validators joined",
    "validators left",
    "votes lost",
    "votes out of order",
];

#[derive(Clone, Default)]
pub struct Told(BTreeMap<&'static str, u64>);

impl Told {
    pub fn count(&mut self, what: &'static str) {
        self.add(what, 1);
    }

    pub fn add(&mut self, what: &'static str, times: u64) {
        assert!(WANTED.contains(&what), "{what} is not in the list");
        *self.0.entry(what).or_default() += times;
    }

    pub fn join(&mut self, other: &Told) {
        other.0.iter().for_each(|(what, times)| self.add(what, *times));
    }

    pub fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or(0)
    }

    /// What no schedule had.
    pub fn missing(&self) -> Vec<&'static str> {
        WANTED.into_iter().filter(|what| self.of(what) == 0).collect()
    }
}

impl std::fmt::Display for Told {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|(what, times)| writeln!(formatter, "{times:>9} {what}"))
    }
}
