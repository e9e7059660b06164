//! Reading whole tables in an order and a form that are the same on every server.

use crate::pg::{Ident, QualifiedName};

/// How a column travels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// In the type's binary form.
    Binary,
    /// As text.
    Text,
    /// As an array of texts.
    Texts,
}

/// A copy of all rows of `table`, in the order of `key`; the flag says which of its columns are texts.
///
/// ```sql
/// COPY (SELECT t."id", t."rate"::text FROM "ds_x"."y" AS t ORDER BY t."id" COLLATE "C") TO STDOUT (FORMAT binary)
/// ```
pub fn copy_rows(table: &QualifiedName, columns: &[(Ident, Form)], key: &[(Ident, bool)]) -> String {
    let column = |(name, form): &(Ident, Form)| match form {
        Form::Binary => format!("t.{name}"),
        Form::Text => format!("t.{name}::text"),
        Form::Texts => format!("t.{name}::text[]"),
    };
    let ordered = |(name, is_text): &(Ident, bool)| match is_text {
        true => format!("t.{name} COLLATE \"C\""),
        false => format!("t.{name}"),
    };
    let columns: Vec<String> = columns.iter().map(column).collect();
    let key: Vec<String> = key.iter().map(ordered).collect();
    format!(
        "COPY (SELECT {} FROM {table} AS t ORDER BY {}) TO STDOUT (FORMAT binary)",
        columns.join(", "),
        key.join(", ")
    )
}
