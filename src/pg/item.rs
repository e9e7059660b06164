use super::{Expr, Ident, PlStatement, QualifiedName, SharedSchema, Type, Wrapper};
use crate::source::Span;

/// Something that is created.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Item {
    /// A schema.
    Schema(Schema),
    /// A table, without its foreign keys.
    Table(Table),
    /// An index.
    Index(Index),
    /// A foreign key.
    ForeignKey(ForeignKey),
    /// A function.
    Function(Function),
    /// The views of a schema, and what they may read.
    Readers(Readers),
    /// The right to call a function.
    Grant(Grant),
    /// The schema of functions for gateways.
    SharedSchema(SharedSchema),
    /// A function for gateways.
    Wrapper(Wrapper),
}

/// `CREATE SCHEMA` and `GRANT USAGE` to those who may call something in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Schema {
    /// Its name.
    pub name: Ident,
}

/// `CREATE TABLE`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// Its name.
    pub name: QualifiedName,
    /// In order.
    pub columns: Vec<Column>,
    /// Name and columns of the primary key.
    pub primary_key: (Ident, Vec<Ident>),
    /// Names and columns of unique constraints.
    pub unique: Vec<(Ident, Vec<Ident>)>,
    /// Named checks.
    pub checks: Vec<Check>,
}

/// A column. Text columns are `COLLATE "C"`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: Type,
    /// NOT NULL
    pub not_null: bool,
    /// DEFAULT
    pub default: Option<Expr>,
}

/// `CONSTRAINT name CHECK (..)`; columns in it are [`Expr::Output`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Check {
    /// Its name.
    pub name: Ident,
    /// The condition.
    pub condition: Expr,
}

/// `CREATE [UNIQUE] INDEX`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Index {
    /// Its name.
    pub name: Ident,
    /// The table.
    pub table: QualifiedName,
    /// In order.
    pub columns: Vec<Ident>,
    /// UNIQUE
    pub unique: bool,
}

/// `ALTER TABLE .. ADD CONSTRAINT .. FOREIGN KEY ..`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ForeignKey {
    /// Its name.
    pub name: Ident,
    /// The child.
    pub table: QualifiedName,
    /// Its columns.
    pub columns: Vec<Ident>,
    /// The parent.
    pub parent: QualifiedName,
    /// Its columns.
    pub parent_columns: Vec<Ident>,
    /// ON DELETE
    pub on_delete: Option<ReferentialAction>,
    /// ON UPDATE
    pub on_update: Option<ReferentialAction>,
}

/// What happens to a child row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReferentialAction {
    /// NO ACTION
    NoAction,
    /// CASCADE
    Cascade,
    /// RESTRICT
    Restrict,
    /// SET NULL
    SetNull,
    /// SET DEFAULT
    SetDefault,
}

/// `CREATE FUNCTION .. LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Function {
    /// Its name.
    pub name: QualifiedName,
    /// In order, the context first.
    pub parameters: Vec<Parameter>,
    /// RETURNS
    pub result: Result,
    /// STABLE or VOLATILE
    pub volatility: Volatility,
    /// DECLARE
    pub variables: Vec<Parameter>,
    /// The body.
    pub body: Vec<PlStatement>,
    /// What it was made of.
    pub span: Span,
}

/// What somebody else's function is known by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    /// Its name.
    pub name: QualifiedName,
    /// In order.
    pub parameters: Vec<Parameter>,
    /// RETURNS
    pub result: Result,
    /// True if it is called where nothing may be written: it must not be VOLATILE, and another role calls it.
    pub is_view: bool,
}

/// A parameter or variable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: Type,
}

/// What a function returns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Result {
    /// RETURNS void
    Void,
    /// RETURNS type
    Value(Type),
    /// OUT parameters: one row of at least two columns.
    Row(Vec<Parameter>),
    /// RETURNS TABLE (..)
    Table(Vec<Parameter>),
    /// RETURNS SETOF type
    Set(Type),
}

/// What PostgreSQL may assume of a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Volatility {
    /// STABLE
    Stable,
    /// VOLATILE
    Volatile,
}

/// `ALTER FUNCTION .. OWNER TO kf_reader`, and that role's right to read the schema's tables. A function that belongs to
/// it can write nowhere, whatever it runs, and may call what else belongs to it and nothing that may do more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Readers {
    /// The schema.
    pub schema: Ident,
    /// Its tables.
    pub tables: Vec<QualifiedName>,
    /// Names and types of the parameters.
    pub functions: Vec<(QualifiedName, Vec<Type>)>,
}

/// `GRANT EXECUTE ON FUNCTION .. TO ..`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// The function.
    pub function: QualifiedName,
    /// The types of its parameters.
    pub arguments: Vec<Type>,
    /// Who.
    pub to: Grantee,
}

/// The roles callers come in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grantee {
    /// `kf_public`
    Public,
    /// `kf_oracle`
    Oracle,
}
