use std::ops::Range;

use crate::syntax::ast::{Call, Receiver, Statement, StatementKind};
use crate::syntax::build::Builder;
use crate::syntax::problems;
use crate::syntax::scan::TokenKind;

impl Builder<'_, '_, '_> {
    /// `$a, _ := f(..)`, `_ := f(..)`
    pub(super) fn receive(&mut self, range: Range<usize>) -> Option<Statement> {
        let Some(sign) = self.find_outside(range.clone(), |index| self.is_assigned(index)) else {
            let found = self.tokens.text(range.end);
            return self.refuse(problems::missing_assignment(self.tokens.range_span(&range), found));
        };
        let receivers = self.receivers(range.start..sign)?;
        match self.received(sign, self.after_sign(sign)..range.end) {
            Some(call) => self.whole(&range, StatementKind::Receive { receivers, call }),
            None => self.faulty(&range, receivers.into_iter().filter_map(|it| it.variable).collect()),
        }
    }

    /// The one call that gives receivers their values.
    fn received(&mut self, sign: usize, value: Range<usize>) -> Option<Call> {
        if !self.is_one_call(&value) {
            let at = if value.is_empty() { sign..value.start } else { value };
            return self.refuse(problems::expected_call(self.tokens.range_span(&at)));
        }
        self.call(value)
    }

    /// `$a, _`
    fn receivers(&mut self, range: Range<usize>) -> Option<Vec<Receiver>> {
        let mut receivers = Vec::new();
        let mut at = range.start;
        loop {
            receivers.push(self.receiver(at, &range)?);
            if at + 1 == range.end {
                return Some(receivers);
            }
            if !self.tokens.is_mark(at + 1, ",") {
                let (next, found) = (self.tokens.span(at + 1), self.tokens.text(at + 1));
                return self.refuse(problems::after_receiver(next, found));
            }
            at += 2;
        }
    }

    fn receiver(&mut self, index: usize, range: &Range<usize>) -> Option<Receiver> {
        let span = self.tokens.span(index);
        if index < range.end && self.tokens.is_word(index, "_") {
            return Some(Receiver { variable: None, span });
        }
        if index < range.end && self.tokens.kind(index) == Some(TokenKind::Variable) {
            return Some(Receiver { variable: Some(self.variable(index)), span });
        }
        self.refuse(problems::expected_receiver(span, self.tokens.text(index)))
    }
}
