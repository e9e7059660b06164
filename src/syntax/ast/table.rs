use super::{Literal, TypeName};
use crate::language::Ident;
use crate::source::Span;

/// `table NAME { columns, indexes, foreign keys }`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// Its name.
    pub name: Ident,
    /// `@renamed_from(users)`: its name in the version before.
    pub renamed_from: Option<Ident>,
    /// In source order.
    pub columns: Vec<Column>,
    /// `#name index(..)`, `unique(..)` and `primary(..)`.
    pub indexes: Vec<Index>,
    /// `foreign_key(..) references ..`; those written on a column are among its attributes.
    pub foreign_keys: Vec<ForeignKey>,
    /// The comment lines right above it, without their marks.
    pub doc: Option<String>,
    /// The whole item.
    pub span: Span,
}

/// `NAME TYPE attributes`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: TypeName,
    /// In source order.
    pub attributes: Vec<Attribute>,
    /// The whole column.
    pub span: Span,
}

/// One attribute of a column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attribute {
    /// What it says.
    pub kind: AttributeKind,
    /// Where.
    pub span: Span,
}

/// What an attribute says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AttributeKind {
    /// `primary`, `primary key`, `primary_key`, `pk`
    PrimaryKey,
    /// `not null`, `not_null`, `notnull`
    NotNull,
    /// `unique`
    Unique,
    /// `default(lit)`, `default lit`
    Default(Literal),
    /// `min(n)`
    Min(Literal),
    /// `max(n)`
    Max(Literal),
    /// `minlen(n)`, `min_length(n)`
    MinLength(Literal),
    /// `maxlen(n)`, `max_length(n)`
    MaxLength(Literal),
    /// `@renamed_from(c)`: its name in the version before.
    RenamedFrom(Ident),
    /// `references t(c)`
    References {
        /// The parent table.
        parent: Ident,
        /// The parent's column, if one is named.
        columns: Vec<Ident>,
        /// `on_delete`, `on_update`.
        actions: ReferentialActions,
    },
}

/// `#NAME KIND(columns)`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Index {
    /// Without `#`.
    pub name: Ident,
    /// What it holds.
    pub kind: IndexKind,
    /// In order.
    pub columns: Vec<Ident>,
    /// The whole entry.
    pub span: Span,
}

/// What an index holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IndexKind {
    /// `index`: a lookup.
    Lookup,
    /// `unique`
    Unique,
    /// `primary`
    Primary,
}

/// `foreign_key(columns) references parent(columns) actions`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ForeignKey {
    /// The child's columns.
    pub columns: Vec<Ident>,
    /// The parent table.
    pub parent: Ident,
    /// The parent's columns; empty means its primary key.
    pub parent_columns: Vec<Ident>,
    /// `on_delete`, `on_update`.
    pub actions: ReferentialActions,
    /// The whole entry.
    pub span: Span,
}

/// What happens to a child row; `None` is PostgreSQL's `NO ACTION`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ReferentialActions {
    /// When its parent is deleted.
    pub on_delete: Option<ReferentialAction>,
    /// When its parent's key changes.
    pub on_update: Option<ReferentialAction>,
}

/// An action of a foreign key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReferentialAction {
    /// `no_action`
    NoAction,
    /// `cascade`
    Cascade,
    /// `restrict`
    Restrict,
    /// `set_null`
    SetNull,
    /// `set_default`
    SetDefault,
}
