//! `last_value(x) OVER (ORDER BY y)`: its frame ends with the last row that ties with this one, and which row that is
//! no replica knows. A further sort key would take the others out of the frame, so none can be added silently.

use std::collections::BTreeSet;

use super::facts::Here;
use super::problems;
use crate::diagnostics::Sink;
use crate::hir::same::same;
use crate::hir::walk::{self, Node};
use crate::hir::{Expr, ExprKind, OrderKey, RelationId, Select, Window, keys, window};
use crate::interface::Profile;

pub(super) fn check(here: &Here<'_>, sink: &mut Sink) {
    if here.profile() == Profile::App {
        return;
    }
    walk::body(here.action, &mut |node| {
        if let Node::Query(query) = node
            && let crate::hir::Body::Select(select) = &query.body
        {
            let keys = query.order_by.iter().filter_map(|key| match &key.key {
                OrderKey::Expr(expr) => Some(expr),
                OrderKey::Output(_) => None,
            });
            for expr in select.items.iter().map(|item| &item.expr).chain(keys) {
                check_value(here, select, expr, sink);
            }
        }
    });
}

/// The windows of an expression of `select`, but not those of queries inside it.
fn check_value(here: &Here<'_>, select: &Select, expr: &Expr, sink: &mut Sink) {
    if let ExprKind::Function(call) = &expr.kind
        && let Some(over) = &call.over
        && window::frame_follows_ties(call, over)
    {
        let ordered = ordered(select, over);
        if !window::takes_only(call, over, &ordered) && !is_total(here, select, &ordered) {
            sink.report(problems::frame_of_ties(call.function.name, expr.span));
        }
    }
    walk::children(here.action, Node::Expr(expr), &mut |child| {
        if let Node::Expr(child) = child {
            check_value(here, select, child, sink);
        }
    });
}

fn ordered<'s>(select: &'s Select, window: &'s Window) -> Vec<&'s Expr> {
    let keys = window.order_by.iter().filter_map(|key| match &key.key {
        OrderKey::Expr(expr) => Some(expr),
        OrderKey::Output(index) => select.items.get(*index).map(|item| &item.expr),
    });
    window.partition_by.iter().chain(keys).collect()
}

/// True if no two rows are equal in all of `ordered`.
fn is_total(here: &Here<'_>, select: &Select, ordered: &[&Expr]) -> bool {
    if select.grouped {
        return select.group_by.iter().all(|key| ordered.iter().any(|expr| same(expr, key)));
    }
    let Some(from) = &select.from else { return true };
    let relations = keys::relations_of(from);
    let facts = keys::facts(Some(from), select.filter.as_ref());
    let is_ordered = |id: RelationId, column: usize| {
        let wanted = ExprKind::Column { relation: id, column };
        ordered.iter().any(|expr| expr.kind == wanted)
    };
    let is_given = |id: &RelationId| {
        let keys = keys::unique_keys(here.action, here.schema, *id);
        !relations.contains(id) || keys.iter().any(|key| key.iter().all(|column| is_ordered(*id, *column)))
    };
    let all = (0u32..).take(here.action.relations.len()).map(RelationId);
    let given: BTreeSet<RelationId> = all.filter(is_given).collect();
    let known = keys::determined(here.action, here.schema, &relations, &facts, &given);
    relations.iter().all(|id| known.contains(id))
}
