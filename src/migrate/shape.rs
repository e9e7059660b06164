//! How parts of tables are called in steps.

use crate::interface::{Bound, OnChange, TableForeignKey, Value};
use crate::language::Name;

/// `` `users.email` ``
pub(super) fn column(table: &Name, column: &Name) -> String {
    format!("`{table}.{column}`")
}

/// `` `users(name, email)` ``
pub(super) fn columns(table: &Name, columns: &[Name]) -> String {
    format!("`{table}({})`", list(columns))
}

/// `name, email`
pub(super) fn list(columns: &[Name]) -> String {
    columns.iter().map(Name::as_str).collect::<Vec<_>>().join(", ")
}

/// A literal as the language writes it.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Number(digits) => digits.clone(),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Blob(digits) => format!("0x{digits}"),
        Value::Bool(value) => value.to_string(),
        Value::Null => "null".to_owned(),
    }
}

/// A bound as the language writes it.
pub(super) fn bound(bound: &Bound) -> String {
    match bound {
        Bound::Min(least) => format!("min({})", value(least)),
        Bound::Max(most) => format!("max({})", value(most)),
        Bound::MinLength(least) => format!("minlen({least})"),
        Bound::MaxLength(most) => format!("maxlen({most})"),
        Bound::Number => "no NaN".to_owned(),
    }
}

/// `` `posts(author)` to `users(id)` ``
pub(super) fn foreign_key(table: &Name, key: &TableForeignKey) -> String {
    format!("{} to {}", columns(table, &key.columns), columns(&key.parent, &key.parent_columns))
}

/// `on delete cascade, on update no action`
pub(super) fn on_change(key: &TableForeignKey) -> String {
    let word = |change: Option<OnChange>| match change {
        None | Some(OnChange::NoAction) => "no action",
        Some(OnChange::Cascade) => "cascade",
        Some(OnChange::Restrict) => "restrict",
        Some(OnChange::SetNull) => "set null",
        Some(OnChange::SetDefault) => "set default",
    };
    format!("on delete {}, on update {}", word(key.on_delete), word(key.on_update))
}
