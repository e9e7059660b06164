//! Row order. SQL leaves it open wherever it is not asked for, and two replicas then differ. Under profile `node` the
//! order of rows is completed to a total one, and only where it can be seen.

use super::collation::collated;
use super::frame::{At, Frame};
use super::query::{Use, item_value};
use super::ties::{self, Ties};
use super::{expression, names, window};
use crate::hir::walk::{self, Node};
use crate::hir::{Body, Expr, ExprKind, Literal, OrderBy, OrderKey, Query};
use crate::interface::{Determinism, Profile};
use crate::pg::{self, SortKey};

/// ORDER BY of a query.
pub(super) fn order_by<'f>(frame: &'f Frame<'f>, query: &'f Query, purpose: Use) -> Vec<SortKey> {
    let is_cut = query.limit.is_some() || query.offset.is_some();
    let is_seen = match purpose {
        Use::Result | Use::Sequence => true,
        Use::Rows | Use::Spliced | Use::Operand { .. } => is_cut,
        Use::Existence => false,
    };
    if !is_seen && matches!(purpose, Use::Spliced | Use::Existence) {
        return Vec::new();
    }
    let mut keys: Vec<SortKey> = query.order_by.iter().map(|key| written(frame, query, key)).collect();
    let written = keys.len();
    if is_seen && frame.unit.profile != Profile::App {
        keys.extend(completion(frame, query, &keys));
    }
    if purpose == Use::Result {
        let determinism = determinism(frame, query, keys.len() > written);
        frame.unit.facts.borrow_mut().note_order(determinism);
    }
    keys
}

fn determinism(frame: &Frame<'_>, query: &Query, completed: bool) -> Determinism {
    match (frame.unit.profile, completed) {
        (_, true) => Determinism::Completed,
        _ if ties::is_one_row_query(frame, query) || is_limited_to_one(query) => Determinism::Single,
        (Profile::App, _) => Determinism::Free,
        (Profile::Node | Profile::Metered, _) => Determinism::Ordered,
    }
}

fn is_limited_to_one(query: &Query) -> bool {
    let Some(Expr { kind: ExprKind::Literal(Literal::Number(digits)), .. }) = &query.limit else {
        return false;
    };
    digits == "0" || digits == "1"
}

/// A key as its author wrote it. Nulls come last unless the author said otherwise, which for DESC is not what
/// PostgreSQL would do.
fn written<'f>(frame: &'f Frame<'f>, query: &'f Query, key: &'f OrderBy) -> SortKey {
    let (expr, nullable) = match &key.key {
        OrderKey::Output(index) => {
            (output(frame, query, *index), query.columns.get(*index).is_some_and(|column| column.nullable))
        }
        OrderKey::Expr(expr) => {
            let at = at_body(frame, query);
            (collated(at, expr, expression::lower(at, expr)), expr.nullable)
        }
    };
    SortKey { expr, descending: key.descending, nulls_first: nulls_first(key, nullable) }
}

/// What has to be said about nulls.
pub(super) fn nulls_first(key: &OrderBy, nullable: bool) -> Option<bool> {
    let wanted = key.nulls_first.unwrap_or(false);
    (nullable && wanted != key.descending).then_some(wanted)
}

fn at_body<'f>(frame: &'f Frame<'f>, query: &'f Query) -> At<'f> {
    match &query.body {
        Body::Select(select) => frame.at().inside(select, &query.order_by),
        Body::Operation { .. } => frame.at(),
    }
}

/// A column of the result as a key: the column it is, else its name, else its value. A set operation knows names and
/// places only.
fn output<'f>(frame: &'f Frame<'f>, query: &'f Query, index: usize) -> pg::Expr {
    let name = query.columns.get(index).map(|column| &column.name);
    let is_only = query.columns.iter().filter(|column| Some(&column.name) == name).count() == 1;
    let named = name.filter(|_| is_only).map(|name| pg::Expr::Output(names::ident(name)));
    match &query.body {
        Body::Operation { .. } => named.unwrap_or_else(|| pg::Expr::Number((index + 1).to_string())),
        Body::Select(select) => {
            let Some(item) = select.items.get(index) else { return pg::Expr::Null };
            let at = frame.at().inside(select, &query.order_by);
            let value = item_value(at, select, item);
            let value = if select.distinct { value } else { collated(at, &item.expr, value) };
            match value {
                pg::Expr::Column { .. } => value,
                pg::Expr::CollateC(_) if !select.distinct => value,
                _ => named.unwrap_or(value),
            }
        }
    }
}

/// The keys that make the order total.
fn completion<'f>(frame: &'f Frame<'f>, query: &'f Query, written: &[SortKey]) -> Vec<SortKey> {
    let is_new = |expr: &pg::Expr| !written.iter().any(|key| key.expr == *expr);
    let keys: Vec<pg::Expr> = match &query.body {
        _ if ties::is_one_row_query(frame, query) => Vec::new(),
        Body::Select(select) if !select.distinct => {
            let items = query.order_by.iter().filter_map(|key| match &key.key {
                OrderKey::Output(index) => select.items.get(*index).map(|item| &item.expr),
                OrderKey::Expr(expr) => Some(expr),
            });
            let at = frame.at().inside(select, &query.order_by);
            let Ties { mut keys, apart } = ties::ties(at, select, &items.collect::<Vec<_>>(), &[]);
            if !apart {
                let numbered =
                    |index: &usize| select.items.get(*index).is_some_and(|it| numbers(at, &it.expr));
                keys.extend(
                    (0..select.items.len()).filter(numbered).map(|index| output(frame, query, index)),
                );
            }
            keys
        }
        _ => (0..query.columns.len()).map(|index| output(frame, query, index)).collect(),
    };
    keys.into_iter().filter(is_new).map(ascending).collect()
}

/// A key that was added. Nulls come last without being told.
pub(super) fn ascending(expr: pg::Expr) -> SortKey {
    SortKey { expr, descending: false, nulls_first: None }
}

/// True if rows that are equal in everything an expression reads may still differ in it, as in `row_number()`.
fn numbers(at: At<'_>, expr: &Expr) -> bool {
    let mut numbers = false;
    walk::expressions(at.frame.action, Node::Expr(expr), &mut |expr| {
        if let ExprKind::Function(call) = &expr.kind
            && let Some(over) = &call.over
        {
            numbers |= window::sees_order(call, over);
        }
    });
    numbers
}
