use std::collections::BTreeMap;

use crate::hir::{ExternUse, Import, Literal, Table};
use crate::interface::Dbid;
use crate::language::{Name, Type};
use crate::source::{SourceId, Span};
use crate::syntax::ast::{Action, ExternFunction, Foreign, TestFile};

/// Every schema of the compilation, importees first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Catalog<'a> {
    /// In dependency order.
    pub schemas: Vec<SchemaItems<'a>>,
    /// The declared externs, used or not.
    pub externs: BTreeMap<Name, Extern<'a>>,
}

/// What an interface file declares.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extern<'a> {
    /// What `use` calls it.
    pub name: Name,
    /// The PostgreSQL schema of its functions.
    pub schema: Name,
    /// In source order, the first of each name.
    pub config: Vec<ConfigEntry>,
    /// In source order, the first of each name.
    pub functions: Vec<&'a ExternFunction>,
    /// Its name in the source.
    pub span: Span,
}

/// What every `use` of an extern chooses a value for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigEntry {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: Type,
    /// Stands in where a `use` says nothing; none makes it required.
    pub default: Option<Literal>,
    /// Where it is declared.
    pub span: Span,
}

/// What one schema declares.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SchemaItems<'a> {
    /// Its file.
    pub source: SourceId,
    /// Its name.
    pub name: Name,
    /// Its identity.
    pub dbid: Dbid,
    /// True if it is only there for others to import.
    pub imported: bool,
    /// Bound imports; the interface hash is filled in when the importee has been checked.
    pub imports: Vec<Import>,
    /// Bound externs.
    pub externs: Vec<ExternUse>,
    /// Aliases of imports that could not be bound, so that uses of them are not reported again.
    pub broken_imports: Vec<Name>,
    /// Checked tables.
    pub tables: Vec<Table>,
    /// Tables with an error in them, so that their columns are not reported as unknown.
    pub broken_tables: Vec<Name>,
    /// Actions in source order, the first of each name.
    pub actions: Vec<ActionItem<'a>>,
    /// Foreign procedures in source order, the first of each name.
    pub foreign: Vec<&'a Foreign>,
    /// Files of tests of this schema, in the order of the sources.
    pub tests: Vec<&'a TestFile>,
}

/// An action before its body is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ActionItem<'a> {
    /// Its text as a tree.
    pub ast: &'a Action,
    /// Its name in the source.
    pub span: Span,
}

impl<'a> SchemaItems<'a> {
    /// The table `name`.
    pub fn table(&self, name: &Name) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == *name)
    }

    /// The import `alias`.
    pub fn import(&self, alias: &Name) -> Option<&Import> {
        self.imports.iter().find(|import| import.alias == *alias)
    }

    /// The extern bound to `alias`.
    pub fn extern_use(&self, alias: &Name) -> Option<&ExternUse> {
        self.externs.iter().find(|known| known.alias == *alias)
    }

    /// The foreign procedure `name`.
    pub fn foreign(&self, name: &Name) -> Option<&'a Foreign> {
        self.foreign.iter().copied().find(|foreign| foreign.name.name == *name)
    }

    /// The action `name`.
    pub fn action(&self, name: &Name) -> Option<&'a Action> {
        self.actions.iter().map(|item| item.ast).find(|action| action.name.name == *name)
    }
}
