//! Which CTEs a statement's result depends on.

use std::collections::{BTreeMap, BTreeSet};

use crate::hir::walk::{self, Node};
use crate::hir::{Action, CteId, RelationSource};

/// Who reads the CTEs of an action.
pub(super) struct References {
    /// Read by a statement outside any CTE, or by a CTE that is read so.
    pub reached: BTreeSet<CteId>,
    /// Read by anything but itself.
    pub named: BTreeSet<CteId>,
}

/// Finds the readers of every CTE of `action`.
pub(super) fn of(action: &Action) -> References {
    let mut outside = BTreeSet::new();
    let mut by_cte: BTreeMap<CteId, BTreeSet<CteId>> = BTreeMap::new();
    for statement in &action.body {
        collect(action, Node::Statement(statement), None, &mut outside, &mut by_cte);
    }
    let mut named = outside.clone();
    for (reader, read) in &by_cte {
        named.extend(read.iter().filter(|id| *id != reader));
    }
    let mut reached = BTreeSet::new();
    let mut todo: Vec<CteId> = outside.into_iter().collect();
    while let Some(id) = todo.pop() {
        if reached.insert(id) {
            todo.extend(by_cte.get(&id).into_iter().flatten());
        }
    }
    References { reached, named }
}

fn collect(
    action: &Action,
    node: Node<'_>,
    reader: Option<CteId>,
    outside: &mut BTreeSet<CteId>,
    by_cte: &mut BTreeMap<CteId, BTreeSet<CteId>>,
) {
    let reader = match node {
        Node::Cte(id, _) => Some(id),
        _ => reader,
    };
    if let Node::Relation(_, relation) = node
        && let RelationSource::Cte(id) = relation.source
    {
        match reader {
            Some(reader) => by_cte.entry(reader).or_default().insert(id),
            None => outside.insert(id),
        };
    }
    walk::children(action, node, &mut |child| collect(action, child, reader, outside, by_cte));
}
