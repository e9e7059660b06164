//! A loop over rows that makes at most one pass reads one row, without a cursor:
//!
//! ```sql
//! SELECT u.age INTO "$r.age" FROM .. ORDER BY .. LIMIT 1;
//! IF FOUND THEN
//!   RETURN "$r.age";
//! END IF;
//! ```

use super::statement::{Scope, statements};
use super::ties;
use crate::hir::walk::{self, Node};
use crate::hir::{
    Action, BinaryOp, Body, Expr, ExprKind, Literal, Program, Query, Statement, StatementKind, UnaryOp,
};
use crate::pg::{self, Ident, PlBranch, PlStatement, PlStatementKind};
use crate::source::Span;

/// The only pass of a loop.
pub(super) struct OnlyPass<'s> {
    body: &'s [Statement],
    /// True if the query has no second row.
    is_one_row: bool,
}

/// The only pass of a loop over the rows of `query`, if it makes no other.
pub(super) fn only_pass<'s>(scope: Scope<'_>, query: &Query, body: &'s [Statement]) -> Option<OnlyPass<'s>> {
    // Whether the loop is left or goes on is the same at the end of its only pass.
    let (body, leaves) = match body.split_last() {
        Some((last, before)) if matches!(last.kind, StatementKind::Break) => (before, true),
        _ => (body, ends(body)),
    };
    let is_one_row = is_one_row(scope, query);
    let is_only = is_one_row || (leaves && is_quiet(scope.unit.program, scope.action, query));
    (is_only && !jumps(body)).then_some(OnlyPass { body, is_one_row })
}

/// `SELECT .. INTO .. LIMIT 1; IF FOUND THEN .. END IF;`
pub(super) fn read(
    scope: Scope<'_>,
    (targets, mut query): (Vec<Ident>, pg::Query),
    OnlyPass { body, is_one_row }: OnlyPass<'_>,
    made: &mut Vec<PlStatement>,
    span: Span,
) {
    if query.limit.is_none() && !is_one_row {
        query.limit = Some(pg::Expr::Number("1".to_owned()));
    }
    made.push(PlStatement { kind: PlStatementKind::SelectInto { targets, query }, span });
    let branch = PlBranch { condition: pg::Expr::Found, body: statements(scope, body), span };
    made.push(PlStatement {
        kind: PlStatementKind::If { branches: vec![branch], otherwise: Vec::new() },
        span,
    });
}

/// True if a query has at most one row, by its keys or because it says so.
pub(super) fn is_one_row(scope: Scope<'_>, query: &Query) -> bool {
    let is_literal = |limit: &Expr| matches!(&limit.kind, ExprKind::Literal(Literal::Number(digits)) if digits == "0" || digits == "1");
    query.limit.as_ref().is_some_and(is_literal)
        || scope.frame(true, |frame| ties::is_one_row_query(frame, query))
}

/// True if statements never come to their end.
fn ends(body: &[Statement]) -> bool {
    body.iter().any(|statement| match &statement.kind {
        StatementKind::Return | StatementKind::ReturnRow(_) | StatementKind::Raise(_) => true,
        StatementKind::If { branches, otherwise } => {
            branches.iter().all(|branch| ends(&branch.body)) && ends(otherwise)
        }
        _ => false,
    })
}

/// True if a `break` or `continue` belongs to the loop around the statements.
fn jumps(body: &[Statement]) -> bool {
    body.iter().any(|statement| match &statement.kind {
        StatementKind::Break | StatementKind::Continue => true,
        StatementKind::If { branches, otherwise } => {
            branches.iter().any(|branch| jumps(&branch.body)) || jumps(otherwise)
        }
        _ => false,
    })
}

/// True if no row of a query raises or does anything, so that it does not matter how many of them are computed. Views
/// that are called are computed whole in any case.
fn is_quiet(program: &Program, action: &Action, query: &Query) -> bool {
    let mut quiet = true;
    walk::walk(action, Node::Query(query), &mut |node| match node {
        Node::Expr(expr) => quiet &= is_quiet_step(expr),
        Node::View(call) if call.spliced => {
            let view = program.action(&call.callee.dbid, &call.callee.action);
            quiet &= view.is_none_or(|view| is_quiet_view(program, view));
        }
        Node::Query(query) => quiet &= !matches!(query.body, Body::Operation { .. }) && !query.recursive,
        _ => {}
    });
    quiet
}

fn is_quiet_view(program: &Program, view: &Action) -> bool {
    view.body.iter().all(|statement| match &statement.kind {
        StatementKind::Query(query) => is_quiet(program, view, query),
        _ => false,
    })
}

/// True if an expression itself, its operands apart, has a value for all operands and does nothing else.
fn is_quiet_step(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Local(_) | ExprKind::Context(_) | ExprKind::Column { .. } => true,
        ExprKind::And(_) | ExprKind::Or(_) | ExprKind::IsNull { .. } | ExprKind::IsTruth { .. } => true,
        ExprKind::IsDistinct { .. } | ExprKind::Between { .. } | ExprKind::InList { .. } => true,
        ExprKind::InQuery { .. } | ExprKind::Exists { .. } | ExprKind::Case { .. } => true,
        ExprKind::Unary { operator, .. } => *operator == UnaryOp::Not,
        ExprKind::Binary { operator, .. } => BinaryOp::is_comparison(*operator),
        _ => false,
    }
}
