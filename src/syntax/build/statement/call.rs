use std::ops::Range;

use crate::source::Span;
use crate::syntax::ast::{Call, Statement, StatementKind};
use crate::syntax::build::Builder;
use crate::syntax::build::name::Role;
use crate::syntax::grammar::Rule;
use crate::syntax::scan::TokenKind;
use crate::syntax::sql;

impl Builder<'_, '_, '_> {
    /// `[alias.]name(arguments)`, `name[dbid, action](arguments)`
    pub(super) fn call_statement(&mut self, range: Range<usize>) -> Option<Statement> {
        if let Some(open) = self.foreign_arguments(&range) {
            return self.call_up_to(open, range);
        }
        let Some(open) = range.clone().find(|index| self.tokens.is_mark(*index, "(")) else {
            self.read(Rule::call_piece, range, "");
            return None;
        };
        let head = self.read(Rule::call_piece, range.start..open + 1, "");
        head.as_ref()?;
        self.call_up_to(open, range)
    }

    /// The call whose arguments begin at `open`.
    fn call_up_to(&mut self, open: usize, range: Range<usize>) -> Option<Statement> {
        let Some(close) = self.tokens.closing(open, &range) else {
            self.is_balanced(&range);
            return None;
        };
        self.end_at(close, &range);
        let call = self.call(range.start..close + 1)?;
        self.whole(&(range.start..close + 1), StatementKind::Call(call))
    }

    /// All of `range` as a call, of which [`Builder::is_one_call`] or a reader of the head knows that it is one.
    pub(super) fn call(&mut self, range: Range<usize>) -> Option<Call> {
        if self.foreign_arguments(&range).is_some() {
            return self.foreign_call(range);
        }
        let open = range.clone().find(|index| self.tokens.is_mark(*index, "("))?;
        let head = self.read(Rule::call_piece, range.start..open + 1, "")?;
        if self.tokens.any_bad(&range) || !self.is_balanced(&range) {
            return None;
        }
        let names: Vec<_> = head.all(Rule::name).map(|name| self.name(&name, Role::Other)).collect();
        let inside = Span::new(
            self.tokens.source(),
            self.tokens.span(open).range().end,
            self.tokens.span(range.end - 1).range().start,
        );
        let arguments = sql::expressions(self.tokens.source_text(), inside, self.reporter.sink());
        let span = self.tokens.range_span(&range);
        let mut names = names.into_iter().rev();
        let (name, arguments) = names.next().zip(arguments)?;
        Some(Call { alias: names.next(), name, foreign: false, arguments, span })
    }

    /// True for `word(..)` with nothing after it.
    pub(super) fn is_whole_call(&self, range: &Range<usize>) -> bool {
        self.closes_at_end(range.start + 1, range)
    }

    /// True for `f(..)`, `alias.f(..)` and `f[..](..)` with nothing after it.
    pub(super) fn is_one_call(&self, range: &Range<usize>) -> bool {
        if let Some(open) = self.foreign_arguments(range) {
            return self.closes_at_end(open, range);
        }
        let word = |index: usize| self.tokens.kind(index) == Some(TokenKind::Word);
        let dot = self.tokens.is_mark(range.start + 1, ".") && word(range.start + 2);
        word(range.start) && self.closes_at_end(range.start + if dot { 3 } else { 1 }, range)
    }

    fn closes_at_end(&self, open: usize, range: &Range<usize>) -> bool {
        open < range.end
            && self.tokens.is_mark(open, "(")
            && self.tokens.closing(open, range) == Some(range.end - 1)
    }
}
