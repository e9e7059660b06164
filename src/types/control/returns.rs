//! The ways an action gives its result.

use crate::hir::{Expr, Statement, StatementKind};
use crate::interface::{Returns, RowColumn};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::action::Checker;
use crate::types::query::Names;
use crate::types::scope::Scope;
use crate::types::{problems, result};

/// What the return statements of a body said so far.
#[derive(Clone, Debug, Default)]
pub(in crate::types) struct Returned {
    /// The result: as declared, or as the first returned query has it.
    pub columns: Option<Returns>,
    /// True if a statement gives values, rows or a query.
    pub any: bool,
    /// True if `return next` gives rows, so that an action may end at its end.
    pub next: bool,
    /// Beside the columns: true where a value may be null.
    nullable: Vec<bool>,
}

impl Returned {
    /// Nothing said yet but what the action declares.
    pub fn declared(columns: Option<Returns>) -> Returned {
        Returned { columns, ..Returned::default() }
    }

    /// The result with what is known of its nulls.
    pub fn returns(&self) -> Returns {
        let with_nulls = |columns: &[RowColumn]| {
            let nulls = self.nullable.iter().copied().chain(std::iter::repeat(true));
            let columns = columns.iter().zip(nulls);
            columns.map(|(column, nullable)| RowColumn { nullable, ..column.clone() }).collect()
        };
        match &self.columns {
            Some(Returns::Row(columns)) => Returns::Row(with_nulls(columns)),
            Some(Returns::Table(columns)) => Returns::Table(with_nulls(columns)),
            Some(Returns::Nothing) | None => Returns::Nothing,
        }
    }

    fn note(&mut self, nullable: impl Iterator<Item = bool>) {
        self.any = true;
        let nullable: Vec<bool> = nullable.collect();
        self.nullable.resize(nullable.len(), false);
        for (known, nullable) in self.nullable.iter_mut().zip(nullable) {
            *known |= nullable;
        }
    }
}

impl Checker<'_, '_> {
    /// `return;`, `return e, e;`
    pub(super) fn return_values(&mut self, values: &[ast::Expr], span: Span) -> Option<StatementKind> {
        let declared = self.returned.columns.clone();
        let kind = match (&declared, values) {
            (None | Some(Returns::Nothing | Returns::Table(_)), []) => Some(StatementKind::Return),
            (Some(Returns::Row(columns)), values) => {
                let columns = columns.clone();
                self.row(values, &columns, span).map(StatementKind::ReturnRow)
            }
            (other, values) => {
                let made: Vec<Expr> = values.iter().map(|value| self.value(value, None)).collect();
                let types: Vec<_> = made.iter().map(|value| value.ty.clone()).collect();
                self.sink.report(match other {
                    Some(Returns::Table(_)) => problems::return_values_of_table(span),
                    _ => problems::return_undeclared(span, &types, self.ast),
                });
                self.returned.any = true;
                None
            }
        };
        self.flow.ends = true;
        kind
    }

    /// `return next e, e;`
    pub(super) fn return_next(&mut self, values: &[ast::Expr], span: Span) -> Option<StatementKind> {
        self.returned.next = true;
        if let Some(Returns::Table(columns)) = self.returned.columns.clone() {
            return self.row(values, &columns, span).map(StatementKind::ReturnNext);
        }
        values.iter().for_each(|value| {
            self.value(value, None);
        });
        self.returned.any = true;
        self.sink.report(problems::return_next_without_table(span));
        None
    }

    /// One row of values, fitted to the declared columns.
    fn row(&mut self, values: &[ast::Expr], columns: &[RowColumn], span: Span) -> Option<Vec<Expr>> {
        if values.len() != columns.len() {
            self.sink.report(problems::return_count(span, columns, values.len()));
            self.returned.any = true;
        }
        let mut made = Vec::new();
        for (position, value) in values.iter().enumerate() {
            let Some(column) = columns.get(position) else {
                self.value(value, None);
                continue;
            };
            let value = self.value(value, Some(&column.ty));
            let mark = self.sink.mark();
            made.push(self.coerce(value, &column.ty, None));
            self.sink.note_since(mark, &format!("the result declares `{} {}`", column.name, column.ty));
        }
        self.returned.note(made.iter().map(|value| value.nullable));
        (values.len() == columns.len()).then_some(made)
    }

    /// `return SELECT ..;`: the rows, and the end.
    pub(super) fn return_query(&mut self, query: &ast::Query, span: Span) -> Vec<Statement> {
        let scope = Scope::default();
        let names = if self.returned.columns.is_some() { Names::Unsaid } else { Names::Said };
        let mut query = self.own_query(|checker| checker.query_with(query, &scope, names));
        self.flow.ends = true;
        match self.returned.columns.clone() {
            Some(Returns::Table(columns)) => {
                if columns.len() != query.columns.len() {
                    self.returned.any = true;
                    self.sink.report(problems::return_count(span, &columns, query.columns.len()));
                    return Vec::new();
                }
                result::fit_query(self, &mut query, &columns);
            }
            Some(Returns::Row(columns)) => {
                self.returned.any = true;
                self.sink.report(problems::return_query_of_row(span, &columns));
                return Vec::new();
            }
            Some(Returns::Nothing) | None => {
                result::name_nulls(&mut query);
                self.returned.columns = Some(Returns::Table(query.columns.clone()));
            }
        }
        result::name_nulls(&mut query);
        self.returned.note(query.columns.iter().map(|column| column.nullable));
        let rows = Statement { kind: StatementKind::Query(query), is_result: true, span };
        vec![rows, Statement { kind: StatementKind::Return, is_result: false, span }]
    }
}
