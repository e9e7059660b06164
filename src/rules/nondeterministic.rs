//! UPDATE .. FROM takes any one of the rows that match, so there must be at most one.

use std::collections::BTreeSet;

use super::facts::Here;
use super::problems;
use crate::diagnostics::Sink;
use crate::hir::{StatementKind, keys};
use crate::interface::Profile;

pub(super) fn check(here: &Here<'_>, sink: &mut Sink) {
    if here.facts.profile != Profile::Node {
        return;
    }
    for statement in &here.action.body {
        let StatementKind::Update(update) = &statement.kind else { continue };
        let Some(from) = &update.from else { continue };
        let relations = keys::relations_of(from);
        let facts = keys::facts(Some(from), update.filter.as_ref());
        let target = BTreeSet::from([update.target]);
        let determined = keys::determined(here.action, here.schema, &relations, &facts, &target);
        let open = relations.iter().find(|id| !determined.contains(id));
        if let Some(open) = open.and_then(|id| here.action.relation(*id)) {
            let target = here.action.relation(update.target).map(|relation| &relation.name);
            sink.report(problems::update_from_many(open, target));
        }
    }
}
