//! Assignments, and values that are given a declared type.

use super::expression;
use super::frame::At;
use super::literal::{beside, cast};
use super::statement::{Scope, raise, when};
use super::ty::{cast_type, value_type};
use crate::hir::{Expr, ExprKind, Literal, LocalId};
use crate::language::Type;
use crate::pg::{self, PlStatement, PlStatementKind, Severity};
use crate::source::Span;

/// Raised for an element before the first: PostgreSQL would count the array from there.
const NO_ELEMENT: &str = "KF014";

/// A value of type `ty`, to the last digit: PostgreSQL keeps the precision of a decimal in columns and variables only.
pub(super) fn typed(at: At<'_>, value: &Expr, ty: &Type) -> pg::Expr {
    if let Some(literal) = at.literal(value) {
        return cast(literal, ty);
    }
    let lowered = expression::lower(at, value);
    let is_stored = matches!(value.kind, ExprKind::Local(_) | ExprKind::Column { .. } | ExprKind::Cast(_));
    match cast_type(ty) == value_type(ty) || (is_stored && value.ty == *ty) {
        true => lowered,
        false => pg::Expr::Cast(Box::new(lowered), cast_type(ty)),
    }
}

/// `"$x" := value;` A value nobody reads is computed still, for it may raise.
pub(super) fn assign(
    scope: Scope<'_>,
    target: LocalId,
    value: &Expr,
    made: &mut Vec<PlStatement>,
    span: Span,
) {
    let locals = &scope.unit.locals;
    let is_null = value.kind == ExprKind::Literal(Literal::Null);
    let is_first = locals.assign(target);
    let is_kept = locals.is_kept(target);
    let is_inert = matches!(value.kind, ExprKind::Literal(_) | ExprKind::Local(_) | ExprKind::Context(_));
    // Variables begin as null.
    if (is_null && is_first && !scope.in_loop) || (is_inert && !is_kept) {
        return;
    }
    let Some(ty) = scope.action.local(target).map(|local| &local.ty) else { return };
    let value = scope.value(|at| typed(at, value, ty));
    let kind = match is_kept {
        true => PlStatementKind::Assign { target: locals.name(target), value },
        false => PlStatementKind::PerformValue(value),
    };
    made.push(PlStatement { kind, span });
}

/// `"$a"[index] := value;`, and before it, unless the index says it itself,
/// `IF (index < 1) IS NOT FALSE THEN RAISE ..`.
pub(super) fn assign_element(
    scope: Scope<'_>,
    array: LocalId,
    [index, value]: [&Expr; 2],
    made: &mut Vec<PlStatement>,
    span: Span,
) {
    let locals = &scope.unit.locals;
    locals.assign(array);
    let mut add = |kind| made.push(PlStatement { kind, span });
    let mut place = scope.value(|at| beside(at, index));
    if !is_simple(index) {
        let target = locals.added("index", pg::Type::Int8);
        add(PlStatementKind::Assign { target: target.clone(), value: place });
        place = pg::Expr::Variable(target);
    }
    if !is_positive(index) {
        let message = pg::Expr::Text("the index of an array element must be at least 1".to_owned());
        let raise = raise(Severity::Exception, NO_ELEMENT, message);
        add(when(before_first(place.clone()), raise, span));
    }
    let element = match scope.action.local(array).map(|local| &local.ty) {
        Some(Type::Array(element)) => element,
        _ => return,
    };
    let value = scope.value(|at| typed(at, value, element));
    add(PlStatementKind::AssignElement { array: locals.name(array), index: place, value });
}

/// `(index < 1) IS NOT FALSE`
fn before_first(index: pg::Expr) -> pg::Expr {
    let one = Box::new(pg::Expr::Number("1".to_owned()));
    let less = pg::Expr::Binary { operator: "<", left: Box::new(index), right: one };
    pg::Expr::Is { operand: Box::new(less), what: "NOT FALSE" }
}

fn is_simple(index: &Expr) -> bool {
    matches!(index.kind, ExprKind::Literal(_) | ExprKind::Local(_))
}

fn is_positive(index: &Expr) -> bool {
    match &index.kind {
        ExprKind::Literal(Literal::Number(digits)) => digits.parse::<i64>().is_ok_and(|number| number >= 1),
        _ => false,
    }
}
