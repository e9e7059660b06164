//! Filters that an argument may leave out: `WHERE $a IS NULL OR t.a = $a`. One plan for both cases can use no index, so
//! that each case gets a statement of its own:
//!
//! ```sql
//! IF "$a" IS NOT NULL THEN
//!   RETURN QUERY SELECT .. WHERE t.a = "$a";
//! ELSE
//!   RETURN QUERY SELECT ..;
//! END IF;
//! ```
//!
//! Of several filters the first that is given decides, and the others stay as they are: one statement more for each.

use crate::pg::{Body, Expr, From, Ident, PlBranch, PlStatement, PlStatementKind, Query, Select};

/// A statement is written at most so many times, and its relations all in all.
const COPIES: usize = 5;
const RELATIONS: usize = 16;
/// The body of a loop that is written several times has at most so many statements, others inside it included.
const STATEMENTS: usize = 8;

/// The statement, or a choice between its cases.
pub(super) fn split(statement: PlStatement) -> PlStatement {
    let PlStatement { kind, span } = statement;
    let mut kind = kind;
    let Some(mut variables) = variables(&mut kind) else { return PlStatement { kind, span } };
    let mut branches = Vec::new();
    while !variables.is_empty() {
        let first = variables.remove(0);
        let mut given = kind.clone();
        settle(&mut given, &first, false);
        settle(&mut kind, &first, true);
        let condition = Expr::Is { operand: Box::new(Expr::Variable(first)), what: "NOT NULL" };
        branches.push(PlBranch { condition, body: vec![PlStatement { kind: given, span }], span });
    }
    let otherwise = vec![PlStatement { kind, span }];
    PlStatement { kind: PlStatementKind::If { branches, otherwise }, span }
}

/// The arguments that filters of a statement may do without, those first that an equality compares.
fn variables(kind: &mut PlStatementKind) -> Option<Vec<Ident>> {
    let query = query_of(kind)?;
    let (mut equal, mut others, mut relations) = (Vec::new(), Vec::new(), 0);
    each_select(query, &mut |select| {
        relations += select.from.as_ref().map_or(0, leaves);
        for condition in conditions(&select.filter) {
            let Some((variable, rest)) = optional(condition) else { continue };
            let found =
                if rest.iter().any(|it| is_equality(it, variable)) { &mut equal } else { &mut others };
            found.push(variable.clone());
        }
    });
    let mut all: Vec<Ident> = Vec::new();
    for variable in equal.into_iter().chain(others) {
        if !all.contains(&variable) {
            all.push(variable);
        }
    }
    all.truncate(COPIES.min(RELATIONS / relations.max(1)).saturating_sub(1));
    (!all.is_empty()).then_some(all)
}

/// The query of a statement that may be written several times.
fn query_of(kind: &mut PlStatementKind) -> Option<&mut Query> {
    match kind {
        PlStatementKind::ReturnQuery(query)
        | PlStatementKind::PerformQuery(query)
        | PlStatementKind::SelectInto { query, .. } => Some(query),
        PlStatementKind::ForQuery { query, body, .. } if size(body) <= STATEMENTS => Some(query),
        _ => None,
    }
}

fn size(body: &[PlStatement]) -> usize {
    let inside = |statement: &PlStatement| match &statement.kind {
        PlStatementKind::If { branches, otherwise } => {
            branches.iter().map(|branch| size(&branch.body)).sum::<usize>() + size(otherwise)
        }
        PlStatementKind::While { body, .. }
        | PlStatementKind::ForRange { body, .. }
        | PlStatementKind::ForEach { body, .. }
        | PlStatementKind::ForQuery { body, .. } => size(body),
        _ => 0,
    };
    body.iter().map(|statement| 1 + inside(statement)).sum()
}

/// Visits the SELECTs of a query whose rows it is made of.
fn each_select(query: &mut Query, visit: &mut dyn FnMut(&mut Select)) {
    query.ctes.iter_mut().for_each(|cte| each_select(&mut cte.query, visit));
    match &mut query.body {
        Body::Select(select) => {
            visit(select);
            if let Some(from) = &mut select.from {
                each_in_from(from, visit);
            }
        }
        Body::Operation { left, right, .. } => {
            each_select(left, visit);
            each_select(right, visit);
        }
        Body::Insert(_) | Body::Update(_) | Body::Delete(_) => {}
    }
}

fn each_in_from(from: &mut From, visit: &mut dyn FnMut(&mut Select)) {
    match from {
        From::Query { query, .. } => each_select(query, visit),
        From::Join { left, right, .. } => {
            each_in_from(left, visit);
            each_in_from(right, visit);
        }
        From::Table { .. } | From::Cte { .. } | From::Function { .. } | From::Unnest { .. } => {}
    }
}

fn leaves(from: &From) -> usize {
    match from {
        From::Join { left, right, .. } => leaves(left) + leaves(right),
        _ => 1,
    }
}

/// What a filter demands all of.
fn conditions(filter: &Option<Expr>) -> &[Expr] {
    match filter {
        Some(Expr::And(all)) => all,
        Some(only) => std::slice::from_ref(only),
        None => &[],
    }
}

/// The variable of `variable IS NULL OR ..`, and what else is offered.
fn optional(condition: &Expr) -> Option<(&Ident, Vec<&Expr>)> {
    let Expr::Or(all) = condition else { return None };
    let variable = all.iter().find_map(null_variable)?;
    let rest = all.iter().filter(|it| null_variable(it) != Some(variable)).collect();
    Some((variable, rest))
}

fn null_variable(condition: &Expr) -> Option<&Ident> {
    match condition {
        Expr::Is { operand, what: "NULL" } => match &**operand {
            Expr::Variable(name) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

fn is_equality(condition: &Expr, variable: &Ident) -> bool {
    let is_it = |side: &Expr| matches!(side, Expr::Variable(name) if name == variable);
    match condition {
        Expr::Binary { operator: "=", left, right } => is_it(left) || is_it(right),
        _ => false,
    }
}

/// Writes a statement for the case that a variable is null, or that it is not.
fn settle(kind: &mut PlStatementKind, variable: &Ident, is_null: bool) {
    let Some(query) = query_of(kind) else { return };
    each_select(query, &mut |select| {
        let settled = |condition: &Expr| match optional(condition) {
            Some((found, _)) if found == variable && is_null => None,
            Some((found, rest)) if found == variable => Some(any(rest)),
            _ => Some(condition.clone()),
        };
        let kept: Vec<Expr> = conditions(&select.filter).iter().filter_map(settled).collect();
        select.filter = (!kept.is_empty()).then_some(Expr::And(kept));
    });
}

fn any(conditions: Vec<&Expr>) -> Expr {
    match conditions.as_slice() {
        [only] => (*only).clone(),
        _ => Expr::Or(conditions.into_iter().cloned().collect()),
    }
}
