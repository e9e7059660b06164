//! One clause: its words, then pieces with commas, a condition, or a row of tokens.

use std::ops::Range;

use super::layout::{Between, Doc, Layout};
use super::space;

impl<'a> Layout<'a, '_> {
    /// One clause. Nothing comes before its first token.
    pub(super) fn clause(&self, range: Range<usize>) -> Doc<'a> {
        let is = |words: &[&str]| self.tokens.is_one_of(range.start, words);
        if is(&["SELECT", "GROUP", "ORDER", "SET", "FROM", "VALUES", "RETURNING", "PARTITION", "WINDOW"]) {
            return self.list_clause(range.clone(), self.head_end(range));
        }
        if is(&["WITH"]) {
            return self.with_clause(range);
        }
        if is(&["WHERE", "HAVING"]) {
            let inside = range.start + 1..range.end;
            let condition = self.between(inside.start, Between::Space).append(self.expression(inside));
            return self.token(range.start).append(self.nest(condition)).group();
        }
        if let Some(set) = self.tokens.top(range.clone()).find(|index| self.tokens.is_keyword(*index, "SET"))
        {
            return self.list_clause(range, set + 1);
        }
        self.join_clause(range)
    }

    /// Past the words that a clause begins with.
    fn head_end(&self, range: Range<usize>) -> usize {
        let mut end = range.start + 1;
        let words = ["BY", "DISTINCT", "ALL"];
        while end < range.end && self.tokens.is_one_of(end, &words) {
            end += 1;
        }
        if self.tokens.is_keyword(end, "ON") && self.tokens.is_keyword(end - 1, "DISTINCT") {
            end = self.tokens.partner(end + 1).map_or(end, |close| close + 1);
        }
        end.min(range.end)
    }

    /// `SELECT a, b`: on one line, or one piece a line; a piece alone stays beside the words.
    fn list_clause(&self, range: Range<usize>, head_end: usize) -> Doc<'a> {
        let head = self.row(range.start..head_end);
        let pieces = self.commas(head_end..range.end);
        match pieces.as_slice() {
            [] => head,
            [only] => {
                head.append(self.between(only.start, Between::Space)).append(self.expression(only.clone()))
            }
            [_, rest @ ..] => {
                let broken = self.is_broken(rest.iter().map(|piece| piece.start));
                let first = if broken { Between::OnlyEnd } else { Between::Line };
                head.append(self.nest(self.listed(&pieces, first, |piece| self.expression(piece)))).group()
            }
        }
    }

    /// `WITH a AS (..), b AS (..)`
    fn with_clause(&self, range: Range<usize>) -> Doc<'a> {
        let recursive = self.tokens.is_keyword(range.start + 1, "RECURSIVE");
        let head_end = range.start + 1 + usize::from(recursive);
        let pieces = self.commas(head_end..range.end);
        let list = self.listed(&pieces, Between::Space, |piece| self.expression(piece));
        self.row(range.start..head_end).append(list)
    }

    /// `LEFT JOIN t AS x ON condition`, and clauses that are a row of tokens.
    fn join_clause(&self, range: Range<usize>) -> Doc<'a> {
        let on = self.tokens.top(range.clone()).find(|index| {
            self.tokens.is_keyword(*index, "ON") && !self.tokens.is_keyword(*index + 1, "CONFLICT")
        });
        let Some(on) = on else { return self.plain(range) };
        let condition = on + 1..range.end;
        let condition = self
            .between(on, Between::Line)
            .append(self.token(on))
            .append(self.between(condition.start, Between::Space))
            .append(self.expression(condition));
        self.plain(range.start..on).append(self.nest(condition).group())
    }

    /// Tokens in a row, brackets and `CASE` laid out by what they hold. Nothing comes before the first.
    pub(super) fn plain(&self, range: Range<usize>) -> Doc<'a> {
        let start = range.start;
        self.tokens.top(range).fold(self.nil(), |doc, index| {
            let unit = self.unit(index);
            if index == start {
                unit
            } else {
                doc.append(self.between(index, space::before(self.tokens, index))).append(unit)
            }
        })
    }

    /// A token, or a bracket or `CASE` with all that it holds.
    fn unit(&self, index: usize) -> Doc<'a> {
        match self.tokens.partner(index) {
            Some(end) if end > index && self.tokens.is_keyword(index, "CASE") => self.case(index, end),
            Some(close) if close > index && space::is_precision(self.tokens, index) => {
                self.row(index..close + 1)
            }
            Some(close) if close > index => self.bracket(index, close),
            _ => self.token(index),
        }
    }
}
