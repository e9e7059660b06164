use std::collections::{BTreeMap, BTreeSet};

use super::units::Unit;
use super::{Extern, externs, problems};
use crate::diagnostics::Sink;
use crate::hir::Import;
use crate::interface::{Dbid, Options, Owner};
use crate::language::Name;
use crate::source::Span;
use crate::syntax::ast::{Item, Use, UseTarget};

/// Binds every `use` and puts importees before importers. Schemas on a cycle are reported once, by the cycle, and
/// keep their place by name with the import that closes it left out.
pub(super) fn order<'a>(
    mut units: Vec<Unit<'a>>,
    externs: &BTreeMap<Name, Extern<'_>>,
    options: &Options,
    sink: &mut Sink,
) -> Vec<Unit<'a>> {
    let emitted = |unit: &Unit<'_>| unit.imported.is_none();
    let known: Known = units.iter().map(|unit| (unit.dbid.clone(), emitted(unit))).collect();
    for unit in &mut units {
        for item in &unit.ast.items {
            let Item::Use(import) = item else { continue };
            match externs::bind(import, externs, sink) {
                Some(bound) => unit.externs.push(bound),
                None => bind(unit, import, &known, options, sink),
            }
        }
    }
    sort(units, sink)
}

/// The datasets at hand; true for those to be emitted.
type Known = BTreeMap<Dbid, bool>;

fn bind(unit: &mut Unit<'_>, import: &Use, known: &Known, options: &Options, sink: &mut Sink) {
    let recorded = unit.imported.and_then(|imported| imported.aliases.get(&import.alias.name)).cloned();
    let dbid = recorded.unwrap_or_else(|| meant(unit, &import.target, known, options));
    let (shown, span) = shown(&import.target);
    let alias = import.alias.name.clone();
    let is_schema = known.contains_key(&dbid) || !matches!(import.target, UseTarget::Network(_));
    if let Some(config) = import.config.as_ref().filter(|_| is_schema) {
        sink.report(problems::config_of_schema(&shown, config.span));
        unit.broken_imports.push(alias);
    } else if dbid == unit.dbid {
        sink.report(problems::import_of_itself(&shown, span));
        unit.broken_imports.push(alias);
    } else if known.contains_key(&dbid) {
        unit.imports.push(Import { alias, dbid, interface_hash: String::new(), span: import.span });
    } else if import.config.is_some() {
        sink.report(problems::unknown_extern(&shown, span));
        unit.broken_imports.push(alias);
    } else {
        let names = known.keys().map(|dbid| dbid.as_str());
        sink.report(problems::unknown_dataset(&import.target, &shown, span, names));
        unit.broken_imports.push(alias);
    }
}

/// The dataset that the text of a `use` means. A bare name is a schema of the same owner that is compiled beside it, else
/// what the options say, else the network schema.
fn meant(unit: &Unit<'_>, target: &UseTarget, known: &Known, options: &Options) -> Dbid {
    match target {
        UseTarget::Network(name) => {
            let owner = unit.imported.map_or(options.owner.as_ref(), |imported| imported.owner.as_ref());
            let sibling = Dbid::of(&name.name, owner);
            let beside = known.get(&sibling).is_some_and(|emitted| *emitted || unit.imported.is_some());
            let told = || options.names.get(&name.name).filter(|_| unit.imported.is_none()).cloned();
            match beside {
                true => sibling,
                false => told().unwrap_or_else(|| Dbid::network(&name.name)),
            }
        }
        UseTarget::Owned { owner, name, .. } => Dbid::owned(&name.name, &Owner(owner.clone())),
        UseTarget::Dbid { dbid, .. } => Dbid::recorded(dbid.to_ascii_lowercase()),
    }
}

/// A target as it is written, and where.
fn shown(target: &UseTarget) -> (String, Span) {
    match target {
        UseTarget::Network(name) => (name.name.to_string(), name.span),
        UseTarget::Owned { owner, name, span } => (format!("{owner}.{}", name.name), *span),
        UseTarget::Dbid { dbid, span } => (dbid.clone(), *span),
    }
}

/// Depth-first, in name order, with an explicit stack: a chain of imports may be long.
fn sort<'a>(mut units: Vec<Unit<'a>>, sink: &mut Sink) -> Vec<Unit<'a>> {
    units.sort_by(|left, right| (&left.name.name, &left.dbid).cmp(&(&right.name.name, &right.dbid)));
    let index: BTreeMap<Dbid, usize> =
        units.iter().enumerate().map(|(at, unit)| (unit.dbid.clone(), at)).collect();
    let mut done: BTreeSet<usize> = BTreeSet::new();
    let mut sorted: Vec<usize> = Vec::new();
    for root in 0..units.len() {
        let mut path: Vec<(usize, usize)> = vec![(root, 0)];
        while let Some((at, next)) = path.last_mut() {
            let (at, position) = (*at, *next);
            *next += 1;
            if done.contains(&at) {
                path.pop();
                continue;
            }
            let target = units.get(at).and_then(|unit| unit.imports.get(position));
            let Some(to) = target.and_then(|import| index.get(&import.dbid)).copied() else {
                done.insert(at);
                sorted.push(at);
                path.pop();
                continue;
            };
            if let Some(begin) = path.iter().position(|(on_path, _)| *on_path == to) {
                report_cycle(&mut units, &path, begin, sink);
                if let Some((_, next)) = path.last_mut() {
                    *next = position;
                }
            } else if !done.contains(&to) {
                path.push((to, 0));
            }
        }
    }
    let mut slots: Vec<Option<Unit<'a>>> = units.into_iter().map(Some).collect();
    sorted.into_iter().filter_map(|at| slots.get_mut(at).and_then(Option::take)).collect()
}

/// Reports the cycle that ends with the path's last import, and removes that import.
fn report_cycle(units: &mut [Unit<'_>], path: &[(usize, usize)], begin: usize, sink: &mut Sink) {
    let cycle: Vec<usize> = path.iter().skip(begin).map(|(at, _)| *at).collect();
    let names: Vec<String> =
        cycle.iter().filter_map(|at| units.get(*at)).map(|unit| unit.name.name.to_string()).collect();
    let Some((last, next)) = path.last().copied() else { return };
    let Some(unit) = units.get_mut(last) else { return };
    let position = next.saturating_sub(1);
    if position < unit.imports.len() {
        let import = unit.imports.remove(position);
        unit.broken_imports.push(import.alias);
        sink.report(problems::import_cycle(&names, import.span));
    }
}
