use super::dml;
use super::expression::{call, expression, key, sort_key};
use super::layout::Doc;
use crate::pg::{
    Body, Call, Cte, Expr, From, Ident, JoinKind, Namespace, OutputItem, Query, Select, SetOperator,
};

/// A query, its clauses on lines of their own unless the group around it fits on one.
pub(super) fn query(query: &Query) -> Doc {
    clauses(query, rows(&query.body))
}

/// A query whose body is a SELECT, with `into` behind its list.
pub(super) fn query_into(query: &Query, into: Doc) -> Doc {
    clauses(
        query,
        match &query.body {
            Body::Select(select) => Doc::from("SELECT") + after_select(select, Some(into)),
            other => rows(other),
        },
    )
}

/// `rows` with what stands around them.
fn clauses(query: &Query, rows: Doc) -> Doc {
    let Query { ctes, recursive, body: _, order_by, limit, offset } = query;
    let mut doc = with(ctes, *recursive) + rows;
    if !order_by.is_empty() {
        let keys = Doc::list(order_by.iter().map(|sort| sort_key(sort, key)));
        doc = doc + Doc::Line + clause("ORDER BY", keys);
    }
    if let Some(limit) = limit {
        doc = doc + Doc::Line + "LIMIT " + expression(limit);
    }
    if let Some(offset) = offset {
        doc = doc + Doc::Line + "OFFSET " + expression(offset);
    }
    doc
}

/// `(SELECT ..)`
pub(super) fn subquery(of: &Query) -> Doc {
    query(of).parenthesised()
}

/// `WORD a, b`, the list on lines of its own where it does not fit.
pub(super) fn clause(word: &'static str, list: Doc) -> Doc {
    (Doc::from(word) + (Doc::Line + list).nest()).group()
}

/// `WHERE a AND b`
pub(super) fn condition(word: &'static str, condition: &Expr) -> Doc {
    Doc::from(word) + " " + expression(condition)
}

/// `WITH a AS (..), b AS (..)` and a line break; nothing without CTEs.
pub(super) fn with(ctes: &[Cte], recursive: bool) -> Doc {
    if ctes.is_empty() {
        return Doc::empty();
    }
    let word = if recursive { "WITH RECURSIVE " } else { "WITH " };
    Doc::from(word) + Doc::list(ctes.iter().map(cte)) + Doc::Line
}

fn cte(cte: &Cte) -> Doc {
    let Cte { name, columns, not_materialized, query } = cte;
    let word = if *not_materialized { " AS NOT MATERIALIZED " } else { " AS " };
    Doc::from(name.to_string()) + renamed(columns) + word + subquery(query)
}

/// ` ("a", "b")`; nothing without names.
fn renamed(columns: &[Ident]) -> Doc {
    if columns.is_empty() { Doc::empty() } else { Doc::from(" ") + names(columns) }
}

/// `("a", "b")`
pub(super) fn names(names: &[Ident]) -> Doc {
    Doc::list(names.iter().map(|name| name.to_string().into())).parenthesised()
}

fn rows(body: &Body) -> Doc {
    match body {
        Body::Select(of) => select(of),
        Body::Operation { operator, all, left, right } => {
            let word = match operator {
                SetOperator::Union => "UNION",
                SetOperator::Intersect => "INTERSECT",
                SetOperator::Except => "EXCEPT",
            };
            let own = strength(*operator);
            let left = set_operand(left, |inner| inner >= own);
            let right = set_operand(right, |inner| inner > own);
            left + Doc::Line + word + if *all { " ALL" } else { "" } + Doc::Line + right
        }
        Body::Insert(insert) => dml::insert(insert),
        Body::Update(update) => dml::update(update),
        Body::Delete(delete) => dml::delete(delete),
    }
}

/// INTERSECT binds tighter than the others; all associate to the left.
fn strength(operator: SetOperator) -> u8 {
    match operator {
        SetOperator::Union | SetOperator::Except => 0,
        SetOperator::Intersect => 1,
    }
}

/// An operand, in parentheses if it has clauses of its own or `holds` says its operator is too weak.
fn set_operand(operand: &Query, holds: impl Fn(u8) -> bool) -> Doc {
    let Query { ctes, recursive: _, body, order_by, limit, offset } = operand;
    let is_plain = ctes.is_empty() && order_by.is_empty() && limit.is_none() && offset.is_none();
    let is_strong = match body {
        Body::Select(_) => true,
        Body::Operation { operator, .. } => holds(strength(*operator)),
        Body::Insert(_) | Body::Update(_) | Body::Delete(_) => false,
    };
    if is_plain && is_strong { query(operand) } else { subquery(operand) }
}

/// A SELECT without WITH and ORDER BY.
pub(super) fn select(select: &Select) -> Doc {
    Doc::from("SELECT") + after_select(select, None)
}

/// What follows the word SELECT, so that PERFORM can stand in its place, with `into` behind the list.
pub(super) fn after_select(select: &Select, into: Option<Doc>) -> Doc {
    let Select { distinct, items, from: source, filter, group_by, having } = select;
    let mut doc = clause(if *distinct { " DISTINCT" } else { "" }, output(items));
    if items.is_empty() {
        doc = if *distinct { " DISTINCT".into() } else { Doc::empty() };
    }
    if let Some(into) = into {
        doc = doc + Doc::Line + into;
    }
    if let Some(source) = source {
        doc = doc + Doc::Line + "FROM " + from(source);
    }
    if let Some(filter) = filter {
        doc = doc + Doc::Line + condition("WHERE", filter);
    }
    if !group_by.is_empty() {
        doc = doc + Doc::Line + clause("GROUP BY", Doc::list(group_by.iter().map(key)));
    }
    if let Some(having) = having {
        doc = doc + Doc::Line + condition("HAVING", having);
    }
    doc
}

/// A select or RETURNING list.
pub(super) fn output(items: &[OutputItem]) -> Doc {
    Doc::list(items.iter().map(|OutputItem { expr, name }| match name {
        Some(name) if !is_default_name(expr, name) => expression(expr) + format!(" AS {name}"),
        _ => expression(expr),
    }))
}

fn is_default_name(expr: &Expr, name: &Ident) -> bool {
    match expr {
        Expr::Column { relation: _, column } | Expr::Output(column) => column == name,
        _ => false,
    }
}

/// A FROM: each join on a line of its own with the clauses around it.
pub(super) fn from(source: &From) -> Doc {
    match source {
        From::Table { table, alias } => Doc::from(table.to_string()) + alias_of(&table.name, alias),
        From::Cte { name, alias } => Doc::from(name.to_string()) + alias_of(name, alias),
        From::Query { query, lateral, alias, columns } => {
            let word = if *lateral { "LATERAL " } else { "" };
            Doc::from(word) + subquery(query) + format!(" AS {alias}") + renamed(columns)
        }
        From::Function { call: of, alias, columns } => call(of) + format!(" AS {alias}") + renamed(columns),
        From::Unnest { arrays, ordinality, alias, columns } => {
            unnest(arrays)
                + if *ordinality { " WITH ORDINALITY" } else { "" }
                + format!(" AS {alias}")
                + renamed(columns)
        }
        From::Join { kind, left, right, on } => {
            let right = match **right {
                From::Join { .. } => from(right).parenthesised(),
                _ => from(right),
            };
            let on = on.as_ref().map(|on| (Doc::Line + condition("ON", on)).nest());
            let join = Doc::from(join_words(*kind)) + right + on.unwrap_or_else(Doc::empty);
            from(left) + Doc::Line + join.group()
        }
    }
}

fn unnest(arrays: &[Expr]) -> Doc {
    let one = |array: &Expr| call(&Call::plain(Namespace::Catalog, "unnest", vec![array.clone()]));
    match arrays {
        [array] => one(array),
        arrays => Doc::from("ROWS FROM ") + Doc::list(arrays.iter().map(one)).parenthesised(),
    }
}

/// ` AS alias`; nothing where PostgreSQL would choose the same.
pub(super) fn alias_of(name: &Ident, alias: &Ident) -> Doc {
    if name == alias { Doc::empty() } else { format!(" AS {alias}").into() }
}

fn join_words(kind: JoinKind) -> &'static str {
    match kind {
        JoinKind::Inner => "JOIN ",
        JoinKind::Left => "LEFT JOIN ",
        JoinKind::Right => "RIGHT JOIN ",
        JoinKind::Full => "FULL JOIN ",
        JoinKind::Cross => "CROSS JOIN ",
    }
}
