//! Lookups that read a whole table.

use std::collections::BTreeSet;

use super::equalities::{looked_up, lookups_of};
use super::facts::Here;
use super::problems;
use crate::diagnostics::Sink;
use crate::hir::{Table, keys, walk};

/// Says once for a column and action that no index serves a lookup; a relation one of whose lookups is served is fine.
pub(super) fn check(here: &Here<'_>, sink: &mut Sink) {
    let mut said = BTreeSet::new();
    walk::body(here.action, &mut |node| {
        let Some((relations, facts)) = lookups_of(node) else { return };
        for (id, columns) in looked_up(here.action, &relations, &facts) {
            let Some(table) = keys::table_of(here.action, here.schema, id) else { continue };
            if columns.keys().any(|column| is_served(table, *column)) {
                continue;
            }
            let Some((column, span)) = columns.iter().next() else { continue };
            if let Some(name) = table.columns.get(*column).map(|column| &column.name)
                && said.insert((&table.name, *column))
            {
                sink.report(problems::missing_index(*span, &table.name, name));
            }
        }
    });
}

/// True if the primary key or an index begins with the column.
fn is_served(table: &Table, column: usize) -> bool {
    let indexes = table.indexes.iter().map(|index| &index.columns);
    std::iter::once(&table.primary_key).chain(indexes).any(|columns| columns.first() == Some(&column))
}
