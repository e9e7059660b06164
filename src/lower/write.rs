//! INSERT, UPDATE and DELETE.

use super::frame::{At, EXCLUDED, Frame};
use super::literal::beside;
use super::ordering::ascending;
use super::query::{self, Use};
use super::{collation, expression, from, names};
use crate::hir::{
    Assignment, Conflict, ConflictAction, Delete, Expr, ExprKind, Insert, InsertSource, OutputItem,
    RelationId, RelationSource, Update, keys,
};
use crate::interface::{Determinism, Profile};
use crate::language::{Name, Type};
use crate::pg::{self, Ident, PlStatementKind, QualifiedName};

/// `INSERT INTO table AS alias (columns) ..`
pub(super) fn insert<'f>(frame: &'f Frame<'f>, insert: &'f Insert, is_result: bool) -> PlStatementKind {
    let ctes = query::ctes(frame, &insert.ctes);
    let (table, alias) = target(frame, insert.target);
    let columns = insert.columns.iter().map(|column| written_column(frame, insert.target, *column)).collect();
    let source = match &insert.source {
        InsertSource::Values(rows) => {
            pg::InsertSource::Values(rows.iter().map(|row| values(frame, row)).collect())
        }
        InsertSource::Query(query) => {
            let purpose = if insert.conflict.is_some() { Use::Sequence } else { Use::Rows };
            pg::InsertSource::Query(Box::new(query::lower(frame, query, purpose)))
        }
    };
    let conflict = insert.conflict.as_ref().map(|it| conflict(frame, insert.target, it));
    let returning = returning(frame, &insert.returning, is_result);
    let recursive = insert.recursive;
    let insert_ = pg::Insert { ctes, recursive, table, alias, columns, source, conflict, returning };
    let is_single = matches!(&insert.source, InsertSource::Values(rows) if rows.len() == 1);
    match is_result {
        true => returned(frame, pg::Body::Insert(Box::new(insert_)), &insert.returning, is_single),
        false => PlStatementKind::Insert(insert_),
    }
}

fn values(frame: &Frame<'_>, row: &[Expr]) -> Vec<pg::Expr> {
    row.iter().map(|value| stored(frame.at(), value)).collect()
}

/// A value for a column, which holds decimals to their precision by itself.
fn stored(at: At<'_>, value: &Expr) -> pg::Expr {
    match (&value.kind, &value.ty) {
        (ExprKind::Cast(inner), Type::Decimal(to)) => match &inner.ty {
            Type::Decimal(from) if from.scale <= to.scale => stored(at, inner),
            _ => beside(at, value),
        },
        _ => beside(at, value),
    }
}

/// `ON CONFLICT (key) DO UPDATE SET ..`
fn conflict<'f>(frame: &'f Frame<'f>, target: RelationId, conflict: &'f Conflict) -> pg::Conflict {
    let column = |column: &usize| from::column_name(frame, target, *column);
    let action = match &conflict.action {
        ConflictAction::Nothing => pg::ConflictAction::Nothing,
        ConflictAction::Update { excluded, assignments, filter } => {
            frame.set_alias(*excluded, Ident::new(EXCLUDED));
            pg::ConflictAction::Update {
                assignments: self::assignments(frame, target, assignments),
                filter: filter.as_ref().map(|filter| expression::lower(frame.at(), filter)),
            }
        }
    };
    pg::Conflict { columns: conflict.arbiter.iter().map(column).collect(), action }
}

/// `UPDATE table AS alias SET ..`
pub(super) fn update<'f>(frame: &'f Frame<'f>, update: &'f Update, is_result: bool) -> PlStatementKind {
    let ctes = query::ctes(frame, &update.ctes);
    let (table, alias) = target(frame, update.target);
    let from = update.from.as_ref().map(|it| from::lower(frame, it));
    let update_ = pg::Update {
        ctes,
        recursive: update.recursive,
        table,
        alias,
        assignments: assignments(frame, update.target, &update.assignments),
        from,
        filter: update.filter.as_ref().map(|filter| expression::lower(frame.at(), filter)),
        returning: returning(frame, &update.returning, is_result),
    };
    let is_single = update.from.is_none() && is_pinned(frame, update.target, update.filter.as_ref());
    match is_result {
        true => returned(frame, pg::Body::Update(Box::new(update_)), &update.returning, is_single),
        false => PlStatementKind::Update(update_),
    }
}

fn assignments<'f>(frame: &'f Frame<'f>, target: RelationId, all: &'f [Assignment]) -> Vec<pg::Assignment> {
    let assignment = |it: &Assignment| pg::Assignment {
        column: written_column(frame, target, it.column),
        value: stored(frame.at(), &it.value),
    };
    all.iter().map(assignment).collect()
}

/// `DELETE FROM table AS alias ..`
pub(super) fn delete<'f>(frame: &'f Frame<'f>, delete: &'f Delete, is_result: bool) -> PlStatementKind {
    let ctes = query::ctes(frame, &delete.ctes);
    let (table, alias) = target(frame, delete.target);
    let delete_ = pg::Delete {
        ctes,
        recursive: delete.recursive,
        table,
        alias,
        filter: delete.filter.as_ref().map(|filter| expression::lower(frame.at(), filter)),
        returning: returning(frame, &delete.returning, is_result),
    };
    let is_single = is_pinned(frame, delete.target, delete.filter.as_ref());
    match is_result {
        true => returned(frame, pg::Body::Delete(Box::new(delete_)), &delete.returning, is_single),
        false => PlStatementKind::Delete(delete_),
    }
}

/// True if a filter leaves at most one row of the target: it names every column of a key.
fn is_pinned(frame: &Frame<'_>, target: RelationId, filter: Option<&Expr>) -> bool {
    let facts = keys::facts(None, filter);
    let nothing = std::collections::BTreeSet::new();
    keys::determined(frame.action, frame.schema, &[target], &facts, &nothing).contains(&target)
}

fn target(frame: &Frame<'_>, id: RelationId) -> (QualifiedName, Ident) {
    let name = table_name(frame, id);
    let (dbid, unknown) = (&frame.schema.dbid, Name::new("unknown"));
    let name = name.unwrap_or(&unknown);
    frame.unit.facts.borrow_mut().write(dbid, name, None);
    (names::table(dbid, name), frame.alias(id))
}

fn table_name<'f>(frame: &'f Frame<'_>, id: RelationId) -> Option<&'f Name> {
    match &frame.action.relation(id)?.source {
        RelationSource::Table(name) | RelationSource::Excluded(name) => Some(name),
        _ => None,
    }
}

fn written_column(frame: &Frame<'_>, target: RelationId, column: usize) -> Ident {
    let named = frame.action.relation(target).and_then(|relation| relation.columns.get(column));
    if let (Some(table), Some(named)) = (table_name(frame, target), named) {
        frame.unit.facts.borrow_mut().write(&frame.schema.dbid, table, Some(&named.name));
    }
    from::column_name(frame, target, column)
}

/// RETURNING. PL/pgSQL has nowhere to put rows that are not the result.
fn returning<'f>(frame: &'f Frame<'f>, items: &'f [OutputItem], is_result: bool) -> Vec<pg::OutputItem> {
    let items = if is_result { items } else { &[] };
    let names = item_names(items);
    let item = |(item, name): (&OutputItem, Ident)| pg::OutputItem {
        expr: expression::lower(frame.at(), &item.expr),
        name: Some(name),
    };
    items.iter().zip(names).map(item).collect()
}

fn item_names(items: &[OutputItem]) -> Vec<Ident> {
    let mut taken = names::Taken::default();
    items.iter().map(|item| taken.fresh(item.name.as_str())).collect()
}

/// `RETURN QUERY INSERT .. RETURNING ..;`, and where the order of several rows would be seen
/// `RETURN QUERY WITH written AS (INSERT .. RETURNING ..) SELECT w.a AS a FROM written AS w ORDER BY w.a;`
fn returned<'f>(
    frame: &'f Frame<'f>,
    body: pg::Body,
    items: &'f [OutputItem],
    is_single: bool,
) -> PlStatementKind {
    let is_free = frame.unit.profile == Profile::App;
    let determinism = match (is_single, is_free) {
        (true, _) => Determinism::Single,
        (false, true) => Determinism::Free,
        (false, false) => Determinism::Completed,
    };
    frame.unit.facts.borrow_mut().note_order(determinism);
    let query = query::of_body(body);
    PlStatementKind::ReturnQuery(if is_single || is_free { query } else { sorted(frame, query, items) })
}

fn sorted<'f>(frame: &'f Frame<'f>, rows: pg::Query, items: &'f [OutputItem]) -> pg::Query {
    let (cte, alias) = (frame.unit.fresh_cte("written"), frame.unit.fresh_alias("w"));
    let names = item_names(items);
    let column = |name: &Ident| pg::Expr::Column { relation: alias.clone(), column: name.clone() };
    let item = |name: &Ident| pg::OutputItem { expr: column(name), name: Some(name.clone()) };
    let from = pg::From::Cte { name: cte.clone(), alias: alias.clone() };
    let mut query = query::plain(names.iter().map(item).collect(), Some(from));
    let key = |(item, name): (&OutputItem, &Ident)| ascending(collated(frame.at(), &item.expr, column(name)));
    query.order_by = items.iter().zip(&names).map(key).collect();
    query.ctes = vec![pg::Cte { name: cte, columns: Vec::new(), not_materialized: false, query: rows }];
    query
}

fn collated(at: At<'_>, expr: &Expr, value: pg::Expr) -> pg::Expr {
    collation::collated(at, expr, value)
}
