use std::collections::{BTreeMap, BTreeSet};

use crate::interface::{Access, CallEdge, Dbid, Determinism, ExternFunction};
use crate::language::Name;

/// What one function was seen to read, write and call while it was made.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    reads: Touched,
    writes: Touched,
    /// Actions called.
    pub calls: BTreeSet<CallEdge>,
    /// Functions of externs called, as `extern.function`.
    pub externs: BTreeMap<String, ExternFunction>,
    /// How the result is ordered, if there is one.
    pub determinism: Option<Determinism>,
}

type Touched = BTreeMap<(Dbid, Name), BTreeSet<Name>>;

impl Facts {
    /// Notes that a table is read, and perhaps one of its columns.
    pub(super) fn read(&mut self, dataset: &Dbid, table: &Name, column: Option<&Name>) {
        touch(&mut self.reads, dataset, table, column);
    }

    /// Notes that a table is written, and perhaps one of its columns.
    pub(super) fn write(&mut self, dataset: &Dbid, table: &Name, column: Option<&Name>) {
        touch(&mut self.writes, dataset, table, column);
    }

    /// Notes how rows of the result are ordered. Of several statements that make some the weakest counts.
    pub(super) fn note_order(&mut self, order: Determinism) {
        self.determinism = self.determinism.max(Some(order));
    }

    /// Tables read, with the columns.
    pub fn reads(&self) -> BTreeSet<Access> {
        accesses(&self.reads)
    }

    /// Tables written, with the columns.
    pub fn writes(&self) -> BTreeSet<Access> {
        accesses(&self.writes)
    }
}

fn touch(touched: &mut Touched, dataset: &Dbid, table: &Name, column: Option<&Name>) {
    touched.entry((dataset.clone(), table.clone())).or_default().extend(column.cloned());
}

fn accesses(touched: &Touched) -> BTreeSet<Access> {
    let access = |((dataset, table), columns): (&(Dbid, Name), &BTreeSet<Name>)| Access {
        dataset: dataset.clone(),
        table: table.clone(),
        columns: columns.clone(),
    };
    touched.iter().map(access).collect()
}
