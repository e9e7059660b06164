//! Reads each piece with its rule of the grammar and makes the tree of it.

mod action;
mod annotation;
mod attribute;
mod doc;
mod expected;
mod foreign;
mod indent;
mod interface;
mod literal;
mod name;
mod node;
mod schema;
mod statement;
mod table;
mod testing;
mod type_name;

use std::ops::Range;

use pest::Parser;

use super::ast::Ast;
use super::cut::{Tokens, items};
use super::grammar::{Grammar, Rule};
use super::reporter::Reporter;
use super::scan::Scanned;
use crate::language::limits;
use crate::source::Span;
use node::Node;
use statement::Progress;

/// Reads a scanned file.
pub(super) fn build(scanned: &Scanned<'_>, reporter: &mut Reporter<'_>) -> Ast {
    let tokens = Tokens::new(scanned);
    Builder { tokens, reporter, progress: Progress::default(), testing: false }.file(&items(tokens))
}

/// What reading needs: the tokens, where to report, and how far an action's body was read.
struct Builder<'t, 'r, 's> {
    tokens: Tokens<'t>,
    reporter: &'r mut Reporter<'s>,
    progress: Progress,
    /// True inside a file of tests, which says more than schemas do.
    testing: bool,
}

impl<'t> Builder<'t, '_, '_> {
    /// Reads the tokens of `range` with `rule`. `end` is what may follow the piece, for messages. Nothing comes back
    /// if the piece was reported, now or while it was scanned.
    fn read(&mut self, rule: Rule, range: Range<usize>, end: &'static str) -> Option<Node<'t>> {
        if self.tokens.any_bad(&range) {
            return None;
        }
        let (start, stop) = self.bounds(&range);
        let slice = self.tokens.source_text().get(start..stop)?;
        match Grammar::parse(rule, slice) {
            Ok(pairs) => Node::first(pairs, self.tokens.source(), start),
            Err(error) => {
                if !self.reporter.is_full(Span::new(self.tokens.source(), start, stop)) {
                    let diagnostic = expected::diagnostic(self.tokens, &range, start, end, &error);
                    self.reporter.report(diagnostic);
                }
                None
            }
        }
    }

    /// Offsets of a range of tokens; an empty one lies at the end of the token before.
    fn bounds(&self, range: &Range<usize>) -> (usize, usize) {
        if range.is_empty() {
            let before = range.start.checked_sub(1).map_or(0, |index| self.tokens.span(index).range().end);
            return (before, before);
        }
        let span = self.tokens.range_span(range).range();
        (span.start, span.end)
    }

    /// Reports once if there is more of something than the language allows.
    fn count(&mut self, at: Span, found: usize, most: usize, what: &str) {
        if found > most {
            self.reporter.report(super::problems::too_many(at, found, most, what));
        }
    }

    fn count_items(&mut self, ast: &Ast) {
        use super::ast::Item;
        let table = |item: &&Item| matches!(item, Item::Table(_));
        let action = |item: &&Item| matches!(item, Item::Action(_));
        let span = Span::new(ast.source, 0, 0);
        self.count(span, ast.items.iter().filter(table).count(), limits::TABLES, "tables");
        self.count(span, ast.items.iter().filter(action).count(), limits::ACTIONS, "actions");
    }
}

#[cfg(test)]
mod tests;
