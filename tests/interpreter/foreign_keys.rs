//! Foreign keys, at the end of each statement.

use kuneiform::hir::{ForeignKey, ReferentialAction, Schema, Table};

use super::Machine;
use super::table::{column, referring};
use super::values::{Fault, Row, Value, fault, same};

impl<'p> Machine<'p> {
    pub fn rows(&mut self, schema: &Schema, table: &Table) -> &mut Vec<Row> {
        self.tables.get_mut(&(schema.name.clone(), table.name.clone())).expect("a table")
    }

    /// Every row of `table` refers to rows that are there.
    pub fn check_references(&mut self, schema: &'p Schema, table: &'p Table) -> Result<(), Fault> {
        for key in &table.foreign_keys {
            let parent = schema.table(&key.parent).expect("a parent");
            let parents = self.rows(schema, parent).clone();
            let children = self.rows(schema, table);
            let orphan = |child: &&Row| {
                refers(child, key) && !parents.iter().any(|row| meets(parent, row, child, key))
            };
            if children.iter().any(|child| orphan(&child)) {
                return Err(fault("23503"));
            }
        }
        Ok(())
    }

    /// What happens to the children of rows that were deleted.
    pub fn deleted(&mut self, schema: &'p Schema, table: &'p Table, gone: &[Row]) -> Result<(), Fault> {
        for (child, key) in referring(schema, table) {
            let rows = self.rows(schema, child);
            let is_hit = |row: &Row| refers(row, key) && gone.iter().any(|gone| meets(table, gone, row, key));
            if !rows.iter().any(is_hit) {
                continue;
            }
            match key.actions.on_delete {
                Some(ReferentialAction::Cascade) => {
                    let (hit, kept): (Vec<Row>, Vec<Row>) = rows.drain(..).partition(is_hit);
                    *rows = kept;
                    self.deleted(schema, child, &hit)?;
                }
                Some(ReferentialAction::SetNull) => {
                    for row in rows.iter_mut().filter(|row| is_hit(row)) {
                        key.columns.iter().for_each(|column| row[*column] = Value::Null);
                    }
                    let rows = rows.clone();
                    rows.iter().try_for_each(|row| super::table::check(child, row))?;
                }
                _ => return Err(fault("23503")),
            }
        }
        Ok(())
    }
}

fn refers(child: &[Value], key: &ForeignKey) -> bool {
    key.columns.iter().all(|column| !child[*column].is_null())
}

fn meets(parent: &Table, row: &[Value], child: &[Value], key: &ForeignKey) -> bool {
    let mut pairs = key.columns.iter().zip(&key.parent_columns);
    pairs.all(|(own, name)| same(&child[*own], &row[column(parent, name)]))
}
