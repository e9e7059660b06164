//! What only tests say.

use std::ops::Range;

use crate::language::{ContextValue, Ident};
use crate::syntax::ast::{Expect, SetContext, Statement, StatementKind, Subject};
use crate::syntax::build::Builder;
use crate::syntax::build::literal::unquote;
use crate::syntax::build::statement::words::SQL;
use crate::syntax::problems;
use crate::syntax::scan::TokenKind;

/// What is said of what stands before it.
const VERDICTS: &[&str] = &["returns", "matches", "fails"];

impl Builder<'_, '_, '_> {
    /// `@caller := e`
    pub(super) fn set_context(&mut self, range: Range<usize>) -> Option<Statement> {
        let (at, text) = (self.tokens.span(range.start), self.tokens.text(range.start));
        let word = text.trim_start_matches('@').to_ascii_lowercase();
        let Some(value) = ContextValue::from_word(&word) else {
            return self.refuse(problems::unknown_context_set(at, &word));
        };
        let to = self.expression(self.after_sign(range.start + 1)..range.end, "a value")?;
        self.whole(&range, StatementKind::SetContext(SetContext { value, to }))
    }

    /// `expect ..`
    pub(super) fn expect(&mut self, range: Range<usize>) -> Option<Statement> {
        let inside = range.start + 1..range.end;
        let verdict = self.find_outside(inside.clone(), |index| self.tokens.is_one_of(index, VERDICTS));
        let expect = match verdict {
            None => Expect::Holds(self.expected_condition(inside)?),
            Some(at) => {
                let (subject, rest) = (inside.start..at, at + 1..inside.end);
                match self.tokens.text(at).to_ascii_lowercase().as_str() {
                    "returns" => self.expected_rows(subject, rest)?,
                    "matches" => self.expected_snapshot(subject, rest)?,
                    _ => self.expected_failure(subject, rest)?,
                }
            }
        };
        self.whole(&range, StatementKind::Expect(expect))
    }

    fn expected_condition(&mut self, range: Range<usize>) -> Option<crate::syntax::ast::Expr> {
        let comma = self.find_outside(range.clone(), |index| self.tokens.is_mark(index, ","));
        if let Some(comma) = comma {
            return self.refuse(problems::rows_without_returns(self.tokens.span(comma)));
        }
        if self.tokens.is_one_of(range.start, SQL) && !self.tokens.is_mark(range.start + 1, "(") {
            return self.refuse(problems::query_without_returns(self.tokens.span(range.start)));
        }
        self.expression(range, "a condition")
    }

    /// What stands before `returns` and `matches`.
    fn subject(&mut self, range: Range<usize>) -> Option<Subject> {
        if self.tokens.is_one_of(range.start, &["select", "with"]) && !range.is_empty() {
            return self.query(range).map(Subject::Query);
        }
        if self.is_one_call(&range) {
            return self.call(range).map(Subject::Call);
        }
        self.expression(range, "a call or a query").map(Subject::Value)
    }

    /// `returns nothing`, `returns [unordered] (..), (..)`
    fn expected_rows(&mut self, subject: Range<usize>, rest: Range<usize>) -> Option<Expect> {
        let subject = self.subject(subject);
        if rest.len() == 1 && self.tokens.is_word(rest.start, "nothing") {
            return Some(Expect::Rows { subject: subject?, rows: Vec::new(), unordered: false });
        }
        let unordered = rest.len() > 1 && self.tokens.is_word(rest.start, "unordered");
        let mut at = rest.start + usize::from(unordered);
        let mut rows = Vec::new();
        loop {
            let close = self.tokens.closing(at, &rest);
            let Some(close) = close.filter(|_| at < rest.end && self.tokens.is_mark(at, "(")) else {
                let (at, found) = (self.tokens.span(at), self.tokens.text(at));
                return self.refuse(problems::expected_row(at, found));
            };
            rows.push(self.expressions(at + 1..close, "a value")?);
            at = close + 1;
            if at == rest.end {
                return Some(Expect::Rows { subject: subject?, rows, unordered });
            }
            if !self.tokens.is_mark(at, ",") {
                let (at, found) = (self.tokens.span(at), self.tokens.text(at));
                return self.refuse(problems::after_row(at, found));
            }
            at += 1;
        }
    }

    /// `matches snapshot`
    fn expected_snapshot(&mut self, subject: Range<usize>, rest: Range<usize>) -> Option<Expect> {
        let subject = self.subject(subject);
        if rest.len() == 1 && self.tokens.is_word(rest.start, "snapshot") {
            return subject.map(Expect::Snapshot);
        }
        let (at, found) = (self.tokens.span(rest.start), self.tokens.text(rest.start));
        self.refuse(problems::expected_snapshot_word(at, found))
    }

    /// `fails`, `fails KF001`, `fails 'text'`, `fails KF001 'text'`
    fn expected_failure(&mut self, subject: Range<usize>, rest: Range<usize>) -> Option<Expect> {
        let mut at = rest.start;
        let (mut code, mut text) = (None, None);
        if at < rest.end && self.tokens.kind(at) == Some(TokenKind::Word) {
            code = Some(Ident::new(self.tokens.text(at), self.tokens.span(at)));
            at += 1;
        }
        if at < rest.end && self.tokens.kind(at) == Some(TokenKind::Text) {
            text = Some(unquote(self.tokens.text(at)));
            at += 1;
        }
        let is_code = |code: &Ident| {
            let digits = code.name.as_str().strip_prefix("kf").unwrap_or_default();
            (3..=4).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
        };
        if at < rest.end || code.as_ref().is_some_and(|code| !is_code(code)) {
            let at = if at < rest.end { at } else { rest.start };
            let (at, found) = (self.tokens.span(at), self.tokens.text(at));
            return self.refuse(problems::expected_failure(at, found));
        }
        if subject.is_empty() {
            let (at, found) = (self.tokens.span(subject.start), self.tokens.text(subject.start));
            return self.refuse(problems::expected_value(at, "a statement", found));
        }
        if self.tokens.is_one_of(subject.start, &["expect", "if", "for", "return", "break", "continue"]) {
            let (at, found) = (self.tokens.span(subject.start), self.tokens.text(subject.start));
            return self.refuse(problems::cannot_fail(at, found));
        }
        let statement = self.statement(subject).map(Box::new);
        Some(Expect::Fails { statement, code, text })
    }
}
