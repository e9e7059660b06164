use std::collections::{BTreeMap, BTreeSet};

use super::externs::{Externs, stub_name};
use super::order::CallOrder;
use crate::hir::{Action, Table};
use crate::interface::{Dbid, Interface, Signature};
use crate::language::Name;
use crate::resolve::SchemaItems;

/// What is known while an action is checked: shared, read-only facts.
pub(super) struct Env<'a> {
    /// The schema.
    pub items: &'a SchemaItems<'a>,
    /// Schemas checked before this one.
    interfaces: &'a BTreeMap<Dbid, Interface>,
    /// The functions of every extern.
    externs: &'a Externs,
    /// Actions of this schema checked so far.
    signatures: BTreeMap<Name, Signature>,
    /// Actions that can reach themselves.
    recursive: BTreeSet<Name>,
}

impl<'a> Env<'a> {
    pub fn new(
        items: &'a SchemaItems<'a>,
        interfaces: &'a BTreeMap<Dbid, Interface>,
        externs: &'a Externs,
        order: &CallOrder,
    ) -> Env<'a> {
        let recursive = order.recursive.clone();
        Env { items, interfaces, externs, signatures: BTreeMap::new(), recursive }
    }

    /// Makes a checked action known to its callers.
    pub fn learn(&mut self, action: &Action) {
        self.signatures.insert(action.name.clone(), action.signature.clone());
    }

    /// The signature of an action of this schema; none while it is part of a recursion being checked.
    pub fn own(&self, name: &Name) -> Option<&Signature> {
        self.signatures.get(name)
    }

    /// True if the action can reach itself.
    pub fn is_recursive(&self, name: &Name) -> bool {
        self.recursive.contains(name)
    }

    /// The interface of the schema imported as `alias`.
    pub fn imported(&self, alias: &Name) -> Option<&'a Interface> {
        self.items.import(alias).and_then(|import| self.interfaces.get(&import.dbid))
    }

    /// The signature of what `alias.name` means, if there is such a thing.
    pub fn behind(&self, alias: &Name, name: &Name) -> Option<&Signature> {
        match self.items.extern_use(alias) {
            Some(bound) => self.own(&stub_name(&bound.alias, name)),
            None => self.imported(alias)?.actions.get(name),
        }
    }

    /// Every alias of an import or extern.
    pub fn aliases(&self) -> Vec<&'a str> {
        let imports = self.items.imports.iter().map(|import| import.alias.as_str());
        imports.chain(self.items.externs.iter().map(|bound| bound.alias.as_str())).collect()
    }

    /// The names of an extern's functions.
    pub fn extern_functions(&self, name: &Name) -> Vec<&'a str> {
        self.externs.get(name).into_iter().flat_map(BTreeMap::keys).map(Name::as_str).collect()
    }

    /// A table of this schema.
    pub fn table(&self, name: &Name) -> Option<&'a Table> {
        self.items.table(name)
    }

    /// True if the table was already reported as wrong.
    pub fn is_broken(&self, table: &Name) -> bool {
        self.items.broken_tables.contains(table)
    }
}
