use super::{Action, Call, Expr, Query, Statement};
use crate::language::{ContextValue, Ident};
use crate::source::Span;

/// A file of tests: `tests NAME; setup { .. } test "title" { .. }`. What its blocks say is said inside the schema.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TestFile {
    /// The schema under test.
    pub schema: Ident,
    /// What is done before each test, as bodies of actions; in source order.
    pub setups: Vec<Action>,
    /// In source order.
    pub tests: Vec<Test>,
}

/// `test "title" { .. }`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Test {
    /// What it is called.
    pub title: String,
    /// Where that stands, with its quotes.
    pub title_span: Span,
    /// The statements of every setup, then its own, as the body of an action.
    pub action: Action,
    /// How many of the statements are of setups.
    pub setup: usize,
}

/// `@caller := e;`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SetContext {
    /// Which.
    pub value: ContextValue,
    /// What it is from here on.
    pub to: Expr,
}

/// `expect ..;`
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expect {
    /// `expect e;`: a condition.
    Holds(Expr),
    /// `expect SUBJECT returns [unordered] (..), (..);`, `expect SUBJECT returns nothing;`
    Rows {
        /// What gives rows.
        subject: Subject,
        /// In order.
        rows: Vec<Vec<Expr>>,
        /// True if the order does not matter.
        unordered: bool,
    },
    /// `expect SUBJECT matches snapshot;`
    Snapshot(Subject),
    /// `expect STATEMENT fails [KF001] ['text'];`
    Fails {
        /// The statement; none if it was reported.
        statement: Option<Box<Statement>>,
        /// What `kf explain` explains.
        code: Option<Ident>,
        /// Part of what it says.
        text: Option<String>,
    },
}

/// What gives rows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Subject {
    /// `SELECT ..`
    Query(Query),
    /// `f(..)`, `alias.f(..)`
    Call(Call),
    /// Any other expression: one row of one column.
    Value(Expr),
}
