//! Questions to the rows of the old version.

use super::pair::Pair;
use super::step::Probe;
use crate::interface::{Dbid, TableColumn, Value};
use crate::language::Name;
use crate::lower::cast_type;
use crate::lower::table::{ident, qualified, value};
use crate::pg::{Body, Call, Expr, From, Ident, Namespace, OutputItem, Query, Select, print};

/// What the rows that are there hold in a column of the new version.
pub(super) enum Stored {
    /// What they hold now, unchanged or widened.
    Same(Expr),
    /// Its default, because the column is new.
    Default(Expr),
    /// Null, because the column is new.
    Null,
    /// What a conversion makes of it.
    Unknown,
}

impl Stored {
    /// In rows called `alias` of the old table.
    pub fn of(pair: &Pair<'_>, column: &TableColumn, alias: &str) -> Stored {
        match (pair.old_of(column), &column.default) {
            (Some(old), _) if super::convert::keeps(&old.ty, &column.ty) => {
                Stored::Same(Expr::Column { relation: Ident::new(alias), column: ident(&old.name) })
            }
            (Some(_), _) => Stored::Unknown,
            (None, None | Some(Value::Null)) => Stored::Null,
            (None, Some(default)) => {
                Stored::Default(Expr::Cast(Box::new(value(default)), cast_type(&column.ty)))
            }
        }
    }
}

/// A probe that stops the step, counting rows of `table` that `filter` holds for.
pub(super) fn rows(dbid: &Dbid, table: &Name, filter: Option<Expr>, one: &str, many: &str) -> Probe {
    let query = select(count(), from(dbid, table, ROW), filter);
    Probe { sql: print::query(&query), says: (one.into(), many.into()), refuses: true, count: None }
}

/// A probe that only tells how many rows of `table` `filter` holds for.
pub(super) fn tell(dbid: &Dbid, table: &Name, filter: Option<Expr>, one: &str, many: &str) -> Probe {
    Probe { refuses: false, ..rows(dbid, table, filter, one, many) }
}

/// How rows of a probed table are called.
pub(super) const ROW: &str = "t";

/// A column of a probed row.
pub(super) fn column(name: &Name) -> Expr {
    Expr::Column { relation: Ident::new(ROW), column: ident(name) }
}

/// `e IS NULL`, `e IS NOT NULL`, ..
pub(super) fn is(operand: Expr, what: &'static str) -> Expr {
    Expr::Is { operand: Box::new(operand), what }
}

/// `left operator right`
pub(super) fn binary(left: Expr, operator: &'static str, right: Expr) -> Expr {
    Expr::Binary { operator, left: Box::new(left), right: Box::new(right) }
}

/// A probe for values of a key that stand in several rows; none if null is among them in every row, or they cannot be
/// known.
pub(super) fn duplicates(pair: &Pair<'_>, columns: &[Name]) -> Option<Probe> {
    let mut keys = Vec::new();
    for name in columns {
        match Stored::of(pair, pair.new.column(name)?, ROW) {
            Stored::Same(expr) => keys.push(expr),
            Stored::Default(_) => {}
            Stored::Null | Stored::Unknown => return None,
        }
    }
    let dbid = pair.schemas.dbid;
    let filled: Vec<Expr> = keys.iter().map(|key| is(key.clone(), "NOT NULL")).collect();
    let twice =
        Expr::Binary { operator: ">", left: Box::new(counted()), right: Box::new(Expr::Number("1".into())) };
    let mut inner = bare(Vec::new(), from(dbid, &pair.old.name, ROW), all(filled));
    inner.group_by = keys;
    inner.having = Some(twice);
    let inner = From::Query {
        query: Box::new(query(inner)),
        lateral: false,
        alias: Ident::new("d"),
        columns: Vec::new(),
    };
    let sql = print::query(&select(count(), inner, None));
    let says = ("value stands in more than one row".into(), "values stand in more than one row".into());
    Some(Probe { sql, says, refuses: true, count: None })
}

/// A probe for rows of `child` that have no parent; none if they refer to nothing, or it cannot be known.
pub(super) fn orphans(
    child: &Pair<'_>,
    columns: &[Name],
    parent: Option<&Pair<'_>>,
    parent_columns: &[Name],
) -> Option<Probe> {
    let dbid = child.schemas.dbid;
    let (mut filled, mut same) = (Vec::new(), Vec::new());
    for (from, to) in columns.iter().zip(parent_columns) {
        let value = match Stored::of(child, child.new.column(from)?, ROW) {
            Stored::Same(expr) | Stored::Default(expr) => expr,
            Stored::Null | Stored::Unknown => return None,
        };
        filled.push(is(value.clone(), "NOT NULL"));
        let Some(parent) = parent else { continue };
        match Stored::of(parent, parent.new.column(to)?, PARENT) {
            Stored::Same(expr) | Stored::Default(expr) => same.push(binary(expr, "=", value)),
            Stored::Null => same.push(Expr::Bool(false)),
            Stored::Unknown => return None,
        }
    }
    if let Some(parent) = parent {
        let query = query(bare(Vec::new(), from(dbid, &parent.old.name, PARENT), all(same)));
        filled.push(Expr::Exists { query: Box::new(query), negated: true });
    }
    Some(rows(dbid, &child.old.name, all(filled), "row refers to nothing", "rows refer to nothing"))
}

const PARENT: &str = "p";

fn all(mut conditions: Vec<Expr>) -> Option<Expr> {
    match conditions.len() {
        0 | 1 => conditions.pop(),
        _ => Some(Expr::And(conditions)),
    }
}

fn counted() -> Expr {
    Expr::Call(Box::new(Call::plain(Namespace::Catalog, "count", vec![Expr::Star])))
}

fn count() -> Vec<OutputItem> {
    vec![OutputItem { expr: counted(), name: None }]
}

fn from(dbid: &Dbid, table: &Name, alias: &str) -> From {
    From::Table { table: qualified(dbid, table), alias: Ident::new(alias) }
}

fn bare(items: Vec<OutputItem>, from: From, filter: Option<Expr>) -> Select {
    Select { distinct: false, items, from: Some(from), filter, group_by: Vec::new(), having: None }
}

fn select(items: Vec<OutputItem>, from: From, filter: Option<Expr>) -> Query {
    query(bare(items, from, filter))
}

fn query(select: Select) -> Query {
    let body = Body::Select(Box::new(select));
    Query { ctes: Vec::new(), recursive: false, body, order_by: Vec::new(), limit: None, offset: None }
}
