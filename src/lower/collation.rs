//! Text is compared by bytes. Columns of tables are declared so, and PostgreSQL carries that through most expressions;
//! where nothing carries it the database's own collation would decide, so the compiler says `COLLATE "C"`.

use super::compose;
use super::frame::{At, Binding};
use super::ty::is_collatable;
use crate::hir::{Body, CteSource, Expr, ExprKind, Query, RelationId, RelationSource, Select};
use crate::language::Type;
use crate::language::functions::Emit;
use crate::pg;

/// `value COLLATE "C"` if values of `ty` have an order that depends on a collation.
pub(super) fn collate(ty: &Type, value: pg::Expr) -> pg::Expr {
    match is_collatable(ty) {
        true => pg::Expr::CollateC(Box::new(value)),
        false => value,
    }
}

/// `value`, which `expr` became, with the collation said where it does not carry it.
pub(super) fn collated(at: At<'_>, expr: &Expr, value: pg::Expr) -> pg::Expr {
    match carries_c(at, expr) {
        true => value,
        false => collate(&expr.ty, value),
    }
}

/// True if PostgreSQL derives `COLLATE "C"` for the expression. False is always safe.
pub(super) fn carries_c(at: At<'_>, expr: &Expr) -> bool {
    if !is_collatable(&expr.ty) {
        return true;
    }
    let (at, expr) = at.resolve(expr);
    let carries = |expr: &Expr| carries_c(at, expr) && is_collatable(&expr.ty);
    match &expr.kind {
        ExprKind::Local(id) => match at.frame.binding(*id) {
            Some((caller, Binding::Once { value, .. })) => carries_c(caller, value),
            _ => false,
        },
        ExprKind::Column { relation, column } => column_carries_c(at, *relation, *column),
        ExprKind::Binary { left, right, .. } => carries(left) || carries(right),
        ExprKind::Case { branches, otherwise, .. } => {
            branches.iter().any(|branch| carries(&branch.value)) || otherwise.as_deref().is_some_and(carries)
        }
        ExprKind::Function(call) => match call.function.emit {
            Emit::CallC(_) => true,
            Emit::Kf(_) | Emit::Format => false,
            _ => call.arguments.iter().any(carries),
        },
        ExprKind::Subquery(query) => output_carries_c(at, query, 0),
        _ => false,
    }
}

fn column_carries_c(at: At<'_>, relation: RelationId, column: usize) -> bool {
    let frame = at.frame;
    match frame.action.relation(relation).map(|relation| &relation.source) {
        Some(RelationSource::Table(_) | RelationSource::Excluded(_)) => true,
        Some(RelationSource::Query { query, .. }) => output_carries_c(at, query, column),
        Some(RelationSource::View(call)) => compose::output_carries_c(at, call, column),
        Some(RelationSource::Cte(id)) => {
            match frame.action.cte(*id).map(|cte| (&cte.source, cte.recursive)) {
                // Both sides of a recursive query say the collation, so that they agree; see `items_say_c`.
                Some((CteSource::Query(query), recursive)) => {
                    recursive || output_carries_c(at, query, column)
                }
                Some((CteSource::View(call), _)) => compose::output_carries_c(at, call, column),
                None => false,
            }
        }
        Some(RelationSource::Unnest { .. }) | None => false,
    }
}

/// True if a column of a query's result carries `COLLATE "C"`.
pub(super) fn output_carries_c(at: At<'_>, query: &Query, column: usize) -> bool {
    match &query.body {
        Body::Operation { .. } => true,
        Body::Select(select) => {
            let at = at.frame.at();
            items_say_c(select) || select.items.get(column).is_some_and(|item| carries_c(at, &item.expr))
        }
    }
}

/// True if the select list itself says the collation: a DISTINCT can be ordered only by what it selects. The operands
/// of a set operation say it for the same reason, and because those of a recursive query have to agree.
pub(super) fn items_say_c(select: &Select) -> bool {
    select.distinct
}
