//! Statements as text, from data alone.

use crate::interface::Dbid;
use crate::language::Name;
use crate::lower::table::qualified;
use crate::pg::print;
use crate::pg::{Alteration, Change, Ident, Index, Item, QualifiedName};

/// `ALTER TABLE ..` of the table `name`.
pub(super) fn alter(dbid: &Dbid, name: &Name, alteration: Alteration) -> String {
    print::change(&Change::Table { table: qualified(dbid, name), alteration })
}

/// A constraint of the table `name` is dropped.
pub(super) fn drop_constraint(dbid: &Dbid, name: &Name, constraint: &str) -> String {
    alter(dbid, name, Alteration::DropConstraint(Ident::new(constraint)))
}

/// A constraint of the table `name` is validated.
pub(super) fn validate(dbid: &Dbid, name: &Name, constraint: &str) -> String {
    alter(dbid, name, Alteration::Validate(Ident::new(constraint)))
}

/// `CREATE INDEX CONCURRENTLY ..`
pub(super) fn build(index: Index) -> String {
    print::change(&Change::BuildIndex(index))
}

/// `DROP INDEX ..`
pub(super) fn drop_index(dbid: &Dbid, index: &str) -> String {
    print::change(&Change::DropIndex(part(dbid, index)))
}

/// An index in the schema of a dataset.
pub(super) fn part(dbid: &Dbid, index: &str) -> QualifiedName {
    QualifiedName { schema: Ident::new(dbid.pg_schema()), name: Ident::new(index) }
}

/// `DROP TABLE a, b`
pub(super) fn drop_tables(dbid: &Dbid, tables: &[Name]) -> String {
    print::change(&Change::DropTables(tables.iter().map(|table| qualified(dbid, table)).collect()))
}

/// What creates an item.
pub(super) fn create(item: Item) -> String {
    print::item(&item).text
}
