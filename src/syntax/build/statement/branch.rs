use std::ops::Range;

use super::words::SQL;
use crate::diagnostics::Diagnostic;
use crate::syntax::ast::{Expr, IfBranch, Statement, StatementKind};
use crate::syntax::build::Builder;
use crate::syntax::problems;
use crate::syntax::scan::TokenKind;

/// How a part of an `if` begins.
struct Clause {
    /// Its condition, or the `{`.
    start: usize,
    /// False for `else`.
    conditional: bool,
}

/// What was read of an `if` so far.
#[derive(Default)]
struct Parts {
    branches: Vec<IfBranch>,
    otherwise: Option<Vec<Statement>>,
    /// True if a part was reported.
    faulty: bool,
}

impl Builder<'_, '_, '_> {
    /// `if c {..} elseif c {..} else if c {..} else {..}`
    pub(super) fn branch(&mut self, range: Range<usize>) -> Option<Statement> {
        let mut parts = Parts::default();
        let mut at = range.start;
        while at < range.end {
            let clause = self.clause(at, at == range.start, &mut parts);
            if parts.otherwise.is_some() {
                return self.refuse(problems::after_else(self.tokens.span(at), self.tokens.text(at)));
            }
            let (open, close) = self.braces(at, clause.start..range.end)?;
            let condition = clause.conditional.then(|| self.condition(clause.start..open));
            if !clause.conditional && clause.start < open {
                let (start, found) = (self.tokens.span(clause.start), self.tokens.text(clause.start));
                self.reporter.report(problems::condition_after_else(start, found));
                parts.faulty = true;
            }
            self.part(&mut parts, condition, open + 1..close);
            at = close + 1;
        }
        let Parts { branches, otherwise, faulty } = parts;
        if faulty { None } else { self.whole(&range, StatementKind::If { branches, otherwise }) }
    }

    /// The keywords at `at`.
    fn clause(&mut self, at: usize, first: bool, parts: &mut Parts) -> Clause {
        if first {
            return Clause { start: at + 1, conditional: true };
        }
        if self.tokens.is_one_of(at, &["elsif", "elif"]) {
            self.reporter.report(problems::elsif(self.tokens.span(at), self.tokens.text(at)));
            parts.faulty = true;
        }
        let spelt_apart = self.tokens.is_word(at, "else") && self.tokens.is_word(at + 1, "if");
        let conditional = spelt_apart || !self.tokens.is_word(at, "else");
        Clause { start: at + if spelt_apart { 2 } else { 1 }, conditional }
    }

    fn condition(&mut self, range: Range<usize>) -> Option<Expr> {
        let end = self.head_end(range.start, range.end, "then");
        let condition = self.expression(range.start..end, "a condition");
        condition.filter(|_| end == range.end)
    }

    /// `condition` is none for `else`, and holds none if it was reported.
    #[allow(clippy::option_option)]
    fn part(&mut self, parts: &mut Parts, condition: Option<Option<Expr>>, inside: Range<usize>) {
        let body = self.statements(inside);
        match condition {
            Some(Some(condition)) => parts.branches.push(IfBranch { condition, body }),
            Some(None) => parts.faulty = true,
            None => parts.otherwise = Some(body),
        }
    }

    /// The first `{` of `range` and the `}` that closes it, or the range's end if that was reported with the action.
    /// That there is none is reported; `keyword` is the statement's.
    pub(super) fn braces(&mut self, keyword: usize, range: Range<usize>) -> Option<(usize, usize)> {
        if let Some(open) = range.clone().find(|index| self.tokens.is_mark(*index, "{")) {
            let close = self.tokens.closing(open, &(open..range.end)).unwrap_or(range.end);
            return Some((open, close));
        }
        if self.tokens.any_bad(&range) {
            return None;
        }
        let foreign = |index: usize| self.tokens.is_one_of(index, &["then", "loop", "do"]);
        let word = self.find_outside(range.clone(), foreign);
        self.progress.foreign_depth += usize::from(word.is_some());
        self.progress.lost_brace |= word.is_none();
        // What a loop goes over may begin as a statement does.
        let over = self.tokens.is_word(keyword, "for") && self.tokens.is_word(keyword + 2, "in");
        let inside = if over { (keyword + 4).min(range.end)..range.end } else { range.clone() };
        let begins = || self.find_outside(inside, |index| self.begins_body(index));
        let otherwise = || (self.tokens.is_word(keyword, "else") && !range.is_empty()).then_some(range.start);
        let at = word.or_else(otherwise).or_else(begins);
        self.refuse(self.missing_brace(keyword, at, range.end))
    }

    /// The body of the statement `keyword` begins at `at`, or somewhere before `end`.
    fn missing_brace(&self, keyword: usize, at: Option<usize>, end: usize) -> Diagnostic {
        let (word, found) = (self.tokens.text(keyword), |at: usize| self.tokens.text(at));
        match at {
            Some(at) => problems::missing_braces(self.tokens.span(at), word, found(at)),
            None if self.tokens.begins_line(end)
                && self.tokens.kind(end - 1) != Some(TokenKind::Semicolon) =>
            {
                problems::missing_brace_after(self.tokens.span(end - 1), word, found(end))
            }
            None => problems::brace_somewhere(self.tokens.span(keyword), word),
        }
    }

    /// True for what evidently begins a statement inside what should be a condition.
    fn begins_body(&self, index: usize) -> bool {
        let words = ["return", "break", "continue", "error", "notice", "for", "if"];
        let operators = ["and", "or", "not", "in", "is", "like", "between"];
        let calls = self.tokens.kind(index) == Some(TokenKind::Word)
            && self.tokens.is_mark(index + 1, "(")
            && !self.tokens.is_one_of(index, &operators);
        let after = index.checked_sub(1).and_then(|before| self.tokens.kind(before));
        let value = matches!(
            after,
            Some(TokenKind::Number | TokenKind::Text | TokenKind::Variable | TokenKind::Close)
        );
        let sign = |at: usize| self.tokens.is_mark(at, ":") && self.tokens.is_mark(at + 1, "=");
        let element = || self.tokens.closing(index + 1, &(index + 1..index + 32));
        let element = self.tokens.is_mark(index + 1, "[") && element().is_some_and(|close| sign(close + 1));
        let assigns = self.tokens.kind(index) == Some(TokenKind::Variable) && (sign(index + 1) || element);
        (calls && value)
            || assigns
            || self.tokens.is_one_of(index, &words)
            || self.tokens.is_one_of(index, SQL)
    }

    /// The end of a head without the `word` of another language that may stand before its `{`, which is reported.
    pub(super) fn head_end(&mut self, start: usize, open: usize, word: &str) -> usize {
        let last = open.saturating_sub(1);
        if last < start || !self.tokens.is_word(last, word) {
            return open;
        }
        // `end if`, `end loop`
        let close = self.tokens.closing(open, &(open..self.tokens.len()));
        let ends = close.is_some_and(|close| self.tokens.is_word(close + 1, "end"));
        self.progress.foreign_depth += usize::from(ends);
        let (at, written) = (self.tokens.span(last), self.tokens.text(last));
        self.reporter.report(problems::word_before_brace(at, self.tokens.span(open), written));
        last
    }
}
