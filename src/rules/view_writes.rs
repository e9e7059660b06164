//! A view only reads, whatever it calls. Callees that are views are held to it themselves, so that one look at each
//! call is enough.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::calls::How;
use super::facts::Here;
use super::problems;
use crate::diagnostics::Sink;
use crate::hir::{Action, Statement, StatementKind, walk};

pub(super) fn check(here: &Here<'_>, sink: &mut Sink) {
    if !here.action.signature.modifiers.view {
        return;
    }
    for statement in walk::statements(here.action) {
        if let Some(what) = write_of(here.action, statement) {
            sink.report(problems::view_writes(here.action, statement.span, &what));
        }
    }
    let mut said = BTreeSet::new();
    for call in here.calls().iter().filter(|call| call.how != How::Spliced && said.insert(call.to)) {
        if here.calls_view(call) {
            continue;
        }
        let Some(callee) = here.look_at(call.to) else { continue };
        let (name, way) = (here.name_at(callee), way_to_write(here, call.to));
        sink.report(problems::view_calls(here.action, call.span, &name, callee.action, &way));
    }
}

/// `inserts into \`t\``, if the statement writes.
fn write_of(action: &Action, statement: &Statement) -> Option<String> {
    let (verb, target) = match &statement.kind {
        StatementKind::Insert(insert) => ("inserts into", insert.target),
        StatementKind::Update(update) => ("updates", update.target),
        StatementKind::Delete(delete) => ("deletes from", delete.target),
        _ => return None,
    };
    let table = action.relation(target).map(|relation| match &relation.source {
        crate::hir::RelationSource::Table(name) => name.to_string(),
        _ => relation.name.to_string(),
    });
    Some(format!("{verb} `{}`", table.unwrap_or_default()))
}

/// Of what is not seen here the worst is assumed.
fn unseen(action: &Action) -> Option<String> {
    let is_unseen = !action.is_written() && !action.signature.modifiers.view;
    is_unseen.then(|| "may change data".to_owned())
}

/// The shortest way from an action to something that writes, as sentences; empty if nothing does.
fn way_to_write(here: &Here<'_>, from: usize) -> Vec<String> {
    let name = |index: usize| here.look_at(index).map_or_else(String::new, |node| here.name_at(node));
    let mut came_from: BTreeMap<usize, usize> = BTreeMap::from([(from, from)]);
    let mut todo = VecDeque::from([from]);
    while let Some(index) = todo.pop_front() {
        let Some(node) = here.look_at(index) else { continue };
        let statements = walk::statements(node.action);
        let write = statements.into_iter().find_map(|statement| write_of(node.action, statement));
        let write = write.or_else(|| unseen(node.action));
        if let Some(what) = write {
            let mut way = vec![format!("`{}` {what}", name(index))];
            let mut at = index;
            while let Some(caller) = came_from.get(&at).filter(|caller| **caller != at) {
                way.push(format!("`{}` calls `{}`", name(*caller), name(at)));
                at = *caller;
            }
            way.reverse();
            return way;
        }
        for call in &node.calls {
            came_from.entry(call.to).or_insert_with(|| {
                todo.push_back(call.to);
                index
            });
        }
    }
    Vec::new()
}
