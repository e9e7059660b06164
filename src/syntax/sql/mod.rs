//! SQL inside actions: islands that the schema grammar cuts out are read here, with sqlparser, straight into our own tree.
//!
//! lexer (characters) → dialect (keywords or names) → pairs, measure, refuse (what must not reach the parser) → rewrite
//! (tokens that sqlparser reads rightly) → sqlparser → convert (an accept-list). Every place is a byte
//! offset in the file. sqlparser is named in this module only, and never prints.

mod convert;
mod dialect;
mod failure;
mod island;
mod lexeme;
mod lexer;
mod measure;
mod operand;
mod pairs;
mod problems;
mod refuse;
mod rewrite;
mod tokens;

pub use tokens::tokens;

use convert::Converter;
use island::Island;

use super::ast::{Expr, Query, Statement};
use crate::diagnostics::Sink;
use crate::source::{Span, roomy};

/// Reads a statement. `text` is the whole file, `span` the statement in it without its `;`. Reports what is wrong to
/// `sink` and then returns nothing.
pub fn statement(text: &str, span: Span, sink: &mut Sink) -> Option<Statement> {
    apart(span, sink, |sink| {
        let island = Island::of_statement(text, span, sink)?;
        let tree = island.statement(sink)?;
        Converter::new(&island.lexemes, sink).statement(tree)
    })
}

/// Reads rows: `SELECT ..`, `WITH .. SELECT ..`, or one of them in parentheses, at `span` of the whole file `text`.
/// Reports what is wrong to `sink` and then returns nothing.
pub fn query(text: &str, span: Span, sink: &mut Sink) -> Option<Query> {
    apart(span, sink, |sink| {
        let island = Island::of_query(text, span, sink)?;
        let tree = island.query(sink)?;
        Converter::new(&island.lexemes, sink).rows(tree)
    })
}

/// Reads one expression at `span` of the whole file `text`. Reports what is wrong to `sink` and then returns nothing.
pub fn expression(text: &str, span: Span, sink: &mut Sink) -> Option<Expr> {
    apart(span, sink, |sink| {
        let island = Island::of_expressions(text, span, sink)?;
        let tree = island.expression(sink)?;
        Converter::new(&island.lexemes, sink).expressions(vec![tree])?.pop()
    })
}

/// Reads expressions with commas between them, such as a call's arguments; there may be none. Reports what is wrong to
/// `sink` and then returns nothing.
pub fn expressions(text: &str, span: Span, sink: &mut Sink) -> Option<Vec<Expr>> {
    apart(span, sink, |sink| {
        let island = Island::of_expressions(text, span, sink)?;
        let trees = island.expressions(sink)?;
        Converter::new(&island.lexemes, sink).expressions(trees)
    })
}

/// Errors that one island reports at most: none of it is compiled after the first, and its text may be hostile.
const MOST: usize = 20;

/// True if an island has reported enough.
fn is_enough(sink: &Sink) -> bool {
    sink.mark() >= MOST
}

/// Works with room for deep trees and a sink of its own: in the caller's, what was already said is not said again, and
/// an island that repeats it would look clean.
fn apart<T>(span: Span, sink: &mut Sink, work: impl FnOnce(&mut Sink) -> Option<T>) -> Option<T> {
    let mut own = Sink::new();
    let tree = roomy(|| work(&mut own));
    if tree.is_none() && !own.has_errors() {
        own.report(problems::unexpected(span, "SQL"));
    }
    own.into_sorted().into_iter().for_each(|diagnostic| sink.report(diagnostic));
    tree
}
