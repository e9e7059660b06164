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
                Some(action @ (ReferentialAction::SetNull | ReferentialAction::SetDefault)) => {
                    let values = detached(child, key, action)?;
                    self.rewrite(schema, child, key, &is_hit, &values)?;
                }
                _ => return Err(fault("23503")),
            }
        }
        Ok(())
    }

    /// What happens to the children of rows whose keys changed: `changed` holds rows before and after.
    pub fn updated(
        &mut self,
        schema: &'p Schema,
        table: &'p Table,
        changed: &[(Row, Row)],
    ) -> Result<(), Fault> {
        for (child, key) in referring(schema, table) {
            for (before, after) in changed {
                let own = |row: &Row| -> Row {
                    key.parent_columns.iter().map(|name| row[column(table, name)].clone()).collect()
                };
                let is_hit = |row: &Row| refers(row, key) && meets(table, before, row, key);
                if own(before) == own(after) || !self.rows(schema, child).iter().any(is_hit) {
                    continue;
                }
                let values = match key.actions.on_update {
                    Some(ReferentialAction::Cascade) => own(after),
                    Some(action @ (ReferentialAction::SetNull | ReferentialAction::SetDefault)) => {
                        detached(child, key, action)?
                    }
                    _ => return Err(fault("23503")),
                };
                self.rewrite(schema, child, key, &is_hit, &values)?;
            }
        }
        Ok(())
    }

    /// Gives the columns of a foreign key new values.
    fn rewrite(
        &mut self,
        schema: &'p Schema,
        child: &'p Table,
        key: &ForeignKey,
        is_hit: &dyn Fn(&Row) -> bool,
        values: &Row,
    ) -> Result<(), Fault> {
        let rows = self.rows(schema, child);
        for row in rows.iter_mut() {
            if is_hit(row) {
                key.columns.iter().zip(values).for_each(|(column, value)| row[*column] = value.clone());
                super::table::check(child, row)?;
            }
        }
        let rows = rows.clone();
        super::table::check_keys(child, &rows)?;
        self.check_references(schema, child)
    }
}

/// What SET NULL and SET DEFAULT set.
fn detached(child: &Table, key: &ForeignKey, action: ReferentialAction) -> Result<Row, Fault> {
    match action {
        ReferentialAction::SetNull => Ok(vec![Value::Null; key.columns.len()]),
        _ => {
            let defaults = super::table::defaults(child)?;
            Ok(key.columns.iter().map(|column| defaults[*column].clone()).collect())
        }
    }
}

fn refers(child: &[Value], key: &ForeignKey) -> bool {
    key.columns.iter().all(|column| !child[*column].is_null())
}

fn meets(parent: &Table, row: &[Value], child: &[Value], key: &ForeignKey) -> bool {
    let mut pairs = key.columns.iter().zip(&key.parent_columns);
    pairs.all(|(own, name)| same(&child[*own], &row[column(parent, name)]))
}
