use std::collections::{BTreeMap, BTreeSet};

use petgraph::Direction;
use petgraph::algo::condensation;
use petgraph::graph::{DiGraph, NodeIndex};

use super::plan::{Change, DatasetPlan};
use super::registry::Installed;
use crate::interface::{Dbid, Package};

/// Packages, by index, in the transactions they are deployed in, in order. A dataset that is new or unchanged stands alone.
/// Deployed datasets that change and import each other go together, so that nobody sees one changed and the other not, and
/// so does whatever has to come between two of them.
pub fn group(packages: &[Package], plans: &[DatasetPlan], installed: &Installed) -> Vec<Vec<usize>> {
    let mut needs: DiGraph<usize, ()> = DiGraph::new();
    let nodes: Vec<NodeIndex> = (0..packages.len()).map(|index| needs.add_node(index)).collect();
    for (importer, importee) in imports(packages, installed) {
        let Some((from, to)) = nodes.get(importer).zip(nodes.get(importee)) else { continue };
        needs.add_edge(*from, *to, ());
        if changes(plans, importer) && changes(plans, importee) {
            // Neither goes before the other.
            needs.add_edge(*to, *from, ());
        }
    }
    in_order(&condensation(needs, true))
}

/// Importers and importees, by index: as the packages say, and as they are deployed.
fn imports(packages: &[Package], installed: &Installed) -> Vec<(usize, usize)> {
    let places: BTreeMap<&Dbid, usize> =
        packages.iter().map(|package| &package.interface.dbid).zip(0..).collect();
    let new = packages.iter().flat_map(|package| {
        package.manifest.imports.keys().map(|importee| (&package.interface.dbid, importee))
    });
    let old = installed.imports.iter().map(|(importer, importee)| (importer, importee));
    let place = |dbid: &Dbid| places.get(dbid).copied();
    new.chain(old).filter_map(|(importer, importee)| place(importer).zip(place(importee))).collect()
}

fn changes(plans: &[DatasetPlan], index: usize) -> bool {
    plans.get(index).is_some_and(|plan| matches!(plan.change, Change::Update | Change::Record))
}

/// The groups, each after those it needs, else as the packages come.
fn in_order(groups: &DiGraph<Vec<usize>, ()>) -> Vec<Vec<usize>> {
    let members = |group: NodeIndex| {
        let mut members = groups.node_weight(group).cloned().unwrap_or_default();
        members.sort_unstable();
        members
    };
    let needed = |group: NodeIndex| groups.neighbors_directed(group, Direction::Outgoing).count();
    let mut waits: BTreeMap<NodeIndex, usize> = groups.node_indices().map(|it| (it, needed(it))).collect();
    let first = |group: NodeIndex| (members(group).first().copied(), group);
    let mut free: BTreeSet<_> =
        waits.iter().filter(|(_, count)| **count == 0).map(|(it, _)| first(*it)).collect();
    let mut ordered = Vec::new();
    while let Some((_, group)) = free.pop_first() {
        ordered.push(members(group));
        for importer in groups.neighbors_directed(group, Direction::Incoming) {
            let Some(count) = waits.get_mut(&importer) else { continue };
            *count -= 1;
            if *count == 0 {
                free.insert(first(importer));
            }
        }
    }
    ordered
}
