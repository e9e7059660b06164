//! What a table asks of its rows.

use kuneiform::hir::{Check, Literal, Schema, Table};

use super::cast::literal;
use super::values::{Fault, Row, Value, fault, order, same};

/// A row with every column's default.
pub fn defaults(table: &Table) -> Result<Row, Fault> {
    let default = |column: &kuneiform::hir::Column| match &column.default {
        Some(value) => literal(value, &column.ty),
        None => Ok(Value::Null),
    };
    table.columns.iter().map(default).collect()
}

/// Nulls and checks.
pub fn check(table: &Table, row: &[Value]) -> Result<(), Fault> {
    for (column, value) in table.columns.iter().zip(row) {
        if value.is_null() {
            if column.nullable {
                continue;
            }
            return Err(fault("23502"));
        }
        for check in &column.checks {
            if !holds(check, value, &column.ty)? {
                return Err(fault("23514"));
            }
        }
    }
    Ok(())
}

fn holds(check: &Check, value: &Value, ty: &kuneiform::language::Type) -> Result<bool, Fault> {
    let bound = |bound: &Literal| literal(bound, ty);
    let length = || match value {
        Value::Text(text) => text.chars().count() as u64,
        Value::Blob(bytes) => bytes.len() as u64,
        other => panic!("no length: {other:?}"),
    };
    Ok(match check {
        Check::Min(least) => order(value, &bound(least)?).is_ge(),
        Check::Max(most) => order(value, &bound(most)?).is_le(),
        Check::MinLength(least) => length() >= *least,
        Check::MaxLength(most) => length() <= *most,
        // The interpreter has no other decimals.
        Check::Number => true,
    })
}

/// The sets of columns no two rows share.
pub fn keys(table: &Table) -> Vec<&[usize]> {
    let unique = table.indexes.iter().filter(|index| index.unique).map(|index| index.columns.as_slice());
    std::iter::once(table.primary_key.as_slice()).chain(unique).collect()
}

/// True if two rows share a key; nulls are never shared.
pub fn clash(key: &[usize], left: &[Value], right: &[Value]) -> bool {
    key.iter().all(|column| !left[*column].is_null() && same(&left[*column], &right[*column]))
}

/// Every key is unique.
pub fn check_keys(table: &Table, rows: &[Row]) -> Result<(), Fault> {
    for key in keys(table) {
        for (number, row) in rows.iter().enumerate() {
            if rows[..number].iter().any(|other| clash(key, row, other)) {
                return Err(fault("23505"));
            }
        }
    }
    Ok(())
}

/// The place of a column.
pub fn column(table: &Table, name: &kuneiform::language::Name) -> usize {
    table.columns.iter().position(|column| column.name == *name).expect("a column")
}

/// The foreign keys that refer to a table, with the tables they stand in.
pub fn referring<'p>(schema: &'p Schema, parent: &Table) -> Vec<(&'p Table, &'p kuneiform::hir::ForeignKey)> {
    let all = schema.tables.iter().flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)));
    all.filter(|(_, key)| key.parent == parent.name).collect()
}
