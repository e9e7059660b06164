use std::ops::Range;

use super::words::SQL;
use crate::source::Span;
use crate::syntax::ast::{Expr, Query, Statement};
use crate::syntax::build::Builder;
use crate::syntax::problems;
use crate::syntax::sql;

impl Builder<'_, '_, '_> {
    /// A statement of SQL.
    pub(super) fn sql(&mut self, range: Range<usize>) -> Option<Statement> {
        let span = self.island(&range)?;
        sql::statement(self.tokens.source_text(), span, self.reporter.sink())
    }

    /// `SELECT ..`, `WITH .. SELECT ..`
    pub(super) fn query(&mut self, range: Range<usize>) -> Option<Query> {
        let span = self.island(&range)?;
        sql::query(self.tokens.source_text(), span, self.reporter.sink())
    }

    /// One expression; `what` says what it is for: "a condition".
    pub(super) fn expression(&mut self, range: Range<usize>, what: &str) -> Option<Expr> {
        let span = self.value(&range, what)?;
        sql::expression(self.tokens.source_text(), span, self.reporter.sink())
    }

    /// One or more expressions with commas between them.
    pub(super) fn expressions(&mut self, range: Range<usize>, what: &str) -> Option<Vec<Expr>> {
        let span = self.value(&range, what)?;
        sql::expressions(self.tokens.source_text(), span, self.reporter.sink())
    }

    fn value(&mut self, range: &Range<usize>, what: &str) -> Option<Span> {
        if range.is_empty() {
            let (at, found) = (self.tokens.span(range.start), self.tokens.text(range.start));
            return self.refuse(problems::expected_value(at, what, found));
        }
        if self.tokens.is_one_of(range.start, SQL) && !self.tokens.is_mark(range.start + 1, "(") {
            let (at, found) = (self.tokens.span(range.start), self.tokens.text(range.start));
            return self.refuse(problems::bare_query(at, what, found));
        }
        if let Some(dots) = self.find_outside(range.clone(), |index| self.is_range(index)) {
            return self.refuse(problems::range_here(self.tokens.range_span(&(dots..dots + 2))));
        }
        self.island(range)
    }

    /// `..`
    pub(super) fn is_range(&self, index: usize) -> bool {
        self.tokens.is_mark(index, ".") && self.tokens.is_mark(index + 1, ".") && self.is_joined(index)
    }

    /// Where an island stands, unless something in it was reported.
    fn island(&mut self, range: &Range<usize>) -> Option<Span> {
        let fine = !self.tokens.any_bad(range) && self.is_balanced(range);
        fine.then(|| self.tokens.range_span(range))
    }
}
