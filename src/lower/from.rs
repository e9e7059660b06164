use std::rc::Rc;

use super::compose::{self, Rows};
use super::frame::Frame;
use super::names::{self, Taken};
use super::query::{self, Use, join_kind};
use super::{expression, facts};
use crate::hir::{From, FromKind, RelationId, RelationSource, ViewCall};
use crate::interface::RowColumn;
use crate::language::Name;
use crate::pg::{self, Ident};

/// FROM.
pub(super) fn lower<'f>(frame: &'f Frame<'f>, from: &'f From) -> pg::From {
    match &from.kind {
        FromKind::Relation(id) => relation(frame, *id),
        FromKind::Join { kind, left, right, on } => pg::From::Join {
            kind: join_kind(*kind),
            left: Box::new(lower(frame, left)),
            right: Box::new(lower(frame, right)),
            on: on.as_ref().map(|on| expression::lower(frame.at(), on)),
        },
    }
}

fn relation<'f>(frame: &'f Frame<'f>, id: RelationId) -> pg::From {
    let alias = frame.alias(id);
    match frame.action.relation(id).map(|relation| &relation.source) {
        Some(RelationSource::Table(table)) => {
            note_read(frame, id, None);
            pg::From::Table { table: names::table(&frame.schema.dbid, table), alias }
        }
        Some(RelationSource::Cte(cte)) => pg::From::Cte { name: frame.cte_name(*cte), alias },
        Some(RelationSource::Query { query, lateral }) => {
            let columns = renamed(&row_names(&query.columns), columns(frame, id).to_vec());
            let query = Box::new(query::lower(frame, query, Use::Rows));
            pg::From::Query { query, lateral: *lateral, alias, columns }
        }
        Some(RelationSource::View(call)) => view(frame, id, call, alias),
        Some(RelationSource::Unnest { arrays, ordinality }) => {
            let arrays = arrays.iter().map(|array| expression::lower(frame.at(), array)).collect();
            pg::From::Unnest { arrays, ordinality: *ordinality, alias, columns: columns(frame, id).to_vec() }
        }
        // INVARIANT: the row of ON CONFLICT is never part of a FROM.
        Some(RelationSource::Excluded(_)) | None => pg::From::Cte { name: alias.clone(), alias },
    }
}

fn view<'f>(frame: &'f Frame<'f>, id: RelationId, call: &'f ViewCall, alias: Ident) -> pg::From {
    let wanted = columns(frame, id).to_vec();
    match compose::rows(frame.at(), call) {
        Rows::Query { query, columns, spliced: _ } => {
            let lateral = call.arguments.iter().any(|argument| compose::reads_columns(frame.at(), argument));
            pg::From::Query { query: Box::new(query), lateral, alias, columns: renamed(&columns, wanted) }
        }
        Rows::Function { call, columns } => {
            pg::From::Function { call: Box::new(call), alias, columns: renamed(&columns, wanted) }
        }
    }
}

/// `wanted`, or nothing where that is what the columns are called already.
pub(super) fn renamed(given: &[Ident], wanted: Vec<Ident>) -> Vec<Ident> {
    if given == wanted { Vec::new() } else { wanted }
}

/// The names of a row as they are.
pub(super) fn row_names(columns: &[RowColumn]) -> Vec<Ident> {
    columns.iter().map(|column| names::ident(&column.name)).collect()
}

/// The names of a row, told apart where two are alike.
pub(super) fn distinct_names(columns: &[RowColumn]) -> Vec<Ident> {
    let mut taken = Taken::default();
    columns.iter().map(|column| taken.fresh(column.name.as_str())).collect()
}

/// What a relation's columns are called in PostgreSQL.
fn columns(frame: &Frame<'_>, id: RelationId) -> Rc<[Ident]> {
    frame.columns(id, || match frame.action.relation(id) {
        None => Vec::new(),
        Some(relation) => match &relation.source {
            RelationSource::Cte(cte) => {
                frame.action.cte(*cte).map(|cte| distinct_names(&cte.columns)).unwrap_or_default()
            }
            _ => distinct_names(&relation.columns),
        },
    })
}

/// What a column of a relation is called.
pub(super) fn column_name(frame: &Frame<'_>, id: RelationId, column: usize) -> Ident {
    columns(frame, id).get(column).cloned().unwrap_or_else(|| names::ident(&Name::new("column")))
}

/// Notes that a table is read, if the relation is one.
pub(super) fn note_read(frame: &Frame<'_>, id: RelationId, column: Option<usize>) {
    let Some(relation) = frame.action.relation(id) else { return };
    let RelationSource::Table(table) = &relation.source else { return };
    let column = column.and_then(|column| relation.columns.get(column)).map(|column| &column.name);
    let facts: &mut facts::Facts = &mut frame.unit.facts.borrow_mut();
    facts.read(&frame.schema.dbid, table, column);
}
