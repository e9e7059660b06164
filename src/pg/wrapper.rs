//! What gateways see: plain functions in a schema of their own, beside those they call.

use super::{Column, Expr, Function, Ident, QualifiedName};

/// `CREATE SCHEMA IF NOT EXISTS`, which several datasets may share, and the right to look into it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SharedSchema {
    /// Its name.
    pub name: Ident,
    /// Who may look into it.
    pub roles: Vec<Ident>,
}

/// A function for gateways with what belongs to it: its rows, its comment, who owns it and who may call it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrapper {
    /// What its rows are, if it gives rows.
    pub rows: Option<RowType>,
    /// The function.
    pub function: Function,
    /// Defaults of its parameters, in order.
    pub defaults: Vec<Option<Expr>>,
    /// True if it belongs to the role that may only read.
    pub is_view: bool,
    /// COMMENT ON FUNCTION
    pub comment: Option<String>,
    /// Who may call it.
    pub roles: Vec<Ident>,
}

/// The type of a function's rows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowType {
    /// Its name.
    pub name: QualifiedName,
    /// In order.
    pub columns: Vec<Column>,
    /// True for a table that stays empty: some gateways know types of rows by tables alone.
    pub is_table: bool,
    /// Its first column is its key.
    pub is_keyed: bool,
}
