//! Branches and loops.

use super::compose;
use super::expression;
use super::literal::cast;
use super::query::{self, Use};
use super::statement::{Scope, statements};
use super::ty::cast_type;
use crate::hir::{Expr, ExprKind, IfBranch, Literal, LocalId, Query, Statement, UnaryOp};
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

/// PostgreSQL counts in `int4` and refuses null bounds: `FOR "#i" IN 1 .. 5 LOOP "$i" := "#i"; .. END LOOP;` where both
/// bounds are written out, else `FOR "$i" IN SELECT pg_catalog.generate_series(low, high) LOOP .. END LOOP;`
pub(super) fn for_range(
    scope: Scope<'_>,
    variable: LocalId,
    [low, high]: [&Expr; 2],
    body: &[Statement],
    span: Span,
) -> PlStatementKind {
    let locals = &scope.unit.locals;
    let scope = scope.inside_loop();
    let Some((low, high)) = int4(low).zip(int4(high)) else {
        let target = locals.name(variable);
        let bounds = scope.value(|at| vec![expression::lower(at, low), expression::lower(at, high)]);
        let call = Call::plain(Namespace::Catalog, "generate_series", bounds);
        let item = pg::OutputItem { expr: pg::Expr::Call(Box::new(call)), name: None };
        let query = query::plain(vec![item], None);
        return PlStatementKind::ForQuery { targets: vec![target], query, body: statements(scope, body) };
    };
    let counter = locals.fresh("i");
    let copy = || {
        let kind = PlStatementKind::Assign {
            target: locals.name(variable),
            value: pg::Expr::Variable(counter.clone()),
        };
        PlStatement { kind, span }
    };
    let copy = locals.is_kept(variable).then(copy);
    let body = copy.into_iter().chain(statements(scope, body)).collect();
    let bound = |value: i32| pg::Expr::Number(value.to_string());
    PlStatementKind::ForRange { counter, low: bound(low), high: bound(high), body }
}

/// A bound that is written out and that an `int4` holds.
fn int4(bound: &Expr) -> Option<i32> {
    match &bound.kind {
        ExprKind::Literal(Literal::Number(digits)) => digits.parse().ok(),
        ExprKind::Unary { operator: UnaryOp::Minus, operand } => match &operand.kind {
            ExprKind::Literal(Literal::Number(digits)) => format!("-{digits}").parse().ok(),
            _ => None,
        },
        _ => None,
    }
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
    PlStatementKind::ForEach { target, array, body: statements(scope.inside_loop(), body) }
}

/// `FOR "$r.a", "$r.b" IN query LOOP .. END LOOP;` The rows of an action come in the order it gives them.
pub(super) fn for_query(
    scope: Scope<'_>,
    targets: &[LocalId],
    of: &Query,
    body: &[Statement],
) -> PlStatementKind {
    let query = scope.query(|frame| match compose::sole_call(frame, of) {
        Some(call) => compose::all_rows(frame, call),
        None => query::lower(frame, of, Use::Sequence),
    });
    let (targets, query) = read(scope, targets, query);
    PlStatementKind::ForQuery { targets, query, body: statements(scope.inside_loop(), body) }
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
