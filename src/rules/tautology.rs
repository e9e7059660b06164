//! `e.address = address`, where `$address` was meant.

use std::cell::OnceCell;

use super::facts::Here;
use super::{problems, unused_parameter};
use crate::diagnostics::Sink;
use crate::hir::walk::{self, Node};
use crate::hir::{Action, Expr, ExprKind, Local};
use crate::language::{Name, Type};
use crate::source::Span;

/// A column compared with itself.
pub(super) struct Tautology<'a> {
    pub column: &'a Name,
    pub relation: &'a Name,
    /// The comparison.
    pub span: Span,
    /// The operand that was probably meant to be a parameter: the one written without a qualifier.
    pub meant: Option<Span>,
    /// The parameter that was probably meant.
    pub parameter: Option<Offer<'a>>,
}

/// A parameter that may have been meant.
#[derive(Clone, Copy)]
pub(super) enum Offer<'a> {
    /// It has the column's name, and lacks only its `$`.
    Named(&'a Local),
    /// It is the only one never read, and has the column's type.
    Unread(&'a Local),
}

impl<'a> Offer<'a> {
    pub fn local(self) -> &'a Local {
        match self {
            Offer::Named(local) | Offer::Unread(local) => local,
        }
    }
}

pub(super) fn check(here: &Here<'_>, sink: &mut Sink) {
    for found in find(here) {
        sink.report(problems::tautology(&found));
    }
}

/// Every comparison of a column with itself.
pub(super) fn find<'h>(here: &'h Here<'_>) -> Vec<Tautology<'h>> {
    let mut found = Vec::new();
    let unread = OnceCell::new();
    walk::body(here.action, &mut |node| {
        if let Node::Expr(expr) = node {
            found.extend(tautology(here, expr, &unread));
        }
    });
    found
}

/// The parameters of the action that are never read, once somebody asks.
type Unread<'h> = OnceCell<Vec<&'h Local>>;

fn tautology<'h>(here: &'h Here<'_>, expr: &'h Expr, unread: &Unread<'h>) -> Option<Tautology<'h>> {
    let (left, right) = match &expr.kind {
        ExprKind::Binary { operator, left, right } if operator.is_comparison() => (left, right),
        ExprKind::IsDistinct { left, right, negated: _ } => (left, right),
        _ => return None,
    };
    let ExprKind::Column { relation, column } = &left.kind else { return None };
    if left.kind != right.kind {
        return None;
    }
    let relation = here.action.relation(*relation)?;
    let column = relation.columns.get(*column)?;
    Some(Tautology {
        column: &column.name,
        relation: &relation.name,
        span: expr.span,
        meant: [right.span, left.span].into_iter().find(|span| is_unqualified(here, *span)),
        parameter: offer(here.action, &column.name, &column.ty, unread),
    })
}

fn offer<'h>(action: &'h Action, column: &Name, ty: &Type, unread: &Unread<'h>) -> Option<Offer<'h>> {
    let mut parameters = action.locals.iter().take(action.parameters);
    if let Some(named) = parameters.find(|local| local.name == *column) {
        return Some(Offer::Named(named));
    }
    match unread.get_or_init(|| unused_parameter::unread(action)).as_slice() {
        [only] if only.ty == *ty => Some(Offer::Unread(only)),
        _ => None,
    }
}

/// True for `name` and `"name"`; where both operands are written so, the right one is taken.
fn is_unqualified(here: &Here<'_>, span: Span) -> bool {
    let text = here.text(span);
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'"'))
}
