//! Assignments, and values that are given a declared type.

use super::frame::At;
use super::literal::{beside, cast};
use super::query::{self, Use};
use super::statement::{Scope, raise, when};
use super::ty::{cast_type, value_type};
use super::{expression, first_row};
use crate::hir::{Expr, ExprKind, Literal, LocalId};
use crate::language::Type;
use crate::pg::{self, Call, Ident, Namespace, PlBranch, PlStatement, PlStatementKind, Severity};
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
    if let Some(query) = only_value(scope, value, ty).filter(|_| is_kept) {
        let kind = PlStatementKind::SelectInto { targets: vec![locals.name(target)], query };
        return made.push(PlStatement { kind, span });
    }
    let value = scope.value(|at| typed(at, value, ty));
    let kind = match is_kept {
        true => PlStatementKind::Assign { target: locals.name(target), value },
        false => PlStatementKind::PerformValue(value),
    };
    made.push(PlStatement { kind, span });
}

/// The query of a value that has one row at most: `SELECT .. INTO "$x" ..` is faster than `"$x" := (SELECT ..)`, and
/// means the same unless there is a second row or a cast.
fn only_value(scope: Scope<'_>, value: &Expr, ty: &Type) -> Option<pg::Query> {
    let ExprKind::Subquery(query) = &value.kind else { return None };
    let is_plain = value.ty == *ty && cast_type(ty) == value_type(ty);
    let is_only = is_plain && first_row::is_one_row(scope, query);
    is_only.then(|| scope.query(|frame| query::lower(frame, query, Use::Rows)))
}

/// `"$a"[index] := value;` PostgreSQL counts an array from its first assigned element, so that before it comes, unless
/// the index says that it need not,
/// `IF (index < 1) IS NOT FALSE OR "$a" is empty THEN .. END IF;`: raises, or `"$a" := index - 1 nulls`.
pub(super) fn assign_element(
    scope: Scope<'_>,
    array: LocalId,
    [index, value]: [&Expr; 2],
    made: &mut Vec<PlStatement>,
    span: Span,
) {
    let locals = &scope.unit.locals;
    locals.assign(array);
    let Some(Type::Array(element)) = scope.action.local(array).map(|local| &local.ty) else { return };
    let mut add = |kind| made.push(PlStatement { kind, span });
    let mut place = scope.value(|at| beside(at, index));
    if !is_simple(index) {
        let target = locals.added("index", pg::Type::Int8);
        add(PlStatementKind::Assign { target: target.clone(), value: place });
        place = pg::Expr::Variable(target);
    }
    let fill = fill(locals.name(array), &place, element);
    match literal(index) {
        Some(1) => {}
        _ if matches!(index.kind, ExprKind::Local(id) if locals.is_filled(array, id)) => {}
        Some(2..) => add(when(is_empty(locals.name(array)), fill, span)),
        _ => {
            let is_counted = matches!(index.kind, ExprKind::Local(id) if locals.counts_from_one(id));
            let body = if is_counted {
                when(beside_one(">", &place), fill, span)
            } else {
                refuse_or_fill(&place, fill, span)
            };
            let is_empty = is_empty(locals.name(array));
            let condition =
                if is_counted { is_empty } else { pg::Expr::Or(vec![is_before_first(&place), is_empty]) };
            add(when(condition, body, span));
        }
    }
    let value = scope.value(|at| typed(at, value, element));
    add(PlStatementKind::AssignElement { array: locals.name(array), index: place, value });
}

fn is_simple(index: &Expr) -> bool {
    matches!(index.kind, ExprKind::Literal(_) | ExprKind::Local(_))
}

fn literal(index: &Expr) -> Option<i64> {
    match &index.kind {
        ExprKind::Literal(Literal::Number(digits)) => digits.parse().ok(),
        _ => None,
    }
}

/// `IF (index < 1) IS NOT FALSE THEN RAISE .. ELSIF index > 1 THEN fill; END IF;`
fn refuse_or_fill(index: &pg::Expr, fill: PlStatementKind, span: Span) -> PlStatementKind {
    let message = pg::Expr::Text("the index of an array element must be at least 1".to_owned());
    let raise = raise(Severity::Exception, NO_ELEMENT, message);
    let branch = |(condition, kind)| PlBranch { condition, body: vec![PlStatement { kind, span }], span };
    let branches = [(is_before_first(index), raise), (beside_one(">", index), fill)].map(branch).into();
    PlStatementKind::If { branches, otherwise: Vec::new() }
}

/// `(index < 1) IS NOT FALSE`
fn is_before_first(index: &pg::Expr) -> pg::Expr {
    pg::Expr::Is { operand: Box::new(beside_one("<", index)), what: "NOT FALSE" }
}

/// `index operator 1`
fn beside_one(operator: &'static str, index: &pg::Expr) -> pg::Expr {
    let one = Box::new(pg::Expr::Number("1".to_owned()));
    pg::Expr::Binary { operator, left: Box::new(index.clone()), right: one }
}

/// `(pg_catalog.cardinality(array) > 0) IS NOT TRUE`
fn is_empty(array: Ident) -> pg::Expr {
    let size = catalog("cardinality", vec![pg::Expr::Variable(array)]);
    let zero = Box::new(pg::Expr::Number("0".to_owned()));
    let has = pg::Expr::Binary { operator: ">", left: Box::new(size), right: zero };
    pg::Expr::Is { operand: Box::new(has), what: "NOT TRUE" }
}

/// `array := pg_catalog.array_fill(NULL::element, ARRAY[(index - 1)::int4]);`
fn fill(array: Ident, index: &pg::Expr, element: &Type) -> PlStatementKind {
    let nothing = pg::Expr::Cast(Box::new(pg::Expr::Null), cast_type(element));
    let before = pg::Expr::Cast(Box::new(beside_one("-", index)), pg::Type::Int4);
    let value = catalog("array_fill", vec![nothing, pg::Expr::Array(vec![before])]);
    PlStatementKind::Assign { target: array, value }
}

fn catalog(name: &str, arguments: Vec<pg::Expr>) -> pg::Expr {
    pg::Expr::Call(Box::new(Call::plain(Namespace::Catalog, name, arguments)))
}
