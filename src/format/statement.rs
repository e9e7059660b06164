//! Statements: one a line, blocks one step to the right.

use std::ops::Range;

use pest::iterators::Pair;

use super::layout::{Between, Doc, Layout};
use crate::syntax::concrete::Rule;

impl<'a> Layout<'a, '_> {
    /// `{ statements }` between the braces at `open` and `close`. Nothing comes before the first.
    pub(super) fn block(&self, open: usize, close: usize, statements: &[Pair<'_, Rule>]) -> Doc<'a> {
        let lines = statements.iter().enumerate().fold(self.nil(), |doc, (at, statement)| {
            let between = if at == 0 { Between::OnlyEnd } else { Between::End };
            let range = self.range_of(statement);
            doc.append(self.between(range.start, between)).append(self.statement(statement, range))
        });
        let empty = statements.is_empty();
        let end = self.end(close, if empty { Between::Tight } else { Between::OnlyEnd });
        let lines = lines.append(self.comments(close));
        self.token(open).append(self.nest(lines)).append(end).append(self.token(close))
    }

    fn statement(&self, statement: &Pair<'_, Rule>, range: Range<usize>) -> Doc<'a> {
        match statement.as_rule() {
            Rule::if_statement | Rule::for_statement => self.blocks(statement, range),
            Rule::sql_statement => self.ended(range, |range| self.query(range)),
            Rule::call_statement => self.ended(range, |range| self.plain(range)),
            Rule::expect_statement => self.ended(range, |range| self.expectation(range)),
            _ => self.ended(range, |range| self.valued(statement, range)),
        }
    }

    /// Everything but the `;`, then the `;`.
    fn ended(&self, range: Range<usize>, inside: impl Fn(Range<usize>) -> Doc<'a>) -> Doc<'a> {
        let semicolon = range.end.saturating_sub(1);
        if !self.tokens.is_any(semicolon, &[";"]) {
            return inside(range);
        }
        inside(range.start..semicolon).append(self.next(semicolon, Between::Tight))
    }

    /// `$x := value`, `return value`, and statements without one.
    fn valued(&self, statement: &Pair<'_, Rule>, range: Range<usize>) -> Doc<'a> {
        let value = statement.clone().into_inner().find(|inner| inner.as_rule() == Rule::value);
        let Some(value) = value.map(|value| self.range_of(&value)) else { return self.row(range) };
        self.row(range.start..value.start).append(self.value(value))
    }

    /// What follows `:=`, `return`, `if` or `in`, with what comes before it: a query on lines of its own where it does
    /// not fit, anything else beside the word.
    pub(super) fn value(&self, range: Range<usize>) -> Doc<'a> {
        if self.begins_query(range.start) {
            let query = self.between(range.start, Between::Line).append(self.clauses(range));
            return self.nest(query).group();
        }
        let pieces = self.commas(range);
        self.nest(self.listed(&pieces, Between::Space, |piece| self.expression(piece))).group()
    }

    /// `if value { .. } else if value { .. } else { .. }`, `for $x in value { .. }`
    fn blocks(&self, statement: &Pair<'_, Rule>, range: Range<usize>) -> Doc<'a> {
        let mut doc = self.nil();
        let mut at = range.start;
        for inner in statement.clone().into_inner() {
            let of = self.range_of(&inner);
            match inner.as_rule() {
                Rule::value => {
                    doc = doc.append(self.words(at..of.start, range.start)).append(self.value(of.clone()));
                    at = of.end;
                }
                Rule::block => {
                    doc = doc.append(self.words(at..of.start, range.start));
                    let statements: Vec<Pair<'_, Rule>> = inner.into_inner().filter(is_statement).collect();
                    doc = doc.append(self.brace(&of)).append(self.block(of.start, of.end - 1, &statements));
                    at = of.end;
                }
                _ => {}
            }
        }
        doc
    }

    /// The words between a block and the next, with what comes before each.
    fn words(&self, words: Range<usize>, first: usize) -> Doc<'a> {
        words.fold(self.nil(), |doc, index| {
            if index == first { self.token(index) } else { doc.append(self.next(index, Between::Space)) }
        })
    }

    /// What comes before the `{` of a block: a line's end if it follows a query on several lines.
    fn brace(&self, block: &Range<usize>) -> Doc<'a> {
        self.between(block.start, Between::Space)
    }
}

fn is_statement(pair: &Pair<'_, Rule>) -> bool {
    !matches!(pair.as_rule(), Rule::open_brace | Rule::close_brace)
}
