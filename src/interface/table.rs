use serde::{Deserialize, Serialize};

use crate::language::{Name, Type};

/// A table as it is deployed. Names of type `String` are those PostgreSQL knows a constraint or an index by; lines are
/// those of the package's source, from 1.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// What the previous version called it: `@renamed_from(users)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<Name>,
    /// Where it is declared.
    pub line: u32,
    /// In order.
    pub columns: Vec<TableColumn>,
    /// The primary key.
    pub primary_key: TableKey,
    /// `unique` on columns. A named `#x unique(..)` is an index.
    pub uniques: Vec<TableKey>,
    /// Lookups, and unique ones that have a name.
    pub indexes: Vec<TableIndex>,
    /// In source order.
    pub foreign_keys: Vec<TableForeignKey>,
}

impl Table {
    /// The column `name`.
    pub fn column(&self, name: &Name) -> Option<&TableColumn> {
        self.columns.iter().find(|column| column.name == *name)
    }
}

/// A column of a table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TableColumn {
    /// Its name.
    pub name: Name,
    /// What the previous version called it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<Name>,
    /// Where it is declared.
    pub line: u32,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Type,
    /// True if it may be null.
    pub nullable: bool,
    /// Stands in where an insert leaves the column out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// `min`, `max`, `minlen`, `maxlen`, in source order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<TableCheck>,
}

/// A bound under the name of its constraint.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TableCheck {
    /// The constraint.
    pub name: String,
    /// What holds.
    pub bound: Bound,
}

/// What holds for every value of a column that is not null.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// At least this.
    Min(Value),
    /// At most this.
    Max(Value),
    /// At least so many characters of a text or bytes of a blob.
    MinLength(u64),
    /// At most so many.
    MaxLength(u64),
    /// A number and not NaN, or an array without NaN: what a decimal is by its type.
    Number,
}

/// A primary key or a unique constraint.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TableKey {
    /// The constraint.
    pub name: String,
    /// In key order.
    pub columns: Vec<Name>,
}

/// An index that is no constraint.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TableIndex {
    /// The index.
    pub name: String,
    /// In order.
    pub columns: Vec<Name>,
    /// True if no two rows may share the columns.
    pub unique: bool,
    /// Where it, or the foreign key it serves, is declared.
    pub line: u32,
}

/// A foreign key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TableForeignKey {
    /// The constraint.
    pub name: String,
    /// The child's columns.
    pub columns: Vec<Name>,
    /// The parent table.
    pub parent: Name,
    /// The parent's columns, one of its keys.
    pub parent_columns: Vec<Name>,
    /// What happens to children when their parent is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<OnChange>,
    /// What happens to children when their parent's key changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_update: Option<OnChange>,
    /// Where it is declared.
    pub line: u32,
}

/// What happens to children; where nothing is said, PostgreSQL's `NO ACTION`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnChange {
    /// The change is refused at the end of the statement.
    NoAction,
    /// They go along.
    Cascade,
    /// The change is refused.
    Restrict,
    /// They refer to nothing.
    SetNull,
    /// They take their columns' defaults.
    SetDefault,
}

/// A literal of a column's type.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Digits with an optional sign and point.
    Number(String),
    /// A text or uuid.
    Text(String),
    /// Bytes, as hexadecimal digits.
    Blob(String),
    /// A boolean.
    Bool(bool),
    /// Null.
    Null,
}
