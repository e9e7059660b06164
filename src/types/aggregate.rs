//! What may stand in a SELECT that groups its rows.

use std::collections::BTreeSet;

use super::action::Checker;
use super::problems;
use crate::hir::same::same;
use crate::hir::walk::{self, Node};
use crate::hir::{Expr, ExprKind, From, FromKind, OrderBy, OrderKey, RelationId, RelationSource, Select};
use crate::language::functions::Kind;
use crate::source::Span;

/// Decides whether a SELECT groups, and if so reports every column outside an aggregate that its groups do not fix.
pub(super) fn check(checker: &mut Checker<'_, '_>, select: &mut Select, order_by: &[OrderBy]) {
    let keys = order_by.iter().filter_map(|key| match &key.key {
        OrderKey::Expr(expr) => Some(expr),
        OrderKey::Output(_) => None,
    });
    let visible: Vec<&Expr> =
        select.items.iter().map(|item| &item.expr).chain(&select.having).chain(keys).collect();
    let grouped = !select.group_by.is_empty()
        || select.having.is_some()
        || visible.iter().any(|expr| holds_aggregate(expr, checker));
    if grouped {
        let mut local = BTreeSet::new();
        collect(select.from.as_ref(), &mut local);
        let groups =
            Groups { checker, keys: &select.group_by, local: &local, fixed: fixed(checker, select, &local) };
        let strays: Vec<Stray> = visible.iter().filter_map(|expr| groups.stray(expr)).collect();
        for stray in strays {
            let columns = checker.columns_of(stray.relation);
            let name = columns.get(stray.column).map(|column| column.name.to_string()).unwrap_or_default();
            checker.sink.report(problems::not_grouped(&name, stray.span, select.group_by.is_empty()));
        }
    }
    select.grouped = grouped;
}

/// True if the expression computes an aggregate over the rows of its own query.
fn holds_aggregate(expr: &Expr, checker: &Checker<'_, '_>) -> bool {
    if let ExprKind::Function(call) = &expr.kind
        && call.over.is_none()
        && matches!(call.function.kind, Kind::Aggregate { .. })
    {
        return true;
    }
    let mut found = false;
    walk::children(&checker.made, Node::Expr(expr), &mut |child| {
        if let Node::Expr(child) = child {
            found |= holds_aggregate(child, checker);
        }
    });
    found
}

fn collect(from: Option<&From>, local: &mut BTreeSet<RelationId>) {
    match from.map(|from| &from.kind) {
        Some(FromKind::Relation(id)) => {
            local.insert(*id);
        }
        Some(FromKind::Join { left, right, .. }) => {
            collect(Some(left), local);
            collect(Some(right), local);
        }
        None => {}
    }
}

/// Relations whose whole primary key is grouped by: PostgreSQL knows that their other columns follow from it.
fn fixed(checker: &Checker<'_, '_>, select: &Select, local: &BTreeSet<RelationId>) -> BTreeSet<RelationId> {
    let grouped = |relation: RelationId, column: usize| {
        select.group_by.iter().any(|key| {
            matches!(key.kind, ExprKind::Column { relation: r, column: c } if r == relation && c == column)
        })
    };
    let is_fixed = |id: &RelationId| match checker.made.relation(*id).map(|relation| &relation.source) {
        Some(RelationSource::Table(name)) => checker.env.table(name).is_some_and(|table| {
            !table.primary_key.is_empty() && table.primary_key.iter().all(|column| grouped(*id, *column))
        }),
        _ => false,
    };
    local.iter().copied().filter(is_fixed).collect()
}

/// A column that the groups do not fix.
#[derive(Clone, Copy)]
struct Stray {
    relation: RelationId,
    column: usize,
    span: Span,
}

struct Groups<'c, 'a, 'e> {
    checker: &'c Checker<'a, 'e>,
    keys: &'c [Expr],
    local: &'c BTreeSet<RelationId>,
    fixed: BTreeSet<RelationId>,
}

impl Groups<'_, '_, '_> {
    /// The first column in the expression that the groups do not fix, aggregates' arguments aside. Subqueries see
    /// the groups too, so a column of this query in one of them must be fixed as well.
    fn stray(&self, expr: &Expr) -> Option<Stray> {
        if self.keys.iter().any(|key| same(key, expr)) {
            return None;
        }
        match &expr.kind {
            ExprKind::Column { relation, column } => {
                let free = self.local.contains(relation) && !self.fixed.contains(relation);
                free.then_some(Stray { relation: *relation, column: *column, span: expr.span })
            }
            ExprKind::Function(call)
                if call.over.is_none() && matches!(call.function.kind, Kind::Aggregate { .. }) =>
            {
                None
            }
            _ => self.stray_below(Node::Expr(expr)),
        }
    }

    fn stray_below(&self, node: Node<'_>) -> Option<Stray> {
        let mut found = None;
        walk::children(&self.checker.made, node, &mut |child| {
            if found.is_none() {
                found = match child {
                    Node::Expr(expr) => self.stray(expr),
                    other => self.stray_below(other),
                };
            }
        });
        found
    }
}
