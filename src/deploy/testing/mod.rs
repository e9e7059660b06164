//! Running tests: each in a transaction that is rolled back, in databases that are made for them and go with them.

mod judge;
mod run;
mod scratch;
mod script;

use std::collections::BTreeMap;
use std::time::Duration;

use super::call::{Cell, Fault};
use crate::interface::{BodyLine, RowColumn, Test};
use crate::language::Type;

pub use run::run;
pub use scratch::{Contents, Scratch, sweep};
pub use script::{Script, install};

/// Who owns every dataset under test.
pub const OWNER: &str = "owner";
/// Who calls, unless a test says another.
pub const CALLER: &str = "local";

/// What became of one test.
#[derive(Clone, PartialEq, Debug)]
pub struct Outcome {
    /// Its place in the list that was run.
    pub index: usize,
    /// What was not as expected, in the order it happened; none passes.
    pub unmet: Vec<Unmet>,
    /// Rows to be compared with those that were kept.
    pub snapshots: Vec<Taken>,
    /// What actions said with `NOTICE(..)`.
    pub notices: Vec<String>,
    /// What was come through, and how often.
    pub hits: BTreeMap<String, u64>,
    /// How long it took.
    pub took: Duration,
}

/// Rows to be compared with those that were kept.
#[derive(Clone, PartialEq, Debug)]
pub struct Taken {
    /// Where they are expected.
    pub at: BodyLine,
    /// Names and types.
    pub columns: Vec<RowColumn>,
    /// In order.
    pub rows: Vec<Vec<Cell>>,
}

/// Something that was not as expected.
#[derive(Clone, PartialEq, Debug)]
pub enum Unmet {
    /// A condition is not true.
    Condition {
        /// Where.
        at: BodyLine,
        /// Left and right of a comparison, with their types.
        sides: Vec<(Cell, Type)>,
    },
    /// Other rows were found.
    Rows {
        /// Where.
        at: BodyLine,
        /// Of both.
        columns: Vec<RowColumn>,
        /// What is there.
        found: Vec<Vec<Cell>>,
        /// What should be.
        wanted: Vec<Vec<Cell>>,
        /// True if the order does not matter.
        unordered: bool,
    },
    /// Nothing was raised.
    NotRaised {
        /// Where.
        at: BodyLine,
        /// What should have been, as written.
        wanted: String,
    },
    /// Something else was raised.
    RaisedOther {
        /// Where.
        at: BodyLine,
        /// What should have been, as written.
        wanted: String,
        /// What was.
        fault: Box<Fault>,
    },
    /// The test itself raised.
    Raised(Box<Fault>),
    /// The test was stopped.
    TimedOut {
        /// What was running, as far as the database says.
        fault: Box<Fault>,
        /// After how long.
        limit: Duration,
    },
}

impl Unmet {
    /// The statement of the test that is concerned.
    pub fn at(&self, test: &Test) -> BodyLine {
        match self {
            Unmet::Condition { at, .. }
            | Unmet::Rows { at, .. }
            | Unmet::NotRaised { at, .. }
            | Unmet::RaisedOther { at, .. } => *at,
            Unmet::Raised(fault) | Unmet::TimedOut { fault, .. } => {
                let own = fault.trace.iter().rev().find(|place| place.path == test.path);
                own.and_then(|place| place.at).unwrap_or(test.at)
            }
        }
    }
}
