//! Expressions: conditions are broken at `AND` and `OR`, sums at their signs, brackets around what they hold.

use std::ops::Range;

use super::layout::{Between, Doc, Layout};
use super::space;
use crate::syntax::concrete::Class;

/// Operators at which a long expression is broken, those that bind least first.
const LEVELS: &[&[&str]] = &[&["OR"], &["AND"], &["||"], &["+", "-"]];

impl<'a> Layout<'a, '_> {
    /// An expression, or a query where one stands. Nothing comes before its first token.
    pub(super) fn expression(&self, range: Range<usize>) -> Doc<'a> {
        if self.begins_query(range.start) {
            return self.query(range);
        }
        for level in LEVELS {
            let operators = self.operators(range.clone(), level);
            if !operators.is_empty() {
                return self.operands(range, &operators).group();
            }
        }
        self.plain(range)
    }

    /// Where these operators stand between two values. The `AND` of a `BETWEEN` is none.
    fn operators(&self, range: Range<usize>, level: &[&str]) -> Vec<usize> {
        let mut between = false;
        let mut found = Vec::new();
        for index in self.tokens.top(range.clone()).skip(1) {
            between |= self.tokens.is_keyword(index, "BETWEEN");
            let keyword = self.tokens.is_one_of(index, level);
            let sign = self.tokens.is_any(index, level) && space::ends_value(self.tokens, index - 1);
            if keyword && self.tokens.is_keyword(index, "AND") && std::mem::take(&mut between) {
                continue;
            }
            if keyword || sign {
                found.push(index);
            }
        }
        found
    }

    fn operands(&self, range: Range<usize>, operators: &[usize]) -> Doc<'a> {
        let first = operators.first().copied().unwrap_or(range.end);
        let ends = operators.iter().skip(1).copied().chain([range.end]);
        operators.iter().zip(ends).fold(self.expression(range.start..first), |doc, (operator, end)| {
            let operand =
                self.between(operator + 1, Between::Space).append(self.expression(operator + 1..end));
            doc.append(self.nest_once(&range, self.next(*operator, Between::Line).append(operand)))
        })
    }

    /// Operators stand one step to the right of what holds the expression, which a clause and a bracket have done already.
    fn nest_once(&self, range: &Range<usize>, doc: Doc<'a>) -> Doc<'a> {
        let before = range.start.checked_sub(1);
        let nested = before.is_some_and(|before| {
            self.tokens.is_one_of(before, &["WHERE", "HAVING", "ON"])
                || self.tokens.is_any(before, &["(", "[", ":="])
                || self.tokens.class(before) == Some(Class::Word)
        });
        if nested { doc } else { self.nest(doc) }
    }

    /// `(..)` and `[..]`
    pub(super) fn bracket(&self, open: usize, close: usize) -> Doc<'a> {
        if self.begins_query(open + 1) {
            return self.wrapped(open, close, self.clauses(open + 1..close));
        }
        if self.tokens.is_one_of(open + 1, &["PARTITION", "ORDER", "WHERE"]) {
            return self.wrapped(open, close, self.window(open + 1..close));
        }
        self.bracketed(open, close, |piece| self.expression(piece)).group()
    }

    /// A bracket around what is one group with it.
    fn wrapped(&self, open: usize, close: usize, inside: Doc<'a>) -> Doc<'a> {
        let inside = self.between(open + 1, Between::TightLine).append(inside).append(self.comments(close));
        let end = self.end(close, Between::TightLine);
        self.token(open).append(self.nest(inside)).append(end).append(self.token(close)).group()
    }

    /// `PARTITION BY .. ORDER BY .. ROWS ..`, a line each where they do not fit on one.
    fn window(&self, range: Range<usize>) -> Doc<'a> {
        let words = ["PARTITION", "ORDER", "WHERE", "ROWS", "RANGE", "GROUPS"];
        let starts: Vec<usize> = self
            .tokens
            .top(range.clone())
            .filter(|index| *index == range.start || self.tokens.is_one_of(*index, &words))
            .collect();
        let ends = starts.iter().skip(1).copied().chain([range.end]);
        starts.iter().zip(ends).fold(self.nil(), |doc, (start, end)| {
            let doc =
                if *start == range.start { doc } else { doc.append(self.between(*start, Between::Line)) };
            doc.append(self.clause(*start..end))
        })
    }

    /// `CASE .. END` on one line, or a branch a line.
    pub(super) fn case(&self, case: usize, end: usize) -> Doc<'a> {
        let marks: Vec<usize> = self
            .tokens
            .top(case + 1..end)
            .filter(|index| self.tokens.is_one_of(*index, &["WHEN", "ELSE"]))
            .collect();
        let first = marks.first().copied().unwrap_or(end);
        let mut head = self.token(case);
        if first > case + 1 {
            head =
                head.append(self.between(case + 1, Between::Space)).append(self.expression(case + 1..first));
        }
        let broken = self.is_broken(marks.iter().copied());
        let between = if broken { Between::OnlyEnd } else { Between::Line };
        let ends = marks.iter().skip(1).copied().chain([end]);
        let branches = marks.iter().zip(ends).fold(self.nil(), |doc, (start, end)| {
            doc.append(self.between(*start, between)).append(self.branch(*start..end))
        });
        let branches = branches.append(self.comments(end));
        head.append(self.nest(branches)).append(self.end(end, between)).append(self.token(end)).group()
    }

    /// `WHEN a THEN b`, `ELSE c`
    fn branch(&self, range: Range<usize>) -> Doc<'a> {
        let then = self.tokens.top(range.clone()).find(|index| self.tokens.is_keyword(*index, "THEN"));
        let condition = range.start + 1..then.unwrap_or(range.end);
        let doc = self
            .token(range.start)
            .append(self.between(condition.start, Between::Space))
            .append(self.expression(condition));
        let Some(then) = then else { return doc };
        let value = self
            .next(then, Between::Line)
            .append(self.between(then + 1, Between::Space))
            .append(self.expression(then + 1..range.end));
        doc.append(self.nest(value).group())
    }
}
