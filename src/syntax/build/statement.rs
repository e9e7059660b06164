use std::ops::Range;

use super::Builder;
use super::name::Role;
use crate::language::limits;
use crate::source::Span;
use crate::syntax::ast::{Call, Statement, StatementKind};
use crate::syntax::cut::{Piece, statements};
use crate::syntax::grammar::Rule;
use crate::syntax::problems;
use crate::syntax::scan::TokenKind;
use crate::syntax::sql;

const SQL: &[&str] = &["select", "insert", "update", "delete", "with"];

/// Statements of SQL and PL/pgSQL that the language does not have.
const FOREIGN: &[&str] = &[
    "abort",
    "alter",
    "analyze",
    "begin",
    "call",
    "checkpoint",
    "close",
    "cluster",
    "comment",
    "commit",
    "copy",
    "create",
    "deallocate",
    "declare",
    "discard",
    "do",
    "drop",
    "end",
    "exception",
    "execute",
    "exit",
    "explain",
    "fetch",
    "grant",
    "import",
    "listen",
    "load",
    "lock",
    "loop",
    "merge",
    "move",
    "notify",
    "perform",
    "prepare",
    "raise",
    "reassign",
    "refresh",
    "reindex",
    "release",
    "reset",
    "revoke",
    "rollback",
    "savepoint",
    "security",
    "set",
    "show",
    "start",
    "table",
    "truncate",
    "unlisten",
    "vacuum",
    "values",
    "while",
];

/// Words that only end what a foreign statement began, which was reported.
const TAILS: &[&str] = &["end", "exception"];

/// What was met on the way through a body.
#[derive(Default)]
struct Progress {
    foreign_block: bool,
}

impl Builder<'_, '_, '_> {
    /// The statements between an action's braces, and true if one could not be read. That there are too many is
    /// reported at `name`.
    pub(super) fn body(&mut self, name: Span, inside: Range<usize>) -> (Vec<Statement>, bool) {
        let mut body = Vec::new();
        let mut progress = Progress::default();
        let pieces = statements(self.tokens, inside);
        self.count(name, pieces.len(), limits::STATEMENTS, "statements");
        let mut incomplete = pieces.len() > limits::STATEMENTS;
        for piece in pieces.into_iter().take(limits::STATEMENTS) {
            let mut rest = Some(piece.range.clone());
            while let Some(range) = rest.take() {
                let (statement, tail) = self.statement(&mut progress, range);
                incomplete |= statement.is_none();
                body.extend(statement);
                rest = tail;
            }
            self.check_ended(&piece);
        }
        (body, incomplete)
    }

    fn check_ended(&mut self, piece: &Piece) {
        if piece.ended || piece.range.is_empty() || self.tokens.any_bad(&piece.range) {
            return;
        }
        let last = piece.range.end - 1;
        if !self.tokens.is_mark(last, "}") {
            self.reporter.report(problems::missing_semicolon(self.tokens.span(last)));
        }
    }

    /// Reads one statement; what follows one that lacks its `;` comes back to be read as another.
    fn statement(
        &mut self,
        progress: &mut Progress,
        range: Range<usize>,
    ) -> (Option<Statement>, Option<Range<usize>>) {
        if self.tokens.any_bad(&range) || self.reporter.is_full(self.tokens.span(range.start)) {
            return (None, None);
        }
        let first = range.start;
        match self.tokens.kind(first) {
            _ if range.is_empty() => self.refuse(problems::not_a_statement(self.tokens.span(first), ";")),
            Some(TokenKind::Word) if self.tokens.is_one_of(first, SQL) => (self.sql(range), None),
            Some(TokenKind::Word) => self.word_statement(progress, range),
            Some(TokenKind::Variable) => self.refuse(problems::later_statement(
                self.tokens.range_span(&range),
                "declaring or assigning a variable",
            )),
            Some(TokenKind::Context) if self.is_assigned(first + 1) => {
                self.refuse(problems::assign_to_context(self.tokens.span(first), self.tokens.text(first)))
            }
            _ => self.refuse(problems::not_a_statement(self.tokens.span(first), self.tokens.text(first))),
        }
    }

    fn refuse(
        &mut self,
        diagnostic: crate::diagnostics::Diagnostic,
    ) -> (Option<Statement>, Option<Range<usize>>) {
        self.reporter.report(diagnostic);
        (None, None)
    }

    fn is_assigned(&self, index: usize) -> bool {
        let colon = self.tokens.is_mark(index, ":") && self.tokens.is_mark(index + 1, "=");
        colon || (self.tokens.is_mark(index, "=") && !self.tokens.is_mark(index + 1, "="))
    }

    fn word_statement(
        &mut self,
        progress: &mut Progress,
        range: Range<usize>,
    ) -> (Option<Statement>, Option<Range<usize>>) {
        let first = range.start;
        let (at, word) = (self.tokens.span(first), self.tokens.text(first));
        let lower = word.to_ascii_lowercase();
        let call_follows =
            first + 1 < range.end && ["(", "."].iter().any(|mark| self.tokens.is_mark(first + 1, mark));
        match lower.as_str() {
            "if" | "for" | "return" | "break" | "continue" => {
                self.refuse(problems::later_statement(at, &format!("`{lower}`")))
            }
            "else" | "elseif" | "elsif" => self.refuse(problems::not_a_statement(at, word)),
            "_" => self.refuse(problems::later_statement(at, "assigning a variable")),
            _ if TAILS.contains(&lower.as_str()) && progress.foreign_block => (None, None),
            name if FOREIGN.contains(&name) && !(call_follows && self.is_whole_call(&range)) => {
                progress.foreign_block |= matches!(name, "begin" | "declare" | "do" | "loop" | "while");
                self.refuse(problems::foreign_statement(at, word))
            }
            name if call_follows || matches!(name, "error" | "notice") => self.call(range),
            _ => self.refuse(problems::unknown_statement(at, word)),
        }
    }

    /// True for `word(..)` with nothing after it.
    fn is_whole_call(&self, range: &Range<usize>) -> bool {
        let open = range.start + 1;
        self.tokens.is_mark(open, "(") && self.tokens.closing(open, range) == Some(range.end - 1)
    }

    /// An SQL island.
    fn sql(&mut self, range: Range<usize>) -> Option<Statement> {
        if !self.is_balanced(&range) {
            return None;
        }
        sql::statement(self.tokens.source_text(), self.tokens.range_span(&range), self.reporter.sink())
    }

    /// `[alias.]name(arguments)`
    fn call(&mut self, range: Range<usize>) -> (Option<Statement>, Option<Range<usize>>) {
        let Some(open) = range.clone().find(|index| self.tokens.is_mark(*index, "(")) else {
            self.read(Rule::call_piece, range, "");
            return (None, None);
        };
        let Some(head) = self.read(Rule::call_piece, range.start..open + 1, "") else { return (None, None) };
        let Some(close) = self.tokens.closing(open, &range) else {
            self.is_balanced(&range);
            return (None, None);
        };
        let rest = self.after_call(close, &range);
        if !self.is_balanced(&(range.start..close + 1)) {
            return (None, rest);
        }
        let names: Vec<_> = head.all(Rule::name).map(|name| self.name(&name, Role::Other)).collect();
        let inside = Span::new(
            self.tokens.source(),
            self.tokens.span(open).range().end,
            self.tokens.span(close).range().start,
        );
        let arguments = sql::expressions(self.tokens.source_text(), inside, self.reporter.sink());
        let span = self.tokens.range_span(&(range.start..close + 1));
        let mut names = names.into_iter().rev();
        let call = names.next().zip(arguments).map(|(name, arguments)| {
            let call = Call { alias: names.next(), name, arguments, span };
            Statement { kind: StatementKind::Call(call), span }
        });
        (call, rest)
    }

    /// Reports what stands between a call and its `;`; it is read as a statement if it may be one.
    fn after_call(&mut self, close: usize, range: &Range<usize>) -> Option<Range<usize>> {
        let rest = close + 1..range.end;
        if rest.is_empty() {
            return None;
        }
        self.reporter.report(problems::missing_semicolon(self.tokens.span(close)));
        matches!(self.tokens.kind(rest.start), Some(TokenKind::Word | TokenKind::Variable)).then_some(rest)
    }

    /// Reports the first bracket of `range` that has no partner.
    fn is_balanced(&mut self, range: &Range<usize>) -> bool {
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
}

/// What closes a bracket.
fn partner(open: &str) -> &'static str {
    match open {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}
