//! Statements, one file for a form. SQL and expressions are islands that the SQL reader reads.

mod assign;
mod brackets;
mod branch;
mod call;
mod expect;
mod headless;
mod islands;
mod loops;
mod receive;
mod returns;
mod words;

use std::ops::Range;

use super::Builder;
use crate::diagnostics::Diagnostic;
use crate::language::limits;
use crate::source::Span;
use crate::syntax::ast::{Statement, StatementKind};
use crate::syntax::cut::{Piece, statements};
use crate::syntax::problems;
use crate::syntax::scan::TokenKind;
use words::{ELSES, FOREIGN, FOREIGN_BLOCKS, SQL, TAILS};

/// What was met on the way through an action.
#[derive(Default)]
pub(super) struct Progress {
    /// Statements so far, those inside others too.
    statements: usize,
    /// Statements of other languages whose `END` is still to come.
    foreign_depth: usize,
    /// True if a body lacks its `{`, so that its `}` may have ended the action.
    pub(super) lost_brace: bool,
    /// True if a statement could not be read.
    incomplete: bool,
    /// What follows a statement that lacks its `;`, to be read as another.
    rest: Option<Range<usize>>,
}

impl Builder<'_, '_, '_> {
    /// The statements between an action's braces, and true if one could not be read. That there are too many is
    /// reported at `name`.
    pub(super) fn body(&mut self, name: Span, inside: Range<usize>) -> (Vec<Statement>, bool) {
        self.progress = Progress::default();
        let body = self.statements(inside);
        if self.progress.statements > limits::STATEMENTS {
            self.reporter.report(problems::too_many_statements(name));
        }
        (body, self.progress.incomplete)
    }

    /// True if the last action read may have ended too early, by a `}` of one of its statements.
    pub(super) fn lost_a_brace(&mut self) -> bool {
        std::mem::take(&mut self.progress.lost_brace)
    }

    /// The statements between two braces.
    fn statements(&mut self, inside: Range<usize>) -> Vec<Statement> {
        let mut read = Vec::new();
        for piece in statements(self.tokens, inside) {
            self.progress.statements += 1;
            if self.progress.statements > limits::STATEMENTS {
                self.progress.incomplete = true;
                break;
            }
            self.progress.rest = Some(piece.range.clone());
            while let Some(range) = self.progress.rest.take() {
                let statement = self.statement(range);
                self.progress.incomplete |= statement.is_none();
                read.extend(statement);
            }
            self.check_ended(&piece);
        }
        read
    }

    fn check_ended(&mut self, piece: &Piece) {
        if piece.ended || piece.range.is_empty() || self.tokens.any_bad(&piece.range) {
            return;
        }
        let last = piece.range.end - 1;
        if !self.tokens.is_mark(last, "}") {
            // A `;` after `expect` alone would only be the next fault.
            let whole = piece.range.len() > 1 || !self.tokens.is_word(last, "expect");
            let (last, found) = (self.tokens.span(last), self.tokens.text(piece.range.end));
            self.reporter.report(problems::missing_semicolon(last, found, whole));
        }
    }

    /// Reads one statement.
    fn statement(&mut self, range: Range<usize>) -> Option<Statement> {
        let first = range.start;
        if self.reporter.is_full(self.tokens.span(first)) {
            return None;
        }
        if range.is_empty() {
            return self.refuse(problems::not_a_statement(self.tokens.span(first), ";"));
        }
        // The statements inside a block are looked at on their own.
        let block = self.tokens.is_one_of(first, &["if", "for"]);
        if !block && self.tokens.any_bad(&range) {
            return None;
        }
        match self.tokens.kind(first) {
            Some(TokenKind::Word) if self.tokens.is_one_of(first, SQL) => self.sql(range),
            Some(TokenKind::Word) => self.word_statement(range),
            Some(TokenKind::Variable) => self.variable_statement(range),
            Some(TokenKind::Context) if self.testing && self.is_assigned(first + 1) => {
                self.set_context(range)
            }
            Some(TokenKind::Context) if self.is_assigned(first + 1) => {
                self.refuse(problems::assign_to_context(self.tokens.span(first), self.tokens.text(first)))
            }
            _ => self.refuse(problems::not_a_statement(self.tokens.span(first), self.tokens.text(first))),
        }
    }

    /// Reports and returns nothing.
    fn refuse<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.reporter.report(diagnostic);
        None
    }

    /// A statement of `kind` over all tokens of `range`.
    fn whole(&self, range: &Range<usize>, kind: StatementKind) -> Option<Statement> {
        Some(Statement { kind, span: self.tokens.range_span(range) })
    }

    fn word_statement(&mut self, range: Range<usize>) -> Option<Statement> {
        let first = range.start;
        let lower = self.tokens.text(first).to_ascii_lowercase();
        if self.names_import(first) {
            return self.call_statement(range);
        }
        match lower.as_str() {
            "if" => self.branch(range),
            "for" => self.for_loop(range),
            "break" => self.lone_word(range, StatementKind::Break),
            "continue" => self.lone_word(range, StatementKind::Continue),
            "return" => self.return_statement(range),
            "_" => self.receive(range),
            "expect" if self.testing => self.expect(range),
            word if TAILS.contains(&word) && self.progress.foreign_depth > 0 => {
                self.progress.foreign_depth -= usize::from(word == "end");
                None
            }
            word if ELSES.contains(&word) => {
                self.refuse(problems::else_without_if(self.tokens.span(first), self.tokens.text(first)))
            }
            word => self.named_statement(range, word),
        }
    }

    /// True for `alias.f(` at `index`, whatever word the alias is.
    fn names_import(&self, index: usize) -> bool {
        self.tokens.is_mark(index + 1, ".")
            && self.tokens.kind(index + 2) == Some(TokenKind::Word)
            && self.tokens.is_mark(index + 3, "(")
    }

    /// A call, or what looks like a statement of another language; `word` is the first word in lower case.
    fn named_statement(&mut self, range: Range<usize>, word: &str) -> Option<Statement> {
        let first = range.start;
        let (at, written) = (self.tokens.span(first), self.tokens.text(first));
        if let Some(word) = self.missing_head(&range) {
            return self.refuse(problems::missing_keyword(at, written, word));
        }
        if self.foreign_arguments(&range).is_some() {
            return self.call_statement(range);
        }
        let follows =
            first + 1 < range.end && ["(", "."].iter().any(|mark| self.tokens.is_mark(first + 1, mark));
        if FOREIGN.contains(&word) && !(follows && self.is_whole_call(&range)) {
            let braces = range.clone().any(|index| self.tokens.is_mark(index, "{"));
            self.progress.foreign_depth += usize::from(FOREIGN_BLOCKS.contains(&word) && !braces);
            return self.refuse(problems::foreign_statement(at, written));
        }
        if follows || matches!(word, "error" | "notice") {
            return self.call_statement(range);
        }
        self.refuse(problems::unknown_statement(at, written))
    }

    /// `break`, `continue`
    fn lone_word(&mut self, range: Range<usize>, kind: StatementKind) -> Option<Statement> {
        let next = range.start + 1;
        if next < range.end && !self.tokens.begins_line(next) {
            let (at, word) = (self.tokens.span(next), self.tokens.text(range.start));
            return self.refuse(problems::nothing_after(at, word, self.tokens.text(next)));
        }
        self.end_at(range.start, &range);
        self.whole(&(range.start..next), kind)
    }

    /// Reports what stands between the `last` token of a statement and its `;`; it is read as a statement if it may be
    /// one.
    fn end_at(&mut self, last: usize, range: &Range<usize>) {
        let rest = last + 1..range.end;
        if rest.is_empty() {
            return;
        }
        let begins = matches!(self.tokens.kind(rest.start), Some(TokenKind::Word | TokenKind::Variable));
        let found = self.tokens.text(rest.start);
        self.reporter.report(problems::missing_semicolon(self.tokens.span(last), found, begins));
        self.progress.incomplete = true;
        if begins {
            self.progress.rest = Some(rest);
        }
    }
}

#[cfg(test)]
mod tests;
