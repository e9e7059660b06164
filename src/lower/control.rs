//! Branches and loops.

use super::literal::cast;
use super::query::{self, Use};
use super::statement::{Scope, statements};
use super::ty::cast_type;
use super::{compose, expression, first_row};
use crate::hir::{Expr, IfBranch, LocalId, Query, Statement};
use crate::pg::{self, Call, Ident, Namespace, PlBranch, PlStatement, PlStatementKind};
use crate::source::Span;

/// `IF .. THEN .. ELSIF .. THEN .. ELSE .. END IF;`
pub(super) fn branches(scope: Scope<'_>, all: &[IfBranch], otherwise: &[Statement]) -> PlStatementKind {
    let branch = |IfBranch { condition, body }: &IfBranch| PlBranch {
        condition: scope.value(|at| expression::lower(at, condition)),
        body: statements(scope, body),
        span: condition.span,
    };
    let branches = all.iter().map(branch).collect();
    PlStatementKind::If { branches, otherwise: statements(scope, otherwise) }
}

/// `FOREACH "$x" IN ARRAY COALESCE(array, '{}') LOOP .. END LOOP;`
pub(super) fn for_each(
    scope: Scope<'_>,
    variable: LocalId,
    array: &Expr,
    body: &[Statement],
) -> PlStatementKind {
    let value = scope.value(|at| match at.literal(array) {
        Some(literal) => cast(literal, &array.ty),
        None => expression::lower(at, array),
    });
    let array = match array.nullable {
        false => value,
        true => {
            let nothing = pg::Expr::Cast(Box::new(pg::Expr::Text("{}".to_owned())), cast_type(&array.ty));
            pg::Expr::Call(Box::new(Call::plain(Namespace::Grammar, "COALESCE", vec![value, nothing])))
        }
    };
    let target = scope.unit.locals.name(variable);
    PlStatementKind::ForEach { target, array, body: statements(scope.inside_loop(None), body) }
}

/// `FOR "$r.a", "$r.b" IN query LOOP .. END LOOP;` The rows of an action come in the order it gives them.
pub(super) fn for_query(
    scope: Scope<'_>,
    targets: &[LocalId],
    of: &Query,
    body: &[Statement],
    made: &mut Vec<PlStatement>,
    span: Span,
) {
    let query = scope.query(|frame| match compose::sole_call(frame, of) {
        Some(call) => compose::all_rows(frame, call),
        None => query::lower(frame, of, Use::Sequence),
    });
    let row = read(scope, targets, query);
    if let Some(pass) = first_row::only_pass(scope, of, body) {
        return first_row::read(scope, row, pass, made, span);
    }
    let (targets, query) = row;
    let body = statements(scope.inside_loop(None), body);
    made.push(PlStatement { kind: PlStatementKind::ForQuery { targets, query, body }, span });
}

/// Leaves out columns that nobody reads, but never all, and only what computes nothing.
fn read(scope: Scope<'_>, targets: &[LocalId], mut query: pg::Query) -> (Vec<Ident>, pg::Query) {
    let locals = &scope.unit.locals;
    let pg::Query { body, order_by, .. } = &mut query;
    let is_key = |name: &Option<Ident>| {
        order_by.iter().any(|key| matches!(&key.expr, pg::Expr::Output(key) if Some(key) == name.as_ref()))
    };
    let is_column = |item: &pg::OutputItem| matches!(item.expr, pg::Expr::Column { .. });
    let mut kept: Vec<bool> = targets.iter().map(|target| locals.is_kept(*target)).collect();
    match body {
        pg::Body::Select(select) if !select.distinct && kept.contains(&true) => {
            for (kept, item) in kept.iter_mut().zip(&select.items) {
                *kept |= !is_column(item) || is_key(&item.name);
            }
            let mut wanted = kept.iter();
            select.items.retain(|_| wanted.next().is_none_or(|wanted| *wanted));
        }
        _ => kept.fill(true),
    }
    let targets = targets.iter().zip(kept).filter(|(_, kept)| *kept);
    (targets.map(|(target, _)| locals.name(*target)).collect(), query)
}
