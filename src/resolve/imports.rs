use std::collections::{BTreeMap, BTreeSet};

use super::problems;
use crate::diagnostics::Sink;
use crate::hir::Import;
use crate::interface::{Dbid, Options, Owner};
use crate::language::limits;
use crate::language::{Ident, Name};
use crate::syntax::ast::{Ast, Item, Use, UseTarget};

/// A file with its schema's name and identity.
pub(super) struct Unit<'a> {
    pub ast: &'a Ast,
    pub name: &'a Ident,
    pub dbid: Dbid,
    pub imports: Vec<Import>,
    pub broken_imports: Vec<Name>,
}

/// The files that have a name, the first of each name, with the identities they will be deployed under.
pub(super) fn named<'a>(asts: &'a [Ast], options: &Options, sink: &mut Sink) -> Vec<Unit<'a>> {
    let mut first: BTreeMap<&Name, &Ident> = BTreeMap::new();
    let mut units = Vec::new();
    for ast in asts {
        let Some(name) = &ast.name else { continue };
        if let Some(earlier) = first.get(&name.name) {
            sink.report(problems::duplicate("schema", name, earlier.span));
            continue;
        }
        first.insert(&name.name, name);
        let dbid = Dbid::of(&name.name, options.owner.as_ref());
        if dbid.pg_schema().len() > limits::NAME_BYTES {
            sink.report(problems::schema_name_too_long(name));
            continue;
        }
        units.push(Unit { ast, name, dbid, imports: Vec::new(), broken_imports: Vec::new() });
    }
    units
}

/// Binds every `use` and puts importees before importers. Schemas on a cycle are reported once, by the cycle, and
/// keep their place by name with the import that closes it left out.
pub(super) fn order<'a>(units: &[Unit<'a>], options: &Options, sink: &mut Sink) -> Vec<Unit<'a>> {
    let by_dbid: BTreeMap<&Dbid, usize> =
        units.iter().enumerate().map(|(index, unit)| (&unit.dbid, index)).collect();
    let mut bound: Vec<Unit<'a>> = Vec::new();
    for unit in units {
        let mut fresh =
            Unit { dbid: unit.dbid.clone(), imports: Vec::new(), broken_imports: Vec::new(), ..*unit };
        for item in &unit.ast.items {
            if let Item::Use(import) = item {
                bind(&mut fresh, import, &by_dbid, options, sink);
            }
        }
        bound.push(fresh);
    }
    sort(bound, sink)
}

fn bind(
    unit: &mut Unit<'_>,
    import: &Use,
    known: &BTreeMap<&Dbid, usize>,
    options: &Options,
    sink: &mut Sink,
) {
    let (dbid, name) = match &import.target {
        UseTarget::Network(name) => {
            let sibling = Dbid::of(&name.name, options.owner.as_ref());
            (
                if known.contains_key(&sibling) { sibling } else { Dbid::network(&name.name) },
                name.name.to_string(),
            )
        }
        UseTarget::Owned { owner, name, .. } => {
            (Dbid::owned(&name.name, &Owner(owner.clone())), format!("{owner}.{}", name.name))
        }
        UseTarget::Dbid { dbid, .. } => match known.keys().find(|known| known.as_str() == dbid) {
            Some(found) => ((*found).clone(), dbid.clone()),
            None => (Dbid::network(&Name::new(dbid)), dbid.clone()),
        },
    };
    let span = match &import.target {
        UseTarget::Network(name) => name.span,
        UseTarget::Owned { span, .. } | UseTarget::Dbid { span, .. } => *span,
    };
    if dbid == unit.dbid {
        sink.report(problems::import_of_itself(&name, span));
        unit.broken_imports.push(import.alias.name.clone());
    } else if known.contains_key(&dbid) {
        let alias = import.alias.name.clone();
        unit.imports.push(Import { alias, dbid, interface_hash: String::new(), span: import.span });
    } else {
        sink.report(problems::unknown_dataset(&name, span, known.keys().map(|dbid| dbid.as_str())));
        unit.broken_imports.push(import.alias.name.clone());
    }
}

/// Depth-first, in name order, with an explicit stack: a chain of imports may be long.
fn sort<'a>(mut units: Vec<Unit<'a>>, sink: &mut Sink) -> Vec<Unit<'a>> {
    units.sort_by(|left, right| left.name.name.cmp(&right.name.name));
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
