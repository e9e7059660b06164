use super::expression::{expression, list};
use super::layout::Doc;
use super::query::{alias_of, clause, condition, from, names, output, query, with};
use crate::pg::{
    Assignment, Conflict, ConflictAction, Delete, Expr, Insert, InsertSource, OutputItem, Update,
};

/// INSERT
pub(super) fn insert(insert: &Insert) -> Doc {
    let Insert { ctes, recursive, table, alias, columns, source, conflict, returning: rows } = insert;
    let head = with(ctes, *recursive) + format!("INSERT INTO {table}") + alias_of(&table.name, alias);
    let columns = if columns.is_empty() { Doc::empty() } else { Doc::from(" ") + names(columns) };
    let mut doc = head + columns + Doc::Line + insert_source(source);
    if let Some(conflict) = conflict {
        doc = doc + Doc::Line + on_conflict(conflict);
    }
    doc + returning(rows)
}

fn insert_source(source: &InsertSource) -> Doc {
    match source {
        InsertSource::Values(rows) if rows.iter().all(Vec::is_empty) => "DEFAULT VALUES".into(),
        InsertSource::Values(rows) => match rows.as_slice() {
            [row] => Doc::from("VALUES ") + list(row).parenthesised(),
            rows => clause("VALUES", Doc::list(rows.iter().map(|row| list(row).parenthesised()))),
        },
        InsertSource::Query(of) => query(of),
    }
}

fn on_conflict(conflict: &Conflict) -> Doc {
    let Conflict { columns, action } = conflict;
    let target = if columns.is_empty() { Doc::empty() } else { Doc::from(" ") + names(columns) };
    let head = Doc::from("ON CONFLICT") + target;
    match action {
        ConflictAction::Nothing => head + " DO NOTHING",
        ConflictAction::Update { assignments, filter } => {
            head + " DO UPDATE" + Doc::Line + set(assignments) + filtered(filter.as_ref())
        }
    }
}

/// UPDATE
pub(super) fn update(update: &Update) -> Doc {
    let Update { ctes, recursive, table, alias, assignments, from: others, filter, returning: rows } = update;
    let head = with(ctes, *recursive) + format!("UPDATE {table}") + alias_of(&table.name, alias);
    let mut doc = head + Doc::Line + set(assignments);
    if let Some(others) = others {
        doc = doc + Doc::Line + "FROM " + from(others);
    }
    doc + filtered(filter.as_ref()) + returning(rows)
}

/// DELETE
pub(super) fn delete(delete: &Delete) -> Doc {
    let Delete { ctes, recursive, table, alias, filter, returning: rows } = delete;
    let head = with(ctes, *recursive) + format!("DELETE FROM {table}") + alias_of(&table.name, alias);
    head + filtered(filter.as_ref()) + returning(rows)
}

/// Assignments; one alone stands on the line of its SET.
fn set(assignments: &[Assignment]) -> Doc {
    let one =
        |Assignment { column, value }: &Assignment| Doc::from(format!("{column} = ")) + expression(value);
    match assignments {
        [only] => Doc::from("SET ") + one(only),
        all => clause("SET", Doc::list(all.iter().map(one))),
    }
}

fn filtered(filter: Option<&Expr>) -> Doc {
    filter.map_or_else(Doc::empty, |filter| Doc::Line + condition("WHERE", filter))
}

fn returning(rows: &[OutputItem]) -> Doc {
    if rows.is_empty() { Doc::empty() } else { Doc::Line + clause("RETURNING", output(rows)) }
}
