use super::{Action, ExternUse, Literal, Test};
use crate::interface::{Dbid, Interface};
use crate::language::{Name, Type};
use crate::source::{SourceId, Span};
use crate::syntax::ast::ReferentialActions;

/// Every schema of one compilation, importees before importers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Program {
    /// In dependency order; ties by name.
    pub schemas: Vec<Schema>,
}

impl Program {
    /// The schemas that are compiled for themselves, and not only because others import them.
    pub fn emitted(&self) -> impl Iterator<Item = &Schema> {
        self.schemas.iter().filter(|schema| !schema.imported)
    }

    /// The schema with `dbid`, if it is one of this compilation.
    pub fn schema(&self, dbid: &Dbid) -> Option<&Schema> {
        self.schemas.iter().find(|schema| schema.dbid == *dbid)
    }

    /// An action by schema and name.
    pub fn action(&self, dbid: &Dbid, name: &Name) -> Option<&Action> {
        self.schema(dbid).and_then(|schema| schema.action(name))
    }
}

/// One schema.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Schema {
    /// The file it was read from.
    pub source: SourceId,
    /// Its name.
    pub name: Name,
    /// Its identity.
    pub dbid: Dbid,
    /// True if it is deployed elsewhere, and here only for others to import.
    pub imported: bool,
    /// In source order.
    pub imports: Vec<Import>,
    /// In source order.
    pub externs: Vec<ExternUse>,
    /// In source order.
    pub tables: Vec<Table>,
    /// In source order.
    pub actions: Vec<Action>,
    /// What importers see.
    pub interface: Interface,
    /// In source order.
    pub tests: Vec<Test>,
}

impl Schema {
    /// The table `name`.
    pub fn table(&self, name: &Name) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == *name)
    }

    /// The action `name`.
    pub fn action(&self, name: &Name) -> Option<&Action> {
        self.actions.iter().find(|action| action.name == *name)
    }
}

/// A schema made visible under an alias.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Import {
    /// Its name here.
    pub alias: Name,
    /// Which schema.
    pub dbid: Dbid,
    /// Hash of the interface it was checked against.
    pub interface_hash: String,
    /// The `use` item.
    pub span: Span,
}

/// A table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// Its name in the version before.
    pub renamed_from: Option<Name>,
    /// In order.
    pub columns: Vec<Column>,
    /// Indexes of `columns` that make the primary key, in key order.
    pub primary_key: Vec<usize>,
    /// Other keys and lookups, those the compiler adds for foreign keys included.
    pub indexes: Vec<Index>,
    /// In source order.
    pub foreign_keys: Vec<ForeignKey>,
    /// The item.
    pub span: Span,
}

impl Table {
    /// Every set of column indexes that no two rows share and that is never null, the primary key first.
    pub fn unique_keys(&self) -> impl Iterator<Item = &[usize]> {
        let not_null = |columns: &&[usize]| {
            columns.iter().all(|index| self.columns.get(*index).is_some_and(|column| !column.nullable))
        };
        let unique = self.indexes.iter().filter(|index| index.unique).map(|index| index.columns.as_slice());
        std::iter::once(self.primary_key.as_slice()).chain(unique.filter(not_null))
    }
}

/// A column of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: Type,
    /// Its name in the version before.
    pub renamed_from: Option<Name>,
    /// False for primary key and `not null` columns.
    pub nullable: bool,
    /// Stands in when an insert leaves the column out.
    pub default: Option<Literal>,
    /// `min`, `max`, `minlen`, `maxlen`.
    pub checks: Vec<Check>,
    /// The column in the source.
    pub span: Span,
}

/// A bound on a column's values; null passes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Check {
    /// At least this.
    Min(Literal),
    /// At most this.
    Max(Literal),
    /// At least so many characters (text) or bytes (blob).
    MinLength(u64),
    /// At most so many characters (text) or bytes (blob).
    MaxLength(u64),
    /// A number, or an array of numbers: PostgreSQL has decimals that are none.
    Number,
}

/// An index beside the primary key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Index {
    /// As written, or generated: see `lower::names`.
    pub name: Option<Name>,
    /// True if no two rows may share the columns.
    pub unique: bool,
    /// Indexes of the table's columns, in order.
    pub columns: Vec<usize>,
    /// What made it.
    pub span: Span,
}

/// A foreign key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ForeignKey {
    /// Indexes of the child's columns.
    pub columns: Vec<usize>,
    /// The parent table.
    pub parent: Name,
    /// Names of the parent's columns: one of its keys.
    pub parent_columns: Vec<Name>,
    /// What happens to children.
    pub actions: ReferentialActions,
    /// The entry.
    pub span: Span,
}
