//! The order in which the actions of a schema are checked.

use std::collections::{BTreeMap, BTreeSet};

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

/// Depth-first with an explicit stack, roots in name order; what a cycle leads back to is recursive.
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

/// Tarjan's algorithm without recursion. Groups come out callees first, each in name order.
fn strongly_connected<'n>(calls: &BTreeMap<&'n Name, Vec<&'n Name>>) -> Vec<Vec<&'n Name>> {
    let mut state = Tarjan::default();
    for root in calls.keys() {
        if !state.index.contains_key(root) {
            state.visit(root, calls);
        }
    }
    state.groups
}

#[derive(Default)]
struct Tarjan<'n> {
    index: BTreeMap<&'n Name, usize>,
    low: BTreeMap<&'n Name, usize>,
    open: Vec<&'n Name>,
    /// Those in `open`.
    is_open: BTreeSet<&'n Name>,
    groups: Vec<Vec<&'n Name>>,
}

impl<'n> Tarjan<'n> {
    fn enter(&mut self, name: &'n Name) {
        let number = self.index.len();
        self.index.insert(name, number);
        self.low.insert(name, number);
        self.open.push(name);
        self.is_open.insert(name);
    }

    fn visit(&mut self, root: &'n Name, calls: &BTreeMap<&'n Name, Vec<&'n Name>>) {
        let mut path: Vec<(&'n Name, usize)> = vec![(root, 0)];
        self.enter(root);
        while let Some((name, next)) = path.last_mut() {
            let (name, position) = (*name, *next);
            *next += 1;
            match calls.get(name).and_then(|callees| callees.get(position)) {
                Some(callee) if !self.index.contains_key(callee) => {
                    self.enter(callee);
                    path.push((callee, 0));
                }
                Some(callee) => {
                    if self.is_open.contains(callee) {
                        let reached = self.index.get(callee).copied().unwrap_or(0);
                        self.lower(name, reached);
                    }
                }
                None => {
                    path.pop();
                    self.leave(name);
                    if let Some((caller, _)) = path.last() {
                        let reached = self.low.get(name).copied().unwrap_or(0);
                        self.lower(caller, reached);
                    }
                }
            }
        }
    }

    fn lower(&mut self, name: &'n Name, reached: usize) {
        if let Some(low) = self.low.get_mut(name) {
            *low = (*low).min(reached);
        }
    }

    /// Closes the group `name` began.
    fn leave(&mut self, name: &'n Name) {
        if self.low.get(name) != self.index.get(name) {
            return;
        }
        let mut group = Vec::new();
        while let Some(member) = self.open.pop() {
            self.is_open.remove(member);
            group.push(member);
            if member == name {
                break;
            }
        }
        group.sort();
        self.groups.push(group);
    }
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
