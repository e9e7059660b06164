//! Queries: relations, select lists, groups, set operations, order.

mod cte;
mod from;
mod order;
mod select;
mod subquery;
mod unnest;
mod window;

use super::action::Checker;
use super::problems;
use super::scope::Scope;
use crate::hir::{Body, CteId, Query};
use crate::interface::RowColumn;
use crate::syntax::ast::{self, QueryBody};

/// Whether the names of a query's columns can be said by anybody. Those of the right side of a set operation, or of a
/// query whose columns are renamed or counted, cannot.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    Said,
    Unsaid,
}

impl Checker<'_, '_> {
    /// Types a query whose names may also mean what `outer` holds.
    pub fn query(&mut self, query: &ast::Query, outer: &Scope<'_>) -> Query {
        self.query_with(query, outer, Names::Said)
    }

    /// As [`Checker::query`]. Columns nobody can name may share a name.
    pub fn query_with(&mut self, query: &ast::Query, outer: &Scope<'_>, names: Names) -> Query {
        let mut scope = Scope::inside(outer);
        let (ctes, recursive) = self.with(query.with.as_ref(), &mut scope);
        match &query.body {
            QueryBody::Select(select) => {
                let made = self.select_query(query, select, scope, ctes, recursive);
                if let (Names::Said, Body::Select(select)) = (names, &made.body) {
                    self.check_names(&select.items);
                }
                made
            }
            QueryBody::Operation { operator, all, left, right } => {
                let left = self.query_with(left, &scope, names);
                let right = self.query_with(right, &scope, Names::Unsaid);
                let (left, right, columns) = self.operands(left, right, query.span);
                let order_by = self.order_by_output(&query.order_by, &columns);
                let body = Body::Operation {
                    operator: *operator,
                    all: *all,
                    left: Box::new(left),
                    right: Box::new(right),
                };
                let limit = self.limit(query.limit.as_ref(), outer);
                let offset = self.limit(query.offset.as_ref(), outer);
                Query { ctes, recursive, body, order_by, limit, offset, columns, span: query.span }
            }
        }
    }

    fn select_query(
        &mut self,
        query: &ast::Query,
        select: &ast::Select,
        mut scope: Scope<'_>,
        ctes: Vec<CteId>,
        recursive: bool,
    ) -> Query {
        let made = self.select(select, &query.order_by, &mut scope);
        let no_rows = Scope { relations: Vec::new(), merged: Vec::new(), ..scope.clone() };
        let limit = self.limit(query.limit.as_ref(), &no_rows);
        let offset = self.limit(query.offset.as_ref(), &no_rows);
        let (select, order_by, columns) = made;
        let body = Body::Select(Box::new(select));
        Query { ctes, recursive, body, order_by, limit, offset, columns, span: query.span }
    }

    /// The two sides of a set operation with one type for each column.
    fn operands(
        &mut self,
        mut left: Query,
        mut right: Query,
        span: crate::source::Span,
    ) -> (Query, Query, Vec<RowColumn>) {
        if left.columns.len() != right.columns.len() {
            self.sink.report(problems::operand_count(left.columns.len(), right.columns.len(), span));
            let columns = left.columns.clone();
            return (left, right, columns);
        }
        let mut columns = Vec::new();
        for position in 0..left.columns.len() {
            let (Some(one), Some(other)) = (left.columns.get(position), right.columns.get(position)) else {
                break;
            };
            let ty = subquery::common(&one.ty, &other.ty);
            let nullable = one.nullable || other.nullable;
            columns.push(RowColumn { name: one.name.clone(), ty: ty.clone(), nullable });
            self.fit_column(&mut left, position, &ty);
            self.fit_column(&mut right, position, &ty);
        }
        (left, right, columns)
    }

    /// Fits one column of a query, in every SELECT it is made of.
    pub fn fit_column(&mut self, query: &mut Query, position: usize, ty: &crate::language::Type) {
        match &mut query.body {
            Body::Select(select) => {
                if let Some(item) = select.items.get_mut(position) {
                    item.expr = self.coerce(item.expr.clone(), ty, None);
                }
            }
            Body::Operation { left, right, .. } => {
                self.fit_column(left, position, ty);
                self.fit_column(right, position, ty);
            }
        }
        if let Some(column) = query.columns.get_mut(position) {
            column.ty = ty.clone();
        }
    }
}
