//! From tables as data to what PostgreSQL is told of them.

use super::names;
use super::ty::cast_type;
use crate::interface::{
    Bound, Dbid, OnChange, Table, TableCheck, TableColumn, TableForeignKey, TableIndex, TableKey, Value,
};
use crate::language::{Name, Type};
use crate::pg::{self, Call, Expr, Ident, Namespace};

/// Tables first, then what refers to them: lookups, then foreign keys, which may point forwards.
pub fn items(dbid: &Dbid, tables: &[Table]) -> Vec<pg::Item> {
    let made = tables.iter().map(|it| pg::Item::Table(table(dbid, it)));
    let indexes = tables
        .iter()
        .flat_map(|it| it.indexes.iter().map(|index| pg::Item::Index(self::index(dbid, &it.name, index))));
    let keys = tables.iter().flat_map(|it| {
        it.foreign_keys.iter().map(|key| pg::Item::ForeignKey(foreign_key(dbid, &it.name, key)))
    });
    made.chain(indexes).chain(keys).collect()
}

/// A table's name in its dataset's schema.
pub fn qualified(dbid: &Dbid, table: &Name) -> pg::QualifiedName {
    names::table(dbid, table)
}

/// A column's name.
pub fn ident(name: &Name) -> Ident {
    names::ident(name)
}

/// A table with everything but its indexes and foreign keys.
pub fn table(dbid: &Dbid, table: &Table) -> pg::Table {
    let checks = table.columns.iter().flat_map(|it| it.checks.iter().map(|bound| check(it, bound)));
    pg::Table {
        name: names::table(dbid, &table.name),
        columns: table.columns.iter().map(column).collect(),
        primary_key: key(&table.primary_key),
        unique: table.uniques.iter().map(key).collect(),
        checks: checks.collect(),
    }
}

/// A column without its checks.
pub fn column(column: &TableColumn) -> pg::Column {
    pg::Column {
        name: names::ident(&column.name),
        ty: cast_type(&column.ty),
        not_null: !column.nullable,
        default: column.default.as_ref().map(value),
    }
}

/// The name and columns of a primary key or unique constraint.
pub fn key(key: &TableKey) -> (Ident, Vec<Ident>) {
    (Ident::new(&key.name), idents(&key.columns))
}

/// The check that holds a column to a bound.
pub fn check(column: &TableColumn, check: &TableCheck) -> pg::Check {
    let value = Expr::Output(names::ident(&column.name));
    pg::Check { name: Ident::new(&check.name), condition: within(value, &column.ty, &check.bound) }
}

/// `"age" >= 18`, `pg_catalog.char_length("name") <= 64`, `"price" <> 'NaN'`: true or null for what a bound allows; `given` has type `ty`.
pub fn within(given: Expr, ty: &Type, bound: &Bound) -> Expr {
    let nan = || Expr::Text("NaN".to_owned());
    let length = |given: Expr| {
        let function = if *ty == Type::Blob { "octet_length" } else { "char_length" };
        Expr::Call(Box::new(Call::plain(Namespace::Catalog, function, vec![given])))
    };
    let (left, operator, right) = match bound {
        Bound::Number if matches!(ty, Type::Array(_)) => {
            let left = Box::new(Expr::Cast(Box::new(nan()), pg::Type::Numeric(None)));
            return Expr::Quantified { operator: "<>", all: true, left, array: Box::new(given) };
        }
        Bound::Number => (given, "<>", nan()),
        Bound::Min(least) => (given, ">=", value(least)),
        Bound::Max(most) => (given, "<=", value(most)),
        Bound::MinLength(least) => (length(given), ">=", Expr::Number(least.to_string())),
        Bound::MaxLength(most) => (length(given), "<=", Expr::Number(most.to_string())),
    };
    Expr::Binary { operator, left: Box::new(left), right: Box::new(right) }
}

/// An index of `table`.
pub fn index(dbid: &Dbid, table: &Name, index: &TableIndex) -> pg::Index {
    pg::Index {
        name: Ident::new(&index.name),
        table: names::table(dbid, table),
        columns: idents(&index.columns),
        unique: index.unique,
    }
}

/// A foreign key of `table`.
pub fn foreign_key(dbid: &Dbid, table: &Name, key: &TableForeignKey) -> pg::ForeignKey {
    pg::ForeignKey {
        name: Ident::new(&key.name),
        table: names::table(dbid, table),
        columns: idents(&key.columns),
        parent: names::table(dbid, &key.parent),
        parent_columns: idents(&key.parent_columns),
        on_delete: key.on_delete.map(referential_action),
        on_update: key.on_update.map(referential_action),
    }
}

/// A literal whose place gives it a type.
pub fn value(value: &Value) -> Expr {
    match value {
        Value::Number(digits) => Expr::Number(digits.clone()),
        Value::Text(text) => Expr::Text(text.clone()),
        // Written by `hex::encode`, or an empty blob.
        Value::Blob(digits) => Expr::Bytes(hex::decode(digits).unwrap_or_default()),
        Value::Bool(value) => Expr::Bool(*value),
        Value::Null => Expr::Null,
    }
}

fn idents(names: &[Name]) -> Vec<Ident> {
    names.iter().map(names::ident).collect()
}

fn referential_action(action: OnChange) -> pg::ReferentialAction {
    match action {
        OnChange::NoAction => pg::ReferentialAction::NoAction,
        OnChange::Cascade => pg::ReferentialAction::Cascade,
        OnChange::Restrict => pg::ReferentialAction::Restrict,
        OnChange::SetNull => pg::ReferentialAction::SetNull,
        OnChange::SetDefault => pg::ReferentialAction::SetDefault,
    }
}
