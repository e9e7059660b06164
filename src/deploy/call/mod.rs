//! Calling a deployed action: one transaction, as the role its callers come in, with every value bound.

mod argument;
mod explain;
mod externs;
mod fault;
pub mod json;
mod problems;
mod run;
mod statement;
mod target;
mod trace;
mod within;

pub use explain::{Depth, Explained, Planned, explain as explain_call};
pub use fault::{Fault, Kind};
pub(crate) use fault::{code_of, explain};
pub use problems::nothing_deployed;
pub use run::{CallError, call};
pub(crate) use run::{cells, circumstances};
pub(crate) use statement::{Bound, bind, bound as statement_values, text, write};
pub(crate) use target::read;
pub use target::{Given, Target};
pub use trace::Place;
pub(crate) use trace::{line_of, trace};
pub use within::{call_within, end, open};

use crate::interface::{Owner, RowColumn};

/// How the caller comes in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// As any user.
    Public,
    /// As the oracle path.
    Oracle,
    /// As a user who is the dataset's owner.
    Owner,
}

impl Role {
    /// What makes a transaction the role's.
    pub(crate) fn becoming(self) -> &'static str {
        match self {
            Role::Public | Role::Owner => "SET LOCAL ROLE kf_public",
            Role::Oracle => "SET LOCAL ROLE kf_oracle",
        }
    }
}

/// What an action sees as `@caller`, `@height` and so on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Context {
    /// Who calls; never empty.
    pub caller: String,
    /// Identity of the transaction.
    pub txid: String,
    /// Block height.
    pub height: i64,
    /// Unix time of the block in seconds.
    pub block_timestamp: i64,
    /// How the caller signed.
    pub authenticator: String,
}

impl Context {
    /// The signer's public bytes: what `0x..` spells, else the caller's text.
    fn signer(&self) -> Vec<u8> {
        Owner(self.caller.clone()).bytes()
    }
}

/// One call.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    /// Name or DBID.
    pub dataset: String,
    /// The action.
    pub action: String,
    /// Its arguments.
    pub arguments: Given,
    /// The circumstances.
    pub context: Context,
    /// The caller's part.
    pub role: Role,
}

/// A value of a result, in PostgreSQL's text form under pinned settings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cell {
    /// NULL
    Null,
    /// A scalar.
    One(String),
    /// An array.
    Many(Vec<Option<String>>),
}

/// What a call gave.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answer {
    /// Names and types; none for an action that returns nothing.
    pub columns: Vec<RowColumn>,
    /// In the order they came.
    pub rows: Vec<Vec<Cell>>,
    /// What the action said with `NOTICE(..)`.
    pub notices: Vec<String>,
}
