use std::collections::{BTreeMap, BTreeSet};

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
    /// Actions of this schema checked so far.
    signatures: BTreeMap<Name, Signature>,
    /// Actions that can reach themselves.
    recursive: BTreeSet<Name>,
}

impl<'a> Env<'a> {
    pub fn new(
        items: &'a SchemaItems<'a>,
        interfaces: &'a BTreeMap<Dbid, Interface>,
        order: &CallOrder,
    ) -> Env<'a> {
        Env { items, interfaces, signatures: BTreeMap::new(), recursive: order.recursive.clone() }
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

    /// A table of this schema.
    pub fn table(&self, name: &Name) -> Option<&'a Table> {
        self.items.table(name)
    }

    /// True if the table was already reported as wrong.
    pub fn is_broken(&self, table: &Name) -> bool {
        self.items.broken_tables.contains(table)
    }
}
