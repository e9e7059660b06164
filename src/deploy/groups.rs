use std::collections::BTreeSet;

use super::plan::{Change, DatasetPlan};
use super::registry::Installed;
use crate::interface::{Dbid, Package};

/// Packages, by index, in the transactions they are deployed in, in order. A dataset that is new or unchanged stands alone. Deployed datasets
/// that change and import each other go together, so that nobody sees one changed and the other not, and so does whatever
/// has to come between two of them.
pub fn group(packages: &[Package], plans: &[DatasetPlan], installed: &Installed) -> Vec<Vec<usize>> {
    let imports: Vec<BTreeSet<usize>> =
        packages.iter().map(|package| importees(package, packages, installed)).collect();
    let mut group: Vec<usize> = (0..packages.len()).collect();
    let changes = |index: usize| {
        plans.get(index).is_some_and(|plan| matches!(plan.change, Change::Update | Change::Record))
    };
    for (importer, importees) in imports.iter().enumerate() {
        for importee in importees.iter().copied().filter(|importee| changes(importer) && changes(*importee)) {
            join(&mut group, importer, importee);
        }
    }
    while let Some((one, other)) = tangled(&group, &imports) {
        join(&mut group, one, other);
    }
    in_order(&group, &imports)
}

/// The packages that `package` imports or, as deployed, imported.
fn importees(package: &Package, packages: &[Package], installed: &Installed) -> BTreeSet<usize> {
    let dbid = &package.interface.dbid;
    let imports = |other: &Dbid| {
        package.manifest.imports.contains_key(other)
            || installed.imports.contains(&(dbid.clone(), other.clone()))
    };
    (0..).zip(packages).filter(|(_, other)| imports(&other.interface.dbid)).map(|(index, _)| index).collect()
}

/// Puts the members of both groups into one, named by its least member.
fn join(group: &mut [usize], one: usize, other: usize) {
    let find = |index: usize, group: &[usize]| group.get(index).copied().unwrap_or(index);
    let (one, other) = (find(one, group), find(other, group));
    for member in group.iter_mut().filter(|member| **member == one || **member == other) {
        *member = one.min(other);
    }
}

/// Two groups that must each come before the other.
fn tangled(group: &[usize], imports: &[BTreeSet<usize>]) -> Option<(usize, usize)> {
    let names: BTreeSet<usize> = group.iter().copied().collect();
    if names.len() == group.len() {
        return None;
    }
    let reached: Vec<(usize, BTreeSet<usize>)> =
        names.iter().map(|name| (*name, reach(*name, group, imports))).collect();
    reached.iter().find_map(|(one, below)| {
        let back = |(other, reached): &&(usize, BTreeSet<usize>)| {
            other != one && below.contains(other) && reached.contains(one)
        };
        reached.iter().find(back).map(|(other, _)| (*one, *other))
    })
}

/// Groups that must come before group `name`.
fn reach(name: usize, group: &[usize], imports: &[BTreeSet<usize>]) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut open = vec![name];
    while let Some(current) = open.pop() {
        open.extend(needed(current, group, imports).into_iter().filter(|next| reached.insert(*next)));
    }
    reached
}

/// Groups that group `name` imports from.
fn needed(name: usize, group: &[usize], imports: &[BTreeSet<usize>]) -> BTreeSet<usize> {
    let members = group.iter().zip(imports).filter(|(of, _)| **of == name);
    let importees = members.flat_map(|(_, importees)| importees);
    importees.filter_map(|importee| group.get(*importee).copied()).filter(|other| *other != name).collect()
}

/// The groups, each after those it needs, else as the packages come.
fn in_order(group: &[usize], imports: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    let mut left: BTreeSet<usize> = group.iter().copied().collect();
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let free = |name: &&usize| needed(**name, group, imports).iter().all(|needed| !left.contains(needed));
        // Groups are untangled, so one is always free.
        let Some(next) = left.iter().find(free).or(left.first()).copied() else { break };
        left.remove(&next);
        ordered.push((0..).zip(group).filter(|(_, of)| **of == next).map(|(index, _)| index).collect());
    }
    ordered
}
