//! Tables as data: what is recorded of them, and what their SQL is made of.

use super::names::{Part, Parts};
use crate::hir::{self, Check, Literal, ReferentialAction, Schema};
use crate::interface::{
    Bound, OnChange, Table, TableCheck, TableColumn, TableForeignKey, TableIndex, TableKey, Value,
};
use crate::language::Name;
use crate::source::Span;

/// The tables of a schema, with the names of their constraints; `line` says where in the source a span begins.
pub(super) fn tables(schema: &Schema, line: &dyn Fn(Span) -> u32) -> Vec<Table> {
    let parts = Parts::of(schema);
    let tables = schema.tables.iter().enumerate();
    tables.map(|(at, table)| Reading { table, at, parts: &parts, line }.table()).collect()
}

/// One table with the names of all.
struct Reading<'a> {
    table: &'a hir::Table,
    at: usize,
    parts: &'a Parts,
    line: &'a dyn Fn(Span) -> u32,
}

impl Reading<'_> {
    fn table(&self) -> Table {
        let table = self.table;
        let unnamed = |(_, index): &(usize, &hir::Index)| index.unique && index.name.is_none();
        let (constraints, indexes): (Vec<_>, Vec<_>) = table.indexes.iter().enumerate().partition(unnamed);
        let unique = |(index, it): (usize, &hir::Index)| self.key(Part::Index(index), &it.columns);
        let lookup = |(index, it): (usize, &hir::Index)| TableIndex {
            name: self.name(Part::Index(index)),
            columns: self.columns(&it.columns),
            unique: it.unique,
            line: (self.line)(it.span),
        };
        Table {
            name: table.name.clone(),
            renamed_from: table.renamed_from.clone(),
            line: (self.line)(table.span),
            columns: table.columns.iter().enumerate().map(|(index, it)| self.column(index, it)).collect(),
            primary_key: self.key(Part::PrimaryKey, &table.primary_key),
            uniques: constraints.into_iter().map(unique).collect(),
            indexes: indexes.into_iter().map(lookup).collect(),
            foreign_keys: (0..)
                .zip(&table.foreign_keys)
                .map(|(index, it)| self.foreign_key(index, it))
                .collect(),
        }
    }

    fn column(&self, index: usize, column: &hir::Column) -> TableColumn {
        let check = |(check, it): (usize, &Check)| TableCheck {
            name: self.name(Part::Check { column: index, check }),
            bound: bound(it),
        };
        TableColumn {
            name: column.name.clone(),
            renamed_from: column.renamed_from.clone(),
            line: (self.line)(column.span),
            ty: column.ty.clone(),
            nullable: column.nullable,
            default: column.default.as_ref().map(value),
            checks: column.checks.iter().enumerate().map(check).collect(),
        }
    }

    fn foreign_key(&self, index: usize, key: &hir::ForeignKey) -> TableForeignKey {
        TableForeignKey {
            name: self.name(Part::ForeignKey(index)),
            columns: self.columns(&key.columns),
            parent: key.parent.clone(),
            parent_columns: key.parent_columns.clone(),
            on_delete: key.actions.on_delete.map(on_change),
            on_update: key.actions.on_update.map(on_change),
            line: (self.line)(key.span),
        }
    }

    fn key(&self, part: Part, columns: &[usize]) -> TableKey {
        TableKey { name: self.name(part), columns: self.columns(columns) }
    }

    fn name(&self, part: Part) -> String {
        self.parts.get(self.at, part).as_str().to_owned()
    }

    fn columns(&self, indexes: &[usize]) -> Vec<Name> {
        let named = indexes.iter().filter_map(|index| self.table.columns.get(*index));
        named.map(|column| column.name.clone()).collect()
    }
}

fn bound(check: &Check) -> Bound {
    match check {
        Check::Min(literal) => Bound::Min(value(literal)),
        Check::Max(literal) => Bound::Max(value(literal)),
        Check::MinLength(length) => Bound::MinLength(*length),
        Check::MaxLength(length) => Bound::MaxLength(*length),
        Check::Number => Bound::Number,
    }
}

fn value(literal: &Literal) -> Value {
    match literal {
        Literal::Number(digits) => Value::Number(digits.clone()),
        Literal::Text(text) => Value::Text(text.clone()),
        Literal::Blob(bytes) => Value::Blob(hex::encode(bytes)),
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Null => Value::Null,
    }
}

fn on_change(action: ReferentialAction) -> OnChange {
    match action {
        ReferentialAction::NoAction => OnChange::NoAction,
        ReferentialAction::Cascade => OnChange::Cascade,
        ReferentialAction::Restrict => OnChange::Restrict,
        ReferentialAction::SetNull => OnChange::SetNull,
        ReferentialAction::SetDefault => OnChange::SetDefault,
    }
}
