//! From sqlparser's tree to ours: an accept-list. Structures are taken apart field by field, so that a clause of a later
//! sqlparser cannot be dropped in silence, and what is not on the list is refused where it stands.

mod access;
mod delete;
mod expression;
mod from;
mod function;
mod insert;
mod literal;
mod name;
mod operator;
mod places;
mod query;
mod select;
mod update;
mod window;

use sqlparser::ast as sq;

use super::lexeme::Lexemes;
use super::{is_enough, problems};
use crate::diagnostics::{Diagnostic, Sink};
use crate::source::Span;
use crate::syntax::ast::{Expr, Query, Statement, StatementKind, With};

/// Converts trees of one island. Every method returns `None` after it has reported why.
pub(super) struct Converter<'i, 't, 's> {
    lexemes: &'i Lexemes<'t>,
    sink: &'s mut Sink,
}

impl<'i, 't, 's> Converter<'i, 't, 's> {
    /// A converter that reports to `sink`.
    pub fn new(lexemes: &'i Lexemes<'t>, sink: &'s mut Sink) -> Converter<'i, 't, 's> {
        Converter { lexemes, sink }
    }

    /// One statement.
    pub fn statement(&mut self, statement: sq::Statement) -> Option<Statement> {
        let (first, last) = (self.lexemes.list.first()?, self.lexemes.list.last()?);
        let span = self.lexemes.span(first.start, last.end);
        let kind = match statement {
            sq::Statement::Query(query) => self.query_statement(*query)?,
            other => self.change(None, other)?,
        };
        Some(Statement { kind, span })
    }

    /// A query of its own.
    pub fn rows(&mut self, query: sq::Query) -> Option<Query> {
        self.query(query)
    }

    /// A list of expressions.
    pub fn expressions(&mut self, list: Vec<sq::Expr>) -> Option<Vec<Expr>> {
        self.each(list, Self::expr)
    }

    /// `[WITH ..] SELECT ..`, or `WITH ..` before a statement that changes data.
    fn query_statement(&mut self, query: sq::Query) -> Option<StatementKind> {
        let changes = matches!(
            *query.body,
            sq::SetExpr::Insert(_) | sq::SetExpr::Update(_) | sq::SetExpr::Delete(_) | sq::SetExpr::Merge(_)
        );
        if !changes {
            return self.query(query).map(StatementKind::Query);
        }
        self.require(query::is_bare(&query), self.lexemes.span, "a clause after this statement", "")?;
        let with = self.maybe(query.with, Self::with)?;
        match *query.body {
            sq::SetExpr::Insert(statement)
            | sq::SetExpr::Update(statement)
            | sq::SetExpr::Delete(statement) => self.change(with, statement),
            _ => self.refuse(self.lexemes.span, "this statement", ""),
        }
    }

    /// A statement that changes data.
    fn change(&mut self, with: Option<With>, statement: sq::Statement) -> Option<StatementKind> {
        match statement {
            sq::Statement::Insert(insert) => self.insert(with, insert).map(StatementKind::Insert),
            sq::Statement::Update(update) => self.update(with, update).map(StatementKind::Update),
            sq::Statement::Delete(delete) => self.delete(with, delete).map(StatementKind::Delete),
            _ => self.report(problems::unknown_statement(self.lexemes.span, "this")),
        }
    }

    /// Converts all of `items`, so that each can report, and returns them if all went well.
    fn each<A, B>(
        &mut self,
        items: Vec<A>,
        mut convert: impl FnMut(&mut Self, A) -> Option<B>,
    ) -> Option<Vec<B>> {
        let converted: Vec<Option<B>> = items.into_iter().map(|item| convert(self, item)).collect();
        converted.into_iter().collect()
    }

    /// Converts what may be missing. The outer `None` means that it was reported.
    #[allow(clippy::option_option)]
    fn maybe<A, B>(
        &mut self,
        item: Option<A>,
        convert: impl FnOnce(&mut Self, A) -> Option<B>,
    ) -> Option<Option<B>> {
        match item {
            Some(item) => convert(self, item).map(Some),
            None => Some(None),
        }
    }

    fn report<T>(&mut self, problem: Diagnostic) -> Option<T> {
        if !is_enough(self.sink) {
            self.sink.report(problem);
        }
        None
    }

    /// Refuses `clause` at `at`.
    fn refuse<T>(&mut self, at: Span, clause: &str, help: &str) -> Option<T> {
        self.report(problems::unknown_clause(at, clause, help))
    }

    /// Refuses `clause` unless `holds`.
    fn require(&mut self, holds: bool, at: Span, clause: &str, help: &str) -> Option<()> {
        if holds { Some(()) } else { self.refuse(at, clause, help) }
    }
}
