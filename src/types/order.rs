//! The order in which the actions of a schema are checked.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::hir::{Schema, walk};
use crate::interface::Signature;
use crate::language::Name;
use crate::resolve::SchemaItems;
use crate::syntax::walk::own_callees;

/// Actions of one schema, callees first.
pub(super) struct CallOrder {
    pub actions: Vec<Name>,
    /// Those that can reach themselves.
    pub recursive: BTreeSet<Name>,
}

/// What a cycle leads back to is recursive.
pub(super) fn callees_first(items: &SchemaItems<'_>) -> CallOrder {
    let calls: BTreeMap<&Name, Vec<&Name>> = items
        .actions
        .iter()
        .map(|item| {
            let mut callees = own_callees(item.ast);
            callees.retain(|callee| items.action(callee).is_some());
            (&item.ast.name.name, callees)
        })
        .collect();
    let groups = strongly_connected(&calls);
    let mut order = CallOrder { actions: Vec::new(), recursive: BTreeSet::new() };
    for group in groups {
        let calls_itself = |name: &&Name| calls.get(*name).is_some_and(|callees| callees.contains(name));
        if group.len() > 1 || group.iter().any(calls_itself) {
            order.recursive.extend(group.iter().map(|name| (*name).clone()));
        }
        order.actions.extend(group.into_iter().cloned());
    }
    order
}

/// Actions that reach each other are one group. Groups come out callees first, each in name order.
fn strongly_connected<'n>(calls: &BTreeMap<&'n Name, Vec<&'n Name>>) -> Vec<Vec<&'n Name>> {
    let mut graph: DiGraph<&Name, ()> = DiGraph::new();
    let places: BTreeMap<&Name, NodeIndex> = calls.keys().map(|name| (*name, graph.add_node(name))).collect();
    for (caller, callees) in calls {
        let ends = callees.iter().filter_map(|callee| places.get(caller).zip(places.get(callee)));
        ends.for_each(|(from, to)| {
            graph.add_edge(*from, *to, ());
        });
    }
    // Kosaraju's algorithm here does not recurse.
    let groups = kosaraju_scc(&graph).into_iter().map(|group| {
        let mut names: Vec<&Name> =
            group.iter().filter_map(|place| graph.node_weight(*place)).copied().collect();
        names.sort();
        names
    });
    groups.collect()
}

/// Inside a recursion a callee may be checked after its caller: lets "may raise" and "reads `@foreign_caller`" flow
/// along the calls, from every action that has them to all that reach it.
pub(super) fn settle_recursion(schema: &mut Schema) {
    if !schema.actions.iter().any(|action| action.recursive) {
        return;
    }
    let callers = callers(schema);
    spread(schema, &callers, |signature| &mut signature.may_raise);
    spread(schema, &callers, |signature| &mut signature.reads_foreign_caller);
}

/// The actions that call each action of the schema, by index.
fn callers(schema: &Schema) -> Vec<Vec<usize>> {
    let places: BTreeMap<&Name, usize> =
        schema.actions.iter().enumerate().map(|(place, action)| (&action.name, place)).collect();
    let mut callers = vec![Vec::new(); schema.actions.len()];
    for (caller, action) in schema.actions.iter().enumerate() {
        walk::body(action, &mut |node| {
            let callee = node.callee().filter(|callee| callee.dbid == schema.dbid);
            let callee = callee.and_then(|callee| places.get(&callee.action));
            if let Some(callers) = callee.and_then(|callee| callers.get_mut(*callee)) {
                callers.push(caller);
            }
        });
    }
    callers
}

fn spread(schema: &mut Schema, callers: &[Vec<usize>], trait_of: fn(&mut Signature) -> &mut bool) {
    let mut reached: Vec<usize> = Vec::new();
    for (place, action) in schema.actions.iter_mut().enumerate() {
        if *trait_of(&mut action.signature) {
            reached.push(place);
        }
    }
    while let Some(callee) = reached.pop() {
        for caller in callers.get(callee).into_iter().flatten() {
            let Some(action) = schema.actions.get_mut(*caller) else { continue };
            if !std::mem::replace(trait_of(&mut action.signature), true) {
                reached.push(*caller);
            }
        }
    }
}
