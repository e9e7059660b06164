//! Files of tests: `setup` and `test` with their bodies, and what is expected.

use std::ops::Range;

use pest::iterators::Pair;

use super::layout::{Between, Doc, Layout};
use crate::syntax::concrete::Rule;

impl<'a> Layout<'a, '_> {
    /// `setup { .. }`, `test "title" { .. }`. Nothing comes before its first token.
    pub(super) fn test(&self, item: &Pair<'_, Rule>) -> Doc<'a> {
        let range = self.range_of(item);
        let mut open = range.start;
        let mut statements = Vec::new();
        for inner in item.clone().into_inner() {
            match inner.as_rule() {
                Rule::setup_open | Rule::test_open => open = self.range_of(&inner).end.saturating_sub(1),
                Rule::k_setup | Rule::k_test | Rule::close_brace => {}
                _ => statements.push(inner),
            }
        }
        let head = self.row(range.start..open).append(self.between(open, Between::Space));
        head.append(self.block(open, range.end.saturating_sub(1), &statements))
    }

    /// `expect f(1) returns (1, 'a'), (2, 'b')`: of a query on several lines what is expected of it begins a line.
    pub(super) fn expectation(&self, range: Range<usize>) -> Doc<'a> {
        let inside = range.start + 1..range.end;
        let verdict = self.tokens.top(inside.clone()).skip(1).find(|index| self.tokens.is_verdict(*index));
        let Some(verdict) = verdict else { return self.token(range.start).append(self.value(inside)) };
        let subject = inside.start..verdict;
        if !self.begins_query(subject.start) {
            let subject = self.token(range.start).append(self.value(subject));
            return subject
                .append(self.between(verdict, Between::Space))
                .append(self.verdict(verdict..range.end));
        }
        let query = self.between(subject.start, Between::Line).append(self.clauses(subject));
        let said = self.between(verdict, Between::Line).append(self.verdict(verdict..range.end));
        self.token(range.start).append(self.nest(query)).append(said).group()
    }

    /// `returns (1, 'a'), (2, 'b')` with a row a line where they do not fit on one, `fails KF001 'text'`
    fn verdict(&self, range: Range<usize>) -> Doc<'a> {
        let rows = self.tokens.top(range.clone()).find(|index| self.tokens.is_any(*index, &["("]));
        let Some(rows) = rows else { return self.row(range) };
        let pieces = self.commas(rows..range.end);
        let rows = self.nest(self.listed(&pieces, Between::Line, |piece| self.expression(piece))).group();
        self.row(range.start..pieces.first().map_or(range.end, |piece| piece.start)).append(rows)
    }
}
