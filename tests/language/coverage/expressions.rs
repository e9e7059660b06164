//! The parts of queries and expressions, as the compiler understands them.

use std::collections::BTreeSet;

use kuneiform::hir::walk::{self, Node};
use kuneiform::hir::{
    Action, Body, CteSource, Expr, ExprKind, From, FromKind, FunctionCall, JoinKind, Query, RelationSource,
    Select, SetOperator,
};
use kuneiform::language::functions::{self, Function, Kind};

/// Every part but operators, context values and functions.
pub const ALL: &[&str] = &[
    "WITH",
    "WITH RECURSIVE",
    "WITH call",
    "DISTINCT",
    "WHERE",
    "GROUP BY",
    "HAVING",
    "ORDER BY",
    "NULLS FIRST",
    "NULLS LAST",
    "LIMIT",
    "OFFSET",
    "UNION",
    "UNION ALL",
    "INTERSECT",
    "INTERSECT ALL",
    "EXCEPT",
    "EXCEPT ALL",
    "INNER JOIN",
    "LEFT JOIN",
    "RIGHT JOIN",
    "FULL JOIN",
    "CROSS JOIN",
    "table",
    "CTE",
    "subquery",
    "LATERAL subquery",
    "view",
    "unnest",
    "unnest WITH ORDINALITY",
    "excluded",
    "literal",
    "variable",
    "column",
    "IS NULL",
    "IS TRUE",
    "IS DISTINCT FROM",
    "BETWEEN",
    "LIKE",
    "LIKE ESCAPE",
    "IN (list)",
    "IN (SELECT ..)",
    "ANY",
    "ALL",
    "EXISTS",
    "(SELECT ..)",
    "CASE",
    "CASE of a value",
    "cast",
    "ARRAY",
    "a[i]",
    "a[i:j]",
    "function",
    "DISTINCT in a call",
    "ORDER BY in a call",
    "FILTER",
    "OVER",
    "PARTITION BY",
    "frame",
    "ERROR as a value",
    "action as a value",
];

/// The parts of an action.
pub fn of(action: &Action, found: &mut BTreeSet<String>) {
    let mut says = |part: &str, holds: bool| {
        if holds {
            found.insert(part.to_owned());
        }
    };
    walk::body(action, &mut |node| match node {
        Node::Query(made) => query(made, &mut says),
        Node::Select(made) => select(made, &mut says),
        Node::From(made) => from(made, &mut says),
        Node::Relation(_, relation) => says(source(&relation.source), true),
        Node::Cte(_, cte) => {
            says("WITH", true);
            says("WITH RECURSIVE", cte.recursive);
            says("WITH call", matches!(cte.source, CteSource::View(_)));
        }
        Node::Expr(made) => expression(made, &mut says),
        Node::Statement(_) | Node::View(_) => {}
    });
}

/// The functions of the language an action calls, each with how many arguments.
pub fn functions(action: &Action, found: &mut dyn FnMut(&'static Function, usize)) {
    walk::body(action, &mut |node| match node {
        Node::Expr(Expr { kind: ExprKind::Function(call), .. }) => found(call.function, call.arguments.len()),
        Node::Relation(_, relation) => {
            if let RelationSource::Unnest { arrays, .. } = &relation.source {
                let rows = functions::all().filter(|function| function.kind == Kind::Rows);
                rows.for_each(|function| found(function, arrays.len()));
            }
        }
        _ => {}
    });
}

fn query(query: &Query, says: &mut impl FnMut(&str, bool)) {
    says("ORDER BY", !query.order_by.is_empty());
    says("NULLS FIRST", query.order_by.iter().any(|key| key.nulls_first == Some(true)));
    says("NULLS LAST", query.order_by.iter().any(|key| key.nulls_first == Some(false)));
    says("LIMIT", query.limit.is_some());
    says("OFFSET", query.offset.is_some());
    if let Body::Operation { operator, all, .. } = &query.body {
        let part = match (operator, all) {
            (SetOperator::Union, false) => "UNION",
            (SetOperator::Union, true) => "UNION ALL",
            (SetOperator::Intersect, false) => "INTERSECT",
            (SetOperator::Intersect, true) => "INTERSECT ALL",
            (SetOperator::Except, false) => "EXCEPT",
            (SetOperator::Except, true) => "EXCEPT ALL",
        };
        says(part, true);
    }
}

fn select(select: &Select, says: &mut impl FnMut(&str, bool)) {
    says("DISTINCT", select.distinct);
    says("WHERE", select.filter.is_some());
    says("GROUP BY", !select.group_by.is_empty());
    says("HAVING", select.having.is_some());
}

fn from(from: &From, says: &mut impl FnMut(&str, bool)) {
    let FromKind::Join { kind, .. } = &from.kind else { return };
    let part = match kind {
        JoinKind::Inner => "INNER JOIN",
        JoinKind::Left => "LEFT JOIN",
        JoinKind::Right => "RIGHT JOIN",
        JoinKind::Full => "FULL JOIN",
        JoinKind::Cross => "CROSS JOIN",
    };
    says(part, true);
}

fn source(source: &RelationSource) -> &'static str {
    match source {
        RelationSource::Table(_) => "table",
        RelationSource::Cte(_) => "CTE",
        RelationSource::Query { lateral: false, .. } => "subquery",
        RelationSource::Query { lateral: true, .. } => "LATERAL subquery",
        RelationSource::View(_) => "view",
        RelationSource::Unnest { ordinality: false, .. } => "unnest",
        RelationSource::Unnest { ordinality: true, .. } => "unnest WITH ORDINALITY",
        RelationSource::Excluded(_) => "excluded",
    }
}

fn expression(expr: &Expr, says: &mut impl FnMut(&str, bool)) {
    let part = match &expr.kind {
        ExprKind::Literal(_) => "literal",
        ExprKind::Local(_) => "variable",
        ExprKind::Context(value) => return says(&format!("@{}", value.word()), true),
        ExprKind::Column { .. } => "column",
        ExprKind::Unary { operator, .. } => return says(&format!("prefix {operator:?}"), true),
        ExprKind::Binary { operator, .. } => operator.sign(),
        ExprKind::And(_) => "AND",
        ExprKind::Or(_) => "OR",
        ExprKind::IsNull { .. } => "IS NULL",
        ExprKind::IsTruth { .. } => "IS TRUE",
        ExprKind::IsDistinct { .. } => "IS DISTINCT FROM",
        ExprKind::Between { .. } => "BETWEEN",
        ExprKind::Like { escape: None, .. } => "LIKE",
        ExprKind::Like { escape: Some(_), .. } => "LIKE ESCAPE",
        ExprKind::InList { .. } => "IN (list)",
        ExprKind::InQuery { .. } => "IN (SELECT ..)",
        ExprKind::Quantified { all: false, .. } => "ANY",
        ExprKind::Quantified { all: true, .. } => "ALL",
        ExprKind::Exists { .. } => "EXISTS",
        ExprKind::Subquery(_) => "(SELECT ..)",
        ExprKind::Case { operand: None, .. } => "CASE",
        ExprKind::Case { operand: Some(_), .. } => "CASE of a value",
        ExprKind::Cast(_) => "cast",
        ExprKind::Array(_) => "ARRAY",
        ExprKind::Index { .. } => "a[i]",
        ExprKind::Slice { .. } => "a[i:j]",
        ExprKind::Function(call) => {
            clauses(call, says);
            "function"
        }
        ExprKind::Error(_) => "ERROR as a value",
        ExprKind::Call { .. } => "action as a value",
    };
    says(part, true);
}

fn clauses(call: &FunctionCall, says: &mut impl FnMut(&str, bool)) {
    says("DISTINCT in a call", call.distinct);
    says("ORDER BY in a call", !call.order_by.is_empty());
    says("FILTER", call.filter.is_some());
    says("OVER", call.over.is_some());
    says("PARTITION BY", call.over.as_ref().is_some_and(|over| !over.partition_by.is_empty()));
    says("frame", call.over.as_ref().is_some_and(|over| over.frame.is_some()));
}
