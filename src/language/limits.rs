//! Every limit of the language, each far below what PostgreSQL or the host would fail at (docs/language/limits.md).

/// Bytes of one source.
pub const SOURCE_BYTES: usize = 1024 * 1024;
/// Bytes of a name: PostgreSQL's NAMEDATALEN - 1.
pub const NAME_BYTES: usize = 63;
/// Bytes of a parameter's name: the lowered name carries the `$`.
pub const PARAMETER_BYTES: usize = NAME_BYTES - 1;
/// Brackets, blocks, subqueries and CASE inside one another.
pub const NESTING: usize = 64;
/// Operators, list elements aside, in one statement.
pub const OPERATORS: usize = 1000;
/// Columns of a table or a result; PostgreSQL stops at 1600.
pub const COLUMNS: usize = 1000;
/// Parameters of an action: PostgreSQL takes 100 arguments and the context is one of them.
pub const PARAMETERS: usize = 99;
/// Columns of an index or key; PostgreSQL's INDEX_MAX_KEYS.
pub const INDEX_COLUMNS: usize = 32;
/// Relations joined in one query.
pub const JOINS: usize = 100;
/// Elements of an IN list, an array literal or rows of VALUES.
pub const LIST: usize = 10_000;
/// Statements in one action.
pub const STATEMENTS: usize = 2000;
/// Tables in one schema.
pub const TABLES: usize = 1000;
/// Actions in one schema.
pub const ACTIONS: usize = 5000;
/// Selects joined by UNION, INTERSECT and EXCEPT in one query.
pub const SET_OPERANDS: usize = 500;
/// Static depth of calls between actions.
pub const CALL_DEPTH: usize = 200;
/// Views spliced inside one another.
pub const COMPOSITION_DEPTH: usize = 32;
/// Relations one statement reads once views and CTEs stand in the place of their names.
pub const EXPANSION: usize = 10_000;
/// Calls one call makes, all levels together, if every statement runs once.
pub const CALLS: usize = 10_000;
/// Bytes of SQL that `source` bytes with `functions` functions may become: eight times the source and 64 KiB, and a KiB for
/// what every function says of itself, however short its action is.
pub fn output_bytes(source: usize, functions: usize) -> usize {
    source.saturating_mul(8).saturating_add(64 * 1024).saturating_add(functions.saturating_mul(1024))
}
