//! `e.address = address`, where `$address` was meant.

use super::facts::Here;
use super::problems;
use crate::diagnostics::Sink;
use crate::hir::walk::{self, Node};
use crate::hir::{Action, Expr, ExprKind, Local};
use crate::language::Name;
use crate::source::Span;

/// A column compared with itself.
pub(super) struct Tautology<'a> {
    pub column: &'a Name,
    pub relation: &'a Name,
    /// The comparison.
    pub span: Span,
    /// The operand that was probably meant to be a parameter: the one written without a qualifier.
    pub meant: Option<Span>,
    /// The parameter of the column's name.
    pub parameter: Option<&'a Local>,
}

pub(super) fn check(here: &Here<'_>, sink: &mut Sink) {
    for found in find(here) {
        sink.report(problems::tautology(&found));
    }
}

/// Every comparison of a column with itself.
pub(super) fn find<'h>(here: &'h Here<'_>) -> Vec<Tautology<'h>> {
    let mut found = Vec::new();
    walk::body(here.action, &mut |node| {
        if let Node::Expr(expr) = node {
            found.extend(tautology(here, here.action, expr));
        }
    });
    found
}

fn tautology<'a>(here: &Here<'_>, action: &'a Action, expr: &'a Expr) -> Option<Tautology<'a>> {
    let (left, right) = match &expr.kind {
        ExprKind::Binary { operator, left, right } if operator.is_comparison() => (left, right),
        ExprKind::IsDistinct { left, right, negated: _ } => (left, right),
        _ => return None,
    };
    let ExprKind::Column { relation, column } = &left.kind else { return None };
    if left.kind != right.kind {
        return None;
    }
    let relation = action.relation(*relation)?;
    let column = &relation.columns.get(*column)?.name;
    let parameters = action.locals.iter().take(action.parameters);
    Some(Tautology {
        column,
        relation: &relation.name,
        span: expr.span,
        meant: [right.span, left.span].into_iter().find(|span| is_unqualified(here, *span)),
        parameter: parameters.into_iter().find(|local| local.name == *column),
    })
}

/// True for `name` and `"name"`; where both operands are written so, the right one is taken.
fn is_unqualified(here: &Here<'_>, span: Span) -> bool {
    let text = here.facts.sources.slice(span);
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'"'))
}
