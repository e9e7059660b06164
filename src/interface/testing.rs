use serde::{Deserialize, Serialize};

use super::{BodyLine, Dbid, RowColumn};
use crate::language::{Name, Type};

/// A test as a database needs it: data, and one function.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Test {
    /// What it is called.
    pub title: String,
    /// The schema under test.
    pub schema: Name,
    /// Its identity.
    pub dbid: Dbid,
    /// The file it stands in.
    pub path: String,
    /// Where its title stands.
    pub at: BodyLine,
    /// The function, quoted and qualified.
    pub function: String,
    /// What makes the function.
    pub sql: String,
    /// Which line of the function was made of what.
    pub lines: Vec<BodyLine>,
    /// What it expects, in the order of the source; what it tells names them by index.
    pub expectations: Vec<Expectation>,
}

/// What a test expects.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Expectation {
    /// What is compared with what.
    pub kind: Expected,
    /// The statement.
    pub at: BodyLine,
}

/// What is compared with what.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// A condition, with the types of the two sides of a comparison.
    Holds(Vec<Type>),
    /// Rows with other rows.
    Rows {
        /// Of both.
        columns: Vec<RowColumn>,
        /// True if the order does not matter.
        unordered: bool,
    },
    /// Rows with those that were kept.
    Snapshot(Vec<RowColumn>),
    /// What a statement raised with what it has to raise.
    Fails {
        /// What `kf explain` explains, in upper case.
        code: Option<String>,
        /// Part of what it says.
        text: Option<String>,
    },
}

/// Something a test may come through.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Point {
    /// The schema it is in.
    pub dbid: Dbid,
    /// The action it is in.
    pub action: Name,
    /// Where.
    pub at: BodyLine,
    /// What it is.
    pub kind: PointKind,
}

/// What a test may come through.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointKind {
    /// An action is called.
    Action,
    /// A statement is begun.
    Statement,
    /// A branch takes the way of this number; the last is that none of its conditions holds.
    Branch(u32),
}

impl Point {
    /// What tells of it: `notes 120 164 branch 1`.
    pub fn key(&self) -> String {
        let Point { dbid, action: _, at, kind } = self;
        let kind = match kind {
            PointKind::Action => "action".to_owned(),
            PointKind::Statement => "statement".to_owned(),
            PointKind::Branch(number) => format!("branch {number}"),
        };
        format!("{} {} {} {kind}", dbid.as_str(), at.start, at.end)
    }
}
