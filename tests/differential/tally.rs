//! What a run came to.

use std::collections::BTreeSet;

#[derive(Default)]
pub struct Tally {
    pub programs: u64,
    pub calls: u64,
    /// Calls that raised nothing.
    pub answers: u64,
    /// Calls that gave rows.
    pub with_rows: u64,
    /// Calls whose outcome the language leaves open.
    pub open: u64,
    /// Functions that plpgsql_check read.
    pub checked: i64,
    /// What of the language the programs have.
    pub seen: BTreeSet<String>,
    /// What was found, and the smallest program it was found in.
    pub differences: Vec<String>,
}

impl Tally {
    pub fn shown(&self) -> String {
        let Tally { programs, calls, answers, with_rows, open, checked, seen, differences } = self;
        let (seen, count) = (seen.len(), differences.len());
        format!(
            "{programs} programs with {checked} functions and {seen} features, {calls} calls: {answers} answered, \
             {with_rows} with rows, {open} left open; {count} differ"
        )
    }

    pub fn add(&mut self, other: Tally) {
        self.programs += other.programs;
        self.calls += other.calls;
        self.answers += other.answers;
        self.with_rows += other.with_rows;
        self.open += other.open;
        self.checked += other.checked;
        self.seen.extend(other.seen);
        self.differences.extend(other.differences);
    }
}
