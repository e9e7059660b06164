use std::collections::BTreeMap;

use super::lineage::Lineage;
use crate::interface::{Dbid, Table, TableColumn};
use crate::language::Name;

/// The tables of both versions, matched.
pub(super) struct Schemas<'a> {
    pub dbid: &'a Dbid,
    pub old: &'a [Table],
    pub new: &'a [Table],
    pub lineage: &'a Lineage,
}

/// A table that stays.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub schemas: &'a Schemas<'a>,
    pub old: &'a Table,
    pub new: &'a Table,
}

impl<'a> Schemas<'a> {
    /// What `table` of the new version was.
    pub fn old_of(&self, table: &Table) -> Option<&'a Table> {
        let was = self.lineage.table(&table.name)?;
        self.old.iter().find(|old| old.name == *was)
    }

    /// What `table` of the old version becomes.
    pub fn new_of(&self, table: &Table) -> Option<&'a Table> {
        self.new.iter().find(|new| self.old_of(new).is_some_and(|old| old.name == table.name))
    }

    /// Tables that stay, in the new order.
    pub fn pairs(&'a self) -> impl Iterator<Item = Pair<'a>> {
        self.new.iter().filter_map(|new| Some(Pair { schemas: self, old: self.old_of(new)?, new }))
    }

    /// The pair whose old table is `name`.
    pub fn pair_of_old(&'a self, name: &Name) -> Option<Pair<'a>> {
        self.pairs().find(|pair| pair.old.name == *name)
    }

    /// The pair whose new table is `name`.
    pub fn pair_of_new(&'a self, name: &Name) -> Option<Pair<'a>> {
        self.pairs().find(|pair| pair.new.name == *name)
    }
}

impl<'a> Pair<'a> {
    /// What a column of the new version was.
    pub fn old_of(&self, column: &TableColumn) -> Option<&'a TableColumn> {
        self.old.column(self.schemas.lineage.column(&self.new.name, &column.name)?)
    }

    /// Columns that stay.
    pub fn columns(self) -> impl Iterator<Item = (&'a TableColumn, &'a TableColumn)> {
        self.new.columns.iter().filter_map(move |new| Some((self.old_of(new)?, new)))
    }

    /// Columns that go.
    pub fn dropped(self) -> impl Iterator<Item = &'a TableColumn> {
        let kept: Vec<&Name> = self.columns().map(|(old, _)| &old.name).collect();
        self.old.columns.iter().filter(move |old| !kept.contains(&&old.name))
    }

    /// The new names of old columns; none if one of them goes.
    pub fn renamed(&self, columns: &[Name]) -> Option<Vec<Name>> {
        let names: BTreeMap<&Name, &Name> = self.columns().map(|(old, new)| (&old.name, &new.name)).collect();
        columns.iter().map(|column| names.get(column).map(|name| (*name).clone())).collect()
    }
}
