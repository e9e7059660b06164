use sqlparser::ast as sq;

use super::super::dialect::is_hard;
use super::super::lexeme::{Kind, Lexeme};
use super::super::problems;
use super::Converter;
use crate::diagnostics::Diagnostic;
use crate::language::Ident;
use crate::source::Span;

impl Converter<'_, '_, '_> {
    /// A name; `what` says what it should name, in case it is a variable.
    pub(super) fn name(&mut self, ident: sq::Ident, what: &str) -> Option<Ident> {
        let sq::Ident { value, quote_style, span } = ident;
        if quote_style == Some('\'') {
            return self.string_as_name(&value, what);
        }
        let span = self.span(span);
        if value.starts_with(['$', '@']) {
            return self.report(problems::sigil_as_name(span, what, &value));
        }
        match self.lexemes.get(self.first(span)) {
            // sqlparser takes a keyword for a name where it finds nothing better.
            Some(lexeme) if lexeme.kind == Kind::Word && is_hard(lexeme.keyword) => {
                self.report(problems::keyword_as_name(span, what, &value))
            }
            Some(Lexeme { kind: Kind::Word | Kind::Quoted(_), .. }) => Some(Ident::new(&value, span)),
            _ => {
                let (_, found) = self.lexemes.found(self.first(span));
                self.report(problems::expected(span, what, &found))
            }
        }
    }

    /// Reports a string where a name should stand. sqlparser keeps its value and forgets its place.
    fn string_as_name<T>(&mut self, value: &str, what: &str) -> Option<T> {
        let is_it = |lexeme: &&Lexeme| matches!(&lexeme.kind, Kind::Text(text) if text == value);
        let found = self.lexemes.list.iter().find(is_it);
        let at = found.map_or(self.lexemes.span, |lexeme| self.lexemes.span_of(lexeme));
        self.report(problems::expected(at, what, "a string"))
    }

    /// Names, all of the same sort.
    pub(super) fn names(&mut self, idents: Vec<sq::Ident>, what: &str) -> Option<Vec<Ident>> {
        self.each(idents, |this, ident| this.name(ident, what))
    }

    /// The identifiers of a dotted name, and the place of them all.
    pub(super) fn parts(&mut self, name: sq::ObjectName) -> Option<(Vec<sq::Ident>, Span)> {
        let sq::ObjectName(parts) = name;
        let idents = self.each(parts, |this, part| match part {
            sq::ObjectNamePart::Identifier(ident) => Some(ident),
            sq::ObjectNamePart::Function(function) => {
                let at = this.span(function.name.span);
                this.refuse(at, "a computed name", "")
            }
        })?;
        let span = idents.iter().map(|ident| self.span(ident.span)).reduce(Span::to)?;
        Some((idents, span))
    }

    /// A name of one part; more are reported by `problem`.
    pub(super) fn single(
        &mut self,
        name: sq::ObjectName,
        what: &str,
        problem: fn(Span, &str) -> Diagnostic,
    ) -> Option<Ident> {
        let (mut idents, span) = self.parts(name)?;
        match (idents.pop(), idents.is_empty()) {
            (Some(ident), true) => self.name(ident, what),
            _ => {
                let text = self.lexemes.plain(span);
                self.report(problem(span, &text))
            }
        }
    }

    /// A table that is read or written.
    pub(super) fn table(&mut self, name: sq::ObjectName) -> Option<Ident> {
        self.single(name, "a table", problems::qualified_table)
    }

    /// The column an INSERT or UPDATE writes to.
    pub(super) fn target(&mut self, name: sq::ObjectName) -> Option<Ident> {
        let (mut idents, span) = self.parts(name)?;
        let last = idents.pop()?;
        if idents.is_empty() {
            return self.name(last, "a column");
        }
        let text = self.lexemes.plain(span);
        self.report(problems::qualified_target(span, &text, &last.value))
    }
}
