use super::literal::bare;
use super::names::{self, Part, Parts};
use super::ty::cast_type;
use crate::hir::{self, Check, Column, Schema, Table};
use crate::language::Type;
use crate::pg::{self, Call, Expr, Ident, Namespace};

/// Tables first, then what refers to them: lookups, then foreign keys, which may point forwards.
pub(super) fn items(schema: &Schema) -> Vec<pg::Item> {
    let parts = Parts::of(schema);
    let mut items = Vec::new();
    for (at, it) in schema.tables.iter().enumerate() {
        items.push(pg::Item::Table(table(schema, at, it, &parts)));
    }
    for (at, it) in schema.tables.iter().enumerate() {
        items.extend(indexes(schema, at, it, &parts));
    }
    for (at, it) in schema.tables.iter().enumerate() {
        items.extend(foreign_keys(schema, at, it, &parts));
    }
    items
}

fn table(schema: &Schema, at: usize, table: &Table, parts: &Parts) -> pg::Table {
    let unnamed = |(_, index): &(usize, &hir::Index)| index.unique && index.name.is_none();
    let unique = table.indexes.iter().enumerate().filter(unnamed);
    let checks = table.columns.iter().enumerate().flat_map(|(column, it)| {
        it.checks.iter().enumerate().map(move |(check, bound)| pg::Check {
            name: parts.get(at, Part::Check { column, check }),
            condition: check_condition(it, bound),
        })
    });
    pg::Table {
        name: names::table(&schema.dbid, &table.name),
        columns: table.columns.iter().map(column).collect(),
        primary_key: (parts.get(at, Part::PrimaryKey), column_names(table, &table.primary_key)),
        unique: unique
            .map(|(index, it)| (parts.get(at, Part::Index(index)), column_names(table, &it.columns)))
            .collect(),
        checks: checks.collect(),
        span: table.span,
    }
}

fn column(column: &Column) -> pg::Column {
    pg::Column {
        name: names::ident(&column.name),
        ty: cast_type(&column.ty),
        not_null: !column.nullable,
        default: column.default.as_ref().map(bare),
    }
}

/// `"age" >= 18`, `pg_catalog.char_length("name") <= 64`
fn check_condition(column: &Column, check: &Check) -> Expr {
    let value = || Expr::Output(names::ident(&column.name));
    let length = || {
        let function = if column.ty == Type::Blob { "octet_length" } else { "char_length" };
        Expr::Call(Box::new(Call::plain(Namespace::Catalog, function, vec![value()])))
    };
    let (left, operator, right) = match check {
        Check::Min(bound) => (value(), ">=", bare(bound)),
        Check::Max(bound) => (value(), "<=", bare(bound)),
        Check::MinLength(bound) => (length(), ">=", Expr::Number(bound.to_string())),
        Check::MaxLength(bound) => (length(), "<=", Expr::Number(bound.to_string())),
    };
    Expr::Binary { operator, left: Box::new(left), right: Box::new(right) }
}

fn indexes(schema: &Schema, at: usize, table: &Table, parts: &Parts) -> Vec<pg::Item> {
    let created = |(_, index): &(usize, &hir::Index)| !index.unique || index.name.is_some();
    let index = |(index, it): (usize, &hir::Index)| {
        pg::Item::Index(pg::Index {
            name: parts.get(at, Part::Index(index)),
            table: names::table(&schema.dbid, &table.name),
            columns: column_names(table, &it.columns),
            unique: it.unique,
            span: it.span,
        })
    };
    table.indexes.iter().enumerate().filter(created).map(index).collect()
}

fn foreign_keys(schema: &Schema, at: usize, table: &Table, parts: &Parts) -> Vec<pg::Item> {
    let foreign_key = |(index, it): (usize, &hir::ForeignKey)| {
        pg::Item::ForeignKey(pg::ForeignKey {
            name: parts.get(at, Part::ForeignKey(index)),
            table: names::table(&schema.dbid, &table.name),
            columns: column_names(table, &it.columns),
            parent: names::table(&schema.dbid, &it.parent),
            parent_columns: it.parent_columns.iter().map(names::ident).collect(),
            on_delete: it.actions.on_delete.map(referential_action),
            on_update: it.actions.on_update.map(referential_action),
            span: it.span,
        })
    };
    table.foreign_keys.iter().enumerate().map(foreign_key).collect()
}

fn referential_action(action: hir::ReferentialAction) -> pg::ReferentialAction {
    match action {
        hir::ReferentialAction::NoAction => pg::ReferentialAction::NoAction,
        hir::ReferentialAction::Cascade => pg::ReferentialAction::Cascade,
        hir::ReferentialAction::Restrict => pg::ReferentialAction::Restrict,
        hir::ReferentialAction::SetNull => pg::ReferentialAction::SetNull,
        hir::ReferentialAction::SetDefault => pg::ReferentialAction::SetDefault,
    }
}

/// The names of columns by index.
pub(super) fn column_names(table: &Table, indexes: &[usize]) -> Vec<Ident> {
    let named = indexes.iter().filter_map(|index| table.columns.get(*index));
    named.map(|column| names::ident(&column.name)).collect()
}
