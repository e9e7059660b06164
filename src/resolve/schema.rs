use std::collections::BTreeMap;

use super::units::Unit;
use super::{ActionItem, SchemaItems, foreign_key, problems, rename, table};
use crate::diagnostics::Sink;
use crate::language::limits;
use crate::language::{Ident, Name};
use crate::source::Span;
use crate::syntax::ast::{Item, Table};

/// Checks the items of one file against one another.
pub(super) fn declare<'a>(unit: Unit<'a>, sink: &mut Sink) -> SchemaItems<'a> {
    let mut names = Names::default();
    let mut tables: Vec<&'a Table> = Vec::new();
    let mut items = SchemaItems {
        source: unit.ast.source,
        name: unit.name.name.clone(),
        dbid: unit.dbid,
        imported: unit.imported.is_some(),
        imports: unit.imports,
        externs: unit.externs,
        broken_imports: unit.broken_imports,
        tables: Vec::new(),
        broken_tables: Vec::new(),
        actions: Vec::new(),
        foreign: Vec::new(),
        tests: Vec::new(),
    };
    for item in &unit.ast.items {
        match item {
            Item::Use(import) => {
                if !names.take("import", &import.alias, sink) {
                    items.imports.retain(|known| known.span != import.span);
                    items.externs.retain(|known| known.span != import.span);
                }
            }
            Item::Table(table) if names.take("table", &table.name, sink) => tables.push(table),
            Item::Action(action) if names.take("action", &action.name, sink) => {
                items.actions.push(ActionItem { ast: action, span: action.name.span });
            }
            Item::Foreign(foreign) if names.take("foreign procedure", &foreign.name, sink) => {
                items.foreign.push(foreign);
            }
            Item::Table(_) | Item::Action(_) | Item::Foreign(_) => {}
        }
    }
    limit("tables", tables.len(), limits::TABLES, unit.name.span, sink);
    limit("actions", items.actions.len() + items.foreign.len(), limits::ACTIONS, unit.name.span, sink);
    rename::check_tables(&tables, sink);
    for table in &tables {
        let mark = sink.mark();
        items.tables.push(table::declare(table, sink));
        if sink.errors_since(mark) {
            items.broken_tables.push(table.name.name.clone());
        }
    }
    foreign_key::declare(&tables, &mut items.tables, sink);
    items
}

/// Reports that there are more than `most` of something.
pub(super) fn limit(what: &str, count: usize, most: usize, span: Span, sink: &mut Sink) {
    if count > most {
        sink.report(problems::too_many(what, count, most, span));
    }
}

/// The names taken so far in one space of names.
#[derive(Default)]
pub(super) struct Names<'a>(BTreeMap<&'a Name, Span>);

impl<'a> Names<'a> {
    /// Takes the name, or reports who has it.
    pub fn take(&mut self, what: &str, name: &'a Ident, sink: &mut Sink) -> bool {
        if let Some(earlier) = self.0.get(&name.name) {
            sink.report(problems::duplicate(what, name, *earlier));
            return false;
        }
        self.0.insert(&name.name, name.span);
        true
    }
}
