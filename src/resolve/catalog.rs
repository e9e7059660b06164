use crate::hir::{Import, Table};
use crate::interface::Dbid;
use crate::language::Name;
use crate::source::{SourceId, Span};
use crate::syntax::ast::{Action, Foreign};

/// Every schema of the compilation, importees first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Catalog<'a> {
    /// In dependency order.
    pub schemas: Vec<SchemaItems<'a>>,
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

    /// The foreign procedure `name`.
    pub fn foreign(&self, name: &Name) -> Option<&'a Foreign> {
        self.foreign.iter().copied().find(|foreign| foreign.name.name == *name)
    }

    /// The action `name`.
    pub fn action(&self, name: &Name) -> Option<&'a Action> {
        self.actions.iter().map(|item| item.ast).find(|action| action.name.name == *name)
    }
}
