//! UPDATE .. FROM takes any one of the rows that match, so there must be at most one of those its values are made of.

use std::collections::BTreeSet;

use super::facts::Here;
use super::problems;
use crate::diagnostics::Sink;
use crate::hir::walk::{self, Node};
use crate::hir::{Action, ExprKind, RelationId, StatementKind, Update, keys};
use crate::interface::Profile;

pub(super) fn check(here: &Here<'_>, sink: &mut Sink) {
    if here.profile() == Profile::App {
        return;
    }
    for statement in walk::statements(here.action) {
        let StatementKind::Update(update) = &statement.kind else { continue };
        let Some(from) = &update.from else { continue };
        let relations = keys::relations_of(from);
        let facts = keys::facts(Some(from), update.filter.as_ref());
        let target = BTreeSet::from([update.target]);
        let determined = keys::determined(here.action, here.schema, &relations, &facts, &target);
        let read = read_by_values(here.action, update);
        let open = relations.iter().find(|id| read.contains(id) && !determined.contains(id));
        if let Some(open) = open.and_then(|id| here.action.relation(*id)) {
            let target = here.action.relation(update.target).map(|relation| &relation.name);
            sink.report(problems::update_from_many(open, target));
        }
    }
}

/// The relations that what is written, or given back, depends on.
fn read_by_values(action: &Action, update: &Update) -> BTreeSet<RelationId> {
    let mut read = BTreeSet::new();
    let values = update.assignments.iter().map(|assignment| &assignment.value);
    for value in values.chain(update.returning.iter().map(|item| &item.expr)) {
        walk::expressions(action, Node::Expr(value), &mut |expr| {
            if let ExprKind::Column { relation, column: _ } = expr.kind {
                read.insert(relation);
            }
        });
    }
    read
}
