use std::collections::{BTreeMap, BTreeSet};

use super::Facts;
use crate::interface::Dbid;
use crate::language::Name;

/// The actions of a schema, callees before callers, and by name where nothing else decides.
pub(super) fn callees_first(dbid: &Dbid, facts: &BTreeMap<Name, Facts>) -> Vec<Name> {
    let (mut order, mut seen) = (Vec::new(), BTreeSet::new());
    for name in facts.keys() {
        visit(dbid, facts, name, &mut seen, &mut order);
    }
    order
}

fn visit<'a>(
    dbid: &Dbid,
    facts: &'a BTreeMap<Name, Facts>,
    name: &'a Name,
    seen: &mut BTreeSet<&'a Name>,
    order: &mut Vec<Name>,
) {
    let Some(own) = facts.get(name) else { return };
    if !seen.insert(name) {
        return;
    }
    for call in own.calls.iter().filter(|call| call.dataset == *dbid) {
        visit(dbid, facts, &call.action, seen, order);
    }
    order.push(name.clone());
}
