use std::collections::BTreeMap;

use super::problems;
use crate::diagnostics::Sink;
use crate::language::{Ident, Name};
use crate::syntax::ast::{AttributeKind, Table};

/// Reports columns that are renamed from what is still there, or from one and the same. What is renamed itself is not still there.
pub(super) fn check_columns(table: &Table, sink: &mut Sink) {
    let names: Vec<&Ident> = table.columns.iter().map(|column| &column.name).collect();
    let renamed = table.columns.iter().flat_map(|column| {
        column.attributes.iter().filter_map(move |attribute| match &attribute.kind {
            AttributeKind::RenamedFrom(from) => Some((&column.name, from)),
            _ => None,
        })
    });
    check("column", &names, renamed, sink);
}

/// As for columns.
pub(super) fn check_tables(tables: &[&Table], sink: &mut Sink) {
    let names: Vec<&Ident> = tables.iter().map(|table| &table.name).collect();
    let renamed = tables.iter().filter_map(|table| Some((&table.name, table.renamed_from.as_ref()?)));
    check("table", &names, renamed, sink);
}

fn check<'a>(
    what: &str,
    names: &[&Ident],
    renamed: impl Iterator<Item = (&'a Ident, &'a Ident)>,
    sink: &mut Sink,
) {
    let renamed: Vec<(&Ident, &Ident)> = renamed.collect();
    let stays =
        |name: &Ident| !renamed.iter().any(|(to, from)| to.name == name.name && from.name != name.name);
    let mut taken: BTreeMap<&Name, &Ident> = BTreeMap::new();
    for (to, from) in &renamed {
        let is_itself = to.name == from.name;
        if let Some(present) = names.iter().find(|it| it.name == from.name && (is_itself || stays(it))) {
            sink.report(problems::renamed_from_present(what, to, from, present));
        } else if let Some(earlier) = taken.insert(&from.name, from) {
            sink.report(problems::renamed_twice(what, from, earlier));
        }
    }
}
