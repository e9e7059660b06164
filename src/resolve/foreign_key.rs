use super::problems;
use super::table::positions;
use crate::diagnostics::Sink;
use crate::hir::{self, Index, Literal};
use crate::language::Ident;
use crate::source::Span;
use crate::syntax::ast::{AttributeKind, ReferentialAction, ReferentialActions, Table};

/// One foreign key as written, on a column or on its own.
struct Written<'a> {
    columns: Vec<&'a Ident>,
    parent: &'a Ident,
    parent_columns: &'a [Ident],
    actions: ReferentialActions,
    span: Span,
}

/// Checks the foreign keys of all tables and gives every child side an index, unless one already leads with its
/// columns: deleting a parent would otherwise read the whole child table.
pub(super) fn declare(written: &[&Table], tables: &mut [hir::Table], sink: &mut Sink) {
    for (position, table) in written.iter().enumerate() {
        for key in keys(table) {
            let Some(child) = tables.get(position) else { continue };
            let Some(made) = check(&key, child, tables, sink) else { continue };
            let Some(child) = tables.get_mut(position) else { continue };
            add_index(child, &made);
            child.foreign_keys.push(made);
        }
    }
}

fn keys(table: &Table) -> Vec<Written<'_>> {
    let on_column = table.columns.iter().flat_map(|column| {
        column.attributes.iter().filter_map(|attribute| match &attribute.kind {
            AttributeKind::References { parent, columns, actions } => Some(Written {
                columns: vec![&column.name],
                parent,
                parent_columns: columns,
                actions: *actions,
                span: attribute.span,
            }),
            _ => None,
        })
    });
    let own = table.foreign_keys.iter().map(|key| Written {
        columns: key.columns.iter().collect(),
        parent: &key.parent,
        parent_columns: &key.parent_columns,
        actions: key.actions,
        span: key.span,
    });
    on_column.chain(own).collect()
}

fn check(
    key: &Written<'_>,
    child: &hir::Table,
    tables: &[hir::Table],
    sink: &mut Sink,
) -> Option<hir::ForeignKey> {
    let Some(parent) = tables.iter().find(|table| table.name == key.parent.name) else {
        let known = tables.iter().map(|table| table.name.as_str());
        sink.report(problems::unknown_parent(key.parent, known));
        return None;
    };
    let columns: Vec<Ident> = key.columns.iter().map(|column| (*column).clone()).collect();
    let mark = sink.mark();
    let columns = positions(child, &columns, sink);
    let parent_columns = if key.parent_columns.is_empty() {
        parent.primary_key.clone()
    } else {
        positions(parent, key.parent_columns, sink)
    };
    if sink.errors_since(mark) {
        return None;
    }
    if columns.len() != parent_columns.len() {
        sink.report(problems::foreign_key_count(columns.len(), parent_columns.len(), key.span));
        return None;
    }
    if !is_key(parent, &parent_columns) {
        sink.report(problems::parent_not_unique(&parent.name, key.span, parent.span));
        return None;
    }
    check_types(key, child, parent, &columns, &parent_columns, sink)?;
    check_set_null(key, child, &columns, sink)?;
    let name = |position: &usize| parent.columns.get(*position).map(|column| column.name.clone());
    Some(hir::ForeignKey {
        columns,
        parent: parent.name.clone(),
        parent_columns: parent_columns.iter().filter_map(name).collect(),
        actions: key.actions,
        span: key.span,
    })
}

/// PostgreSQL wants a unique index on exactly these columns, in any order.
fn is_key(parent: &hir::Table, columns: &[usize]) -> bool {
    let same =
        |key: &[usize]| key.len() == columns.len() && columns.iter().all(|column| key.contains(column));
    let unique = parent.indexes.iter().filter(|index| index.unique);
    same(&parent.primary_key) || unique.map(|index| index.columns.as_slice()).any(same)
}

fn check_types(
    key: &Written<'_>,
    child: &hir::Table,
    parent: &hir::Table,
    columns: &[usize],
    parent_columns: &[usize],
    sink: &mut Sink,
) -> Option<()> {
    for (from, to) in columns.iter().zip(parent_columns) {
        let (from, to) = (child.columns.get(*from)?, parent.columns.get(*to)?);
        if from.ty != to.ty && !from.ty.is_open() && !to.ty.is_open() {
            sink.report(problems::foreign_key_type(from, to, &parent.name, key.span));
            return None;
        }
    }
    Some(())
}

/// SET NULL on a column that is never null, and SET DEFAULT on one that has no default besides, could only fail.
fn check_set_null(key: &Written<'_>, child: &hir::Table, columns: &[usize], sink: &mut Sink) -> Option<()> {
    let actions = [key.actions.on_delete, key.actions.on_update];
    let sets_null = actions.contains(&Some(ReferentialAction::SetNull));
    let sets_default = actions.contains(&Some(ReferentialAction::SetDefault));
    let has_default = |column: &hir::Column| column.default.as_ref().is_some_and(|it| *it != Literal::Null);
    let required =
        columns.iter().filter_map(|position| child.columns.get(*position)).filter(|column| !column.nullable);
    for column in required {
        let report = if sets_null {
            problems::set_null_on_required(&column.name, key.span, column.span)
        } else if sets_default && !has_default(column) {
            problems::set_default_without_one(&column.name, key.span, column.span)
        } else {
            continue;
        };
        sink.report(report);
        return None;
    }
    Some(())
}

fn add_index(child: &mut hir::Table, key: &hir::ForeignKey) {
    let leads = |columns: &[usize]| columns.starts_with(&key.columns);
    let served = leads(&child.primary_key) || child.indexes.iter().any(|index| leads(&index.columns));
    if !served {
        child.indexes.push(Index { name: None, unique: false, columns: key.columns.clone(), span: key.span });
    }
}
