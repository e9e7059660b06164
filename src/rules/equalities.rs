//! Which columns a statement looks rows up by.

use std::collections::{BTreeMap, BTreeSet};

use crate::hir::keys::{self, Fact};
use crate::hir::walk::{self, Node};
use crate::hir::{Action, BinaryOp, Expr, ExprKind, RelationId};
use crate::source::Span;

/// For each of `relations`, the columns compared with something outside it for equality, and where first.
pub(super) fn looked_up(
    action: &Action,
    relations: &BTreeSet<RelationId>,
    facts: &[Fact<'_>],
) -> BTreeMap<RelationId, BTreeMap<usize, Span>> {
    let mut found: BTreeMap<RelationId, BTreeMap<usize, Span>> = BTreeMap::new();
    let mut note = |column: &Expr, others: &[&Expr]| {
        if let ExprKind::Column { relation, column: index } = column.kind
            && relations.contains(&relation)
            && !others.iter().any(|other| reads(action, other, relation))
        {
            found.entry(relation).or_default().entry(index).or_insert(column.span);
        }
    };
    for fact in facts {
        match &fact.condition.kind {
            ExprKind::Binary { operator: BinaryOp::Equal, left, right } => {
                note(left, &[right]);
                note(right, &[left]);
            }
            ExprKind::InList { operand, list, negated: false } => {
                note(operand, &list.iter().collect::<Vec<_>>());
            }
            ExprKind::Quantified { operator: BinaryOp::Equal, all: false, left, array } => {
                note(left, &[array]);
            }
            _ => {}
        }
    }
    found
}

fn reads(action: &Action, expr: &Expr, relation: RelationId) -> bool {
    let mut reads = false;
    walk::expressions(action, Node::Expr(expr), &mut |expr| {
        reads |= matches!(expr.kind, ExprKind::Column { relation: of, .. } if of == relation);
    });
    reads
}

/// What a statement or SELECT says about its rows: the relations of its FROM, its target, its conditions.
pub(super) fn lookups_of<'a>(node: Node<'a>) -> Option<(BTreeSet<RelationId>, Vec<Fact<'a>>)> {
    use crate::hir::StatementKind::{Delete, Update};
    let (target, from, filter) = match node {
        Node::Select(select) => (None, select.from.as_ref(), select.filter.as_ref()),
        Node::Statement(statement) => match &statement.kind {
            Update(update) => (Some(update.target), update.from.as_ref(), update.filter.as_ref()),
            Delete(delete) => (Some(delete.target), None, delete.filter.as_ref()),
            _ => return None,
        },
        _ => return None,
    };
    let relations = from.map(keys::relations_of).unwrap_or_default();
    Some((relations.into_iter().chain(target).collect(), keys::facts(from, filter)))
}
