use std::ops::Range;

use crate::syntax::build::Builder;
use crate::syntax::problems;
use crate::syntax::scan::TokenKind;

impl Builder<'_, '_, '_> {
    /// Reports the first bracket of `range` that has no partner.
    pub(in crate::syntax::build) fn is_balanced(&mut self, range: &Range<usize>) -> bool {
        let mut open: Vec<usize> = Vec::new();
        for index in range.clone() {
            let text = self.tokens.text(index);
            match self.tokens.kind(index) {
                Some(TokenKind::Open) => open.push(index),
                Some(TokenKind::Close) => match open.last() {
                    Some(last) if partner(self.tokens.text(*last)) == text => {
                        open.pop();
                    }
                    Some(last) => return self.unclosed(*last, index),
                    None => {
                        self.reporter.report(problems::stray_bracket(self.tokens.span(index), text));
                        return false;
                    }
                },
                _ => {}
            }
        }
        open.last().is_none_or(|last| self.unclosed(*last, range.end))
    }

    /// Always false.
    fn unclosed(&mut self, open: usize, before: usize) -> bool {
        let text = self.tokens.text(open);
        let (at, before) = (self.tokens.span(open), self.tokens.span(before));
        self.reporter.report(problems::unclosed_bracket(at, text, partner(text), before));
        false
    }

    /// The first token of `range` outside brackets that satisfies `test`.
    pub(super) fn find_outside(&self, range: Range<usize>, test: impl Fn(usize) -> bool) -> Option<usize> {
        let mut depth = 0usize;
        range.into_iter().find(|index| {
            match self.tokens.kind(*index) {
                Some(TokenKind::Close) => depth = depth.saturating_sub(1),
                Some(TokenKind::Open) => depth += 1,
                _ => return depth == 0 && test(*index),
            }
            false
        })
    }

    /// True if the tokens at `index` and after it stand without space between them.
    pub(super) fn is_joined(&self, index: usize) -> bool {
        match (self.tokens.get(index), self.tokens.get(index + 1)) {
            (Some(token), Some(next)) => token.end == next.start,
            _ => false,
        }
    }

    /// True for `:=`, or `=` that is not half of `==`, at `index`.
    pub(super) fn is_assigned(&self, index: usize) -> bool {
        if self.tokens.is_mark(index, ":") {
            return self.is_joined(index) && self.tokens.is_mark(index + 1, "=");
        }
        let double = self.is_joined(index) && self.tokens.is_mark(index + 1, "=");
        self.tokens.is_mark(index, "=") && !double
    }

    /// The first token after the assignment sign at `index`.
    pub(super) fn after_sign(&self, index: usize) -> usize {
        if self.tokens.is_mark(index, ":") { index + 2 } else { index + 1 }
    }
}

/// What closes a bracket.
fn partner(open: &str) -> &'static str {
    match open {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}
