//! The only place where data becomes SQL text: identifiers are always quoted, literals always escaped, parentheses
//! put from the tree. The same data gives the same bytes.
//!
//! Trees may be as deep as the limits of the language allow; callers print them in [`crate::source::roomy`].

mod call;
mod change;
mod control;
mod database;
mod ddl;
mod dml;
mod expression;
mod header;
mod layout;
mod literal;
mod look;
mod plpgsql;
mod query;
mod role;
mod state;
#[cfg(test)]
mod tests;
mod wrapper;

pub use call::call;
pub use database::{create_database, drop_database};
pub use header::{alter_stable, caller, create, grant_execute, grant_usage, identity};
pub use look::{explain, look};

pub use role::{private_schema, set_role};
pub use state::{Form, copy_rows};

use self::layout::{Doc, render};
use super::{Change, Expr, Item, Query};
use crate::source::Span;

/// One statement as text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Printed {
    /// One complete statement with its `;` (for a schema, two), without a newline at the end.
    pub text: String,
    /// The quoted qualified name of what it is about; for functions with the types of the arguments, as
    /// `"ds_ens"."f@ens"(kf.ctx, text)`.
    pub object: String,
    /// For functions: where each statement of the body begins, in order. Lines are those PostgreSQL reports: line 1 is
    /// what follows the body's opening quote on its own line.
    pub lines: Vec<(u32, Span)>,
}

/// The statement that creates or grants `item`.
pub fn item(item: &Item) -> Printed {
    match item {
        Item::Schema(schema) => plain(ddl::schema(schema), schema.name.to_string()),
        Item::Table(table) => plain(ddl::table(table), table.name.to_string()),
        Item::Index(index) => plain(ddl::index(index), format!("{}.{}", index.table.schema, index.name)),
        Item::ForeignKey(key) => plain(ddl::foreign_key(key), format!("{}.{}", key.table, key.name)),
        Item::Function(function) => plpgsql::function(function),
        Item::Readers(readers) => plain(ddl::readers(readers), readers.schema.to_string()),
        Item::SharedSchema(schema) => plain(wrapper::schema(schema), schema.name.to_string()),
        Item::Wrapper(wrapper) => wrapper::function(wrapper),
        Item::Grant(grant) => {
            plain(ddl::grant(grant), ddl::function_identity(&grant.function, grant.arguments.iter()))
        }
    }
}

/// The statement that makes `change`, with its `;`.
pub fn change(change: &Change) -> String {
    render(&change::change(change)).text
}

fn plain(doc: Doc, object: String) -> Printed {
    Printed { text: render(&doc).text, object, lines: Vec::new() }
}

/// An expression, for tests and messages.
pub fn expression(expr: &Expr) -> String {
    render(&expression::expression(expr)).text
}

/// A query without its `;`, for tests and messages.
pub fn query(query: &Query) -> String {
    render(&query::query(query)).text
}
