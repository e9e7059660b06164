//! Actions: annotations, the head on one line or a parameter a line, and the body.

use std::ops::Range;

use pest::iterators::Pair;

use super::layout::{Between, Doc, Layout};
use super::space;
use crate::syntax::concrete::Rule;

impl<'a> Layout<'a, '_> {
    /// `@oracle(..) action name(..) modifiers returns .. { .. }`. Nothing comes before its first token.
    pub(super) fn action(&self, item: &Pair<'_, Rule>) -> Doc<'a> {
        let range = self.range_of(item);
        let mut doc = self.nil();
        let mut head = range.start;
        let mut statements = Vec::new();
        for inner in item.clone().into_inner() {
            let of = self.range_of(&inner);
            match inner.as_rule() {
                Rule::annotation => {
                    doc = doc
                        .append(self.after(of.start, range.start, Between::OnlyEnd))
                        .append(self.row(of.clone()));
                    head = of.end;
                }
                Rule::action_open => {
                    let start = self.after(head, range.start, Between::OnlyEnd);
                    doc = doc.append(start).append(self.head(head..of.end - 1));
                    head = of.end - 1;
                }
                Rule::k_action | Rule::close_brace => {}
                _ => statements.push(inner),
            }
        }
        let close = range.end.saturating_sub(1);
        doc.append(self.between(head, Between::Space)).append(self.block(head, close, &statements))
    }

    /// What comes before `index`, unless it is the first of all.
    fn after(&self, index: usize, first: usize, between: Between) -> Doc<'a> {
        if index == first { self.nil() } else { self.between(index, between) }
    }

    /// On one line, or the first bracket's parameters on a line each. Other brackets break by themselves.
    pub(super) fn head(&self, range: Range<usize>) -> Doc<'a> {
        let (start, mut first) = (range.start, true);
        let doc = self.tokens.top(range).fold(self.nil(), |doc, index| {
            let unit = match self.tokens.partner(index) {
                Some(close) if close > index => {
                    let bracket = self.bracketed(index, close, |piece| self.row(piece));
                    if std::mem::take(&mut first) { bracket } else { bracket.group() }
                }
                _ => self.token(index),
            };
            if index == start {
                unit
            } else {
                doc.append(self.between(index, space::before(self.tokens, index))).append(unit)
            }
        });
        doc.group()
    }
}
