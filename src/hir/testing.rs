use super::{Action, Expr, Statement};
use crate::interface::Expected;
use crate::language::ContextValue;
use crate::source::Span;

/// A test of a schema.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Test {
    /// What it is called.
    pub title: String,
    /// Where that stands.
    pub title_span: Span,
    /// What it does, setups first: an action that nobody can call.
    pub action: Action,
    /// What it expects; [`TestStep`] names them by index.
    pub expectations: Vec<Expectation>,
}

/// What a test expects.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expectation {
    /// What is compared with what.
    pub kind: Expected,
    /// The statement.
    pub span: Span,
}

/// What only the statements of tests do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TestStep {
    /// From here on a context value is another.
    Set {
        /// Which.
        value: ContextValue,
        /// Of the value's type.
        to: Expr,
    },
    /// Forgets the rows so far.
    Begin,
    /// One more row was found.
    Found(Vec<Expr>),
    /// One more row is wanted.
    Wanted(Vec<Expr>),
    /// Tells the rows found and wanted.
    Tell(usize),
    /// Tells, unless the condition is true.
    Holds {
        /// Which expectation.
        expectation: usize,
        /// The condition.
        condition: Expr,
        /// The two sides of a comparison.
        sides: Vec<Expr>,
    },
    /// Runs statements, undoes them if they raise, and tells what they raised.
    Fails {
        /// Which expectation.
        expectation: usize,
        /// In order.
        body: Vec<Statement>,
    },
}
