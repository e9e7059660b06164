use futures_util::TryStreamExt;
use tokio_postgres::Transaction;

use super::rows::{Column, Rows};
use crate::engine::EngineError;
use crate::engine::canon::{Canon, Hash};
use crate::interface::{Dbid, Table, TableColumn};
use crate::language::Type;
use crate::pg::print::{Form, copy_rows};
use crate::pg::{Ident, QualifiedName};

/// The hash of a table: its name, columns and key, then its rows in the order of the key. Rows are read as a stream.
pub(super) async fn hash(
    transaction: &Transaction<'_>,
    dbid: &str,
    table: &Table,
) -> Result<Hash, EngineError> {
    let place = format!("table `{}` of `{dbid}`", table.name);
    let failed = |error: tokio_postgres::Error| EngineError::halt(&place, &error);
    let damaged =
        || EngineError::State { dataset: dbid.to_owned(), why: format!("{place} was sent in pieces") };
    let mut columns: Vec<&TableColumn> = table.columns.iter().collect();
    columns.sort_by(|left, right| left.name.cmp(&right.name));
    let mut canon = head(table, &columns);
    let forms = columns.iter().map(|column| form(&column.ty).1).collect();
    let stream = transaction.copy_out(&select(dbid, table, &columns)).await.map_err(failed)?;
    let mut stream = std::pin::pin!(stream);
    let mut rows = Rows::of(forms);
    while let Some(bytes) = stream.try_next().await.map_err(failed)? {
        rows.add(&bytes, &mut canon).ok_or_else(damaged)?;
    }
    if !rows.has_ended() {
        return Err(damaged());
    }
    canon.tag(0);
    Ok(canon.finish())
}

fn head(table: &Table, columns: &[&TableColumn]) -> Canon {
    let mut canon = Canon::new("kuneiform.table.v1");
    canon.text(table.name.as_str()).length(columns.len());
    for column in columns {
        canon.text(column.name.as_str()).text(&column.ty.to_string());
    }
    canon.length(table.primary_key.columns.len());
    for name in &table.primary_key.columns {
        canon.text(name.as_str());
    }
    canon
}

fn select(dbid: &str, table: &Table, columns: &[&TableColumn]) -> String {
    let ident = |text: &str| Ident::new(text);
    let name =
        QualifiedName { schema: ident(&Dbid::recorded(dbid).pg_schema()), name: ident(table.name.as_str()) };
    let columns: Vec<(Ident, Form)> =
        columns.iter().map(|column| (ident(column.name.as_str()), form(&column.ty).0)).collect();
    let is_text = |name| table.column(name).is_some_and(|column| column.ty == Type::Text);
    let key = table.primary_key.columns.iter().map(|name| (ident(name.as_str()), is_text(name)));
    copy_rows(&name, &columns, &key.collect::<Vec<_>>())
}

/// How a column travels, and what is made of it. Numbers go as text, with all digits of their scale.
fn form(ty: &Type) -> (Form, Column) {
    match ty {
        Type::Decimal(_) | Type::Uint256 => (Form::Text, Column::Scalar),
        Type::Array(element) => match **element {
            Type::Decimal(_) | Type::Uint256 => (Form::Texts, Column::Array),
            _ => (Form::Binary, Column::Array),
        },
        _ => (Form::Binary, Column::Scalar),
    }
}
