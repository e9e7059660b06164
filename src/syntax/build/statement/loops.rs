use std::ops::Range;

use super::words::SQL;
use crate::language::Ident;
use crate::syntax::ast::{ForSource, Statement, StatementKind};
use crate::syntax::build::Builder;
use crate::syntax::problems;
use crate::syntax::scan::TokenKind;

impl Builder<'_, '_, '_> {
    /// `for $x in source {..}`
    pub(super) fn for_loop(&mut self, range: Range<usize>) -> Option<Statement> {
        let (open, close) = self.braces(range.start, range.start + 1..range.end)?;
        let end = self.head_end(range.start + 1, open, "loop");
        let head = self.loop_head(range.start + 1..end).filter(|_| end == open);
        let body = self.statements(open + 1..close);
        let (variable, source) = head?;
        self.whole(&range, StatementKind::For { variable, source, body })
    }

    /// `$x in source`
    fn loop_head(&mut self, range: Range<usize>) -> Option<(Ident, ForSource)> {
        if self.tokens.any_bad(&range) {
            return None;
        }
        let first = range.start;
        if range.clone().any(|index| self.tokens.kind(index) == Some(TokenKind::Semicolon)) {
            return self.refuse(problems::counting_loop(self.tokens.range_span(&range)));
        }
        if range.is_empty() || self.tokens.kind(first) != Some(TokenKind::Variable) {
            let named =
                self.tokens.kind(first) == Some(TokenKind::Word) && self.tokens.is_word(first + 1, "in");
            return self.refuse(problems::loop_variable(
                self.tokens.span(first),
                self.tokens.text(first),
                named,
            ));
        }
        if !self.tokens.is_word(first + 1, "in") {
            let (at, found) = (self.tokens.span(first + 1), self.tokens.text(first + 1));
            return self.refuse(problems::expected_in(at, found));
        }
        let variable = self.variable(first);
        Some((variable, self.source(first + 2..range.end)?))
    }

    fn source(&mut self, range: Range<usize>) -> Option<ForSource> {
        let is_query = self.tokens.is_one_of(range.start, SQL) || self.is_bracketed_query(&range);
        if !range.is_empty() && is_query {
            return self.query(range).map(ForSource::Query);
        }
        if let Some(dots) = self.find_outside(range.clone(), |index| self.is_range(index)) {
            let low = self.expression(range.start..dots, "a lower bound");
            let high = self.expression(dots + 2..range.end, "an upper bound");
            return Some(ForSource::Range { low: low?, high: high? });
        }
        if self.tokens.is_word(range.start, "array") && !self.tokens.is_mark(range.start + 1, "[") {
            return self.expression(range.start + 1..range.end, "an array").map(ForSource::Array);
        }
        if !range.is_empty() && self.is_one_call(&range) {
            return self.call(range).map(ForSource::Call);
        }
        self.expression(range, "a range, an array, a query or a call").map(ForSource::Array)
    }

    /// `(SELECT ..)` with nothing after it.
    fn is_bracketed_query(&self, range: &Range<usize>) -> bool {
        self.tokens.is_mark(range.start, "(")
            && self.tokens.is_one_of(range.start + 1, &["select", "with"])
            && self.tokens.closing(range.start, range) == Some(range.end.saturating_sub(1))
    }
}
