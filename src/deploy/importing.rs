//! Where deployed datasets use what they import.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::Break;
use super::registry::{Dataset, Installed};
use crate::diagnostics::{Code, Sink};
use crate::interface::Dbid;
use crate::language::Name;
use crate::migrate::Place;
use crate::source::{Sources, Unit};
use crate::syntax::ast::{Ast, Item};
use crate::syntax::walk;

/// The places in datasets outside `gone` that use one of `gone`: the calls, else the `use` items.
pub fn uses(gone: &BTreeSet<&Dbid>, installed: &Installed) -> Vec<Break> {
    let left = |importer: &&Dbid| !gone.contains(importer);
    let importers: BTreeSet<&Dbid> =
        gone.iter().flat_map(|dbid| installed.importers(dbid)).filter(left).collect();
    let known = importers.into_iter().filter_map(|dbid| installed.datasets.get_key_value(dbid));
    known.flat_map(|(dbid, dataset)| places(dbid, dataset, gone)).collect()
}

fn places(dbid: &Dbid, dataset: &Dataset, gone: &BTreeSet<&Dbid>) -> Vec<Break> {
    let mut sources = Sources::new();
    let id = sources.add(dataset.path.clone(), dataset.source.clone());
    let ast = crate::syntax::parse(&sources, id, &mut Sink::new());
    let aliases: BTreeMap<&Name, &Dbid> =
        dataset.manifest.aliases.iter().filter(|(_, dbid)| gone.contains(dbid)).collect();
    let found = |action: Option<&Name>, at: u32, why: String| Break {
        dataset: dataset.name.clone(),
        dbid: dbid.clone(),
        action: action.cloned(),
        place: Place {
            path: dataset.path.clone(),
            line: sources.get(id).map_or(0, |it| it.lines.place(&it.text, at as usize, Unit::Chars).line),
        },
        code: Code::ImportersLeft.id().to_owned(),
        why,
    };
    let mut places: Vec<Break> = Vec::new();
    for (action, callee, alias, at) in calls(&ast, &aliases) {
        let place = found(Some(action), at, format!("calls `{alias}.{callee}`"));
        if !places.contains(&place) {
            places.push(place);
        }
    }
    if places.is_empty() {
        places
            .extend(imports(&ast, &aliases).map(|(alias, at)| found(None, at, format!("imports `{alias}`"))));
    }
    if places.is_empty() {
        places.push(found(None, 0, "imports it".to_owned()));
    }
    places
}

/// Action, callee, alias and place of every call through one of `aliases`.
fn calls<'a>(ast: &'a Ast, aliases: &BTreeMap<&Name, &Dbid>) -> Vec<(&'a Name, &'a Name, &'a Name, u32)> {
    let mut found = Vec::new();
    let actions = ast.items.iter().filter_map(|item| match item {
        Item::Action(action) => Some(action),
        _ => None,
    });
    for action in actions {
        walk::calls(action, &mut |call| {
            if let Some(alias) = call.alias.as_ref().filter(|alias| aliases.contains_key(&alias.name)) {
                found.push((&action.name.name, &call.name.name, &alias.name, alias.span.start));
            }
        });
    }
    found
}

fn imports<'a>(ast: &'a Ast, aliases: &BTreeMap<&Name, &Dbid>) -> impl Iterator<Item = (&'a Name, u32)> {
    ast.items.iter().filter_map(|item| match item {
        Item::Use(import) if aliases.contains_key(&import.alias.name) => {
            Some((&import.alias.name, import.span.start))
        }
        _ => None,
    })
}
