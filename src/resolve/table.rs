use super::schema::{Names, limit};
use super::{Misfit, fit};
use super::{problems, rename};
use crate::diagnostics::Sink;
use crate::hir::{self, Check, Literal};
use crate::language::limits;
use crate::language::{Ident, Type};
use crate::syntax::ast::{Attribute, AttributeKind, Column, IndexKind, LiteralKind, Table};

/// Checks one table but for its foreign keys, which need all tables.
pub(super) fn declare(table: &Table, sink: &mut Sink) -> hir::Table {
    let mut names = Names::default();
    let mut made = hir::Table {
        name: table.name.name.clone(),
        renamed_from: table.renamed_from.as_ref().map(|from| from.name.clone()),
        columns: Vec::new(),
        primary_key: Vec::new(),
        indexes: Vec::new(),
        foreign_keys: Vec::new(),
        span: table.name.span,
    };
    for column in &table.columns {
        if names.take("column", &column.name, sink) {
            made.columns.push(declare_column(column, sink));
        }
    }
    limit("columns", table.columns.len(), limits::COLUMNS, table.name.span, sink);
    rename::check_columns(table, sink);
    declare_keys(table, &mut made, sink);
    made
}

fn declare_column(column: &Column, sink: &mut Sink) -> hir::Column {
    let mut made = hir::Column {
        name: column.name.name.clone(),
        ty: column.ty.ty.clone(),
        renamed_from: None,
        nullable: true,
        default: None,
        checks: Vec::new(),
        span: column.name.span,
    };
    for attribute in &column.attributes {
        apply(attribute, column, &mut made, sink);
    }
    let is_bounded = made.checks.iter().any(|check| matches!(check, Check::Max(_)));
    if holds_decimals(&made.ty) && !is_bounded {
        made.checks.push(Check::Number);
    }
    made
}

/// True for decimals and arrays of them. PostgreSQL sorts NaN above every number, so that an upper bound refuses it too.
fn holds_decimals(ty: &Type) -> bool {
    match ty {
        Type::Array(element) => holds_decimals(element),
        ty => matches!(ty, Type::Decimal(_)),
    }
}

fn apply(attribute: &Attribute, column: &Column, made: &mut hir::Column, sink: &mut Sink) {
    let ty = &column.ty.ty;
    match &attribute.kind {
        AttributeKind::PrimaryKey | AttributeKind::NotNull => made.nullable = false,
        AttributeKind::RenamedFrom(from) => made.renamed_from = Some(from.name.clone()),
        AttributeKind::Unique | AttributeKind::References { .. } => {}
        AttributeKind::Default(literal) => made.default = value(&literal.kind, column, literal.span, sink),
        AttributeKind::Min(literal) | AttributeKind::Max(literal) => {
            if !ty.is_numeric() && *ty != Type::Unknown {
                sink.report(problems::attribute_type("min and max", "a number", ty, attribute.span));
            } else if let Some(bound) = value(&literal.kind, column, literal.span, sink) {
                let is_min = matches!(attribute.kind, AttributeKind::Min(_));
                made.checks.push(if is_min { Check::Min(bound) } else { Check::Max(bound) });
            }
        }
        AttributeKind::MinLength(literal) | AttributeKind::MaxLength(literal) => {
            let length = match &literal.kind {
                LiteralKind::Integer(digits) => digits.parse::<u32>().ok().map(u64::from),
                _ => None,
            };
            if !matches!(ty, Type::Text | Type::Blob | Type::Unknown) {
                sink.report(problems::attribute_type(
                    "minlen and maxlen",
                    "text or blob",
                    ty,
                    attribute.span,
                ));
            } else if let Some(length) = length {
                let is_min = matches!(attribute.kind, AttributeKind::MinLength(_));
                made.checks.push(if is_min { Check::MinLength(length) } else { Check::MaxLength(length) });
            } else {
                sink.report(problems::not_a_length(literal.span));
            }
        }
    }
}

/// A literal of the column's type.
fn value(
    literal: &LiteralKind,
    column: &Column,
    span: crate::source::Span,
    sink: &mut Sink,
) -> Option<Literal> {
    if column.ty.ty == Type::Unknown {
        return None;
    }
    match fit(literal, &column.ty.ty) {
        Ok(value) => Some(value),
        Err(Misfit::WrongType) => {
            sink.report(problems::literal_type(literal, &column.ty.ty, span));
            None
        }
        Err(Misfit::OutOfRange(what_fits)) => {
            sink.report(problems::literal_range(&column.ty.ty, &what_fits, span));
            None
        }
    }
}

/// The primary key, unique constraints and indexes.
fn declare_keys(table: &Table, made: &mut hir::Table, sink: &mut Sink) {
    let mut primary: Option<crate::source::Span> = None;
    let mut claim = |span, sink: &mut Sink| match primary {
        Some(earlier) => {
            sink.report(problems::second_primary_key(&table.name, span, earlier));
            false
        }
        None => {
            primary = Some(span);
            true
        }
    };
    for column in &table.columns {
        let Some(position) = made.columns.iter().position(|known| known.span == column.name.span) else {
            continue;
        };
        for attribute in &column.attributes {
            match attribute.kind {
                AttributeKind::PrimaryKey if claim(attribute.span, sink) => made.primary_key = vec![position],
                AttributeKind::Unique => {
                    let columns = vec![position];
                    made.indexes.push(hir::Index { name: None, unique: true, columns, span: attribute.span });
                }
                _ => {}
            }
        }
    }
    let mut names = Names::default();
    for index in &table.indexes {
        names.take("index", &index.name, sink);
        let columns = positions(made, &index.columns, sink);
        limit("columns in one index", index.columns.len(), limits::INDEX_COLUMNS, index.span, sink);
        match index.kind {
            IndexKind::Primary => {
                if claim(index.span, sink) {
                    made.primary_key = columns;
                }
            }
            kind => made.indexes.push(hir::Index {
                name: Some(index.name.name.clone()),
                unique: kind == IndexKind::Unique,
                columns,
                span: index.span,
            }),
        }
    }
    for position in made.primary_key.clone() {
        if let Some(column) = made.columns.get_mut(position) {
            column.nullable = false;
        }
    }
    if table.columns.is_empty() {
        sink.report(problems::no_columns(&table.name));
    } else if primary.is_none() {
        sink.report(problems::no_primary_key(&table.name));
    }
}

/// Indexes of the named columns; unknown and repeated ones are reported and left out.
pub(super) fn positions(table: &hir::Table, columns: &[Ident], sink: &mut Sink) -> Vec<usize> {
    let mut found = Vec::new();
    for column in columns {
        match table.columns.iter().position(|known| known.name == column.name) {
            Some(position) if found.contains(&position) => {
                sink.report(problems::repeated_column(column));
            }
            Some(position) => found.push(position),
            None => {
                let known = table.columns.iter().map(|column| column.name.as_str());
                sink.report(problems::unknown_column(column, &table.name, known));
            }
        }
    }
    found
}
