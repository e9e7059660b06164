//! `author = null`, which is never true.

use super::facts::Here;
use super::problems;
use crate::diagnostics::Sink;
use crate::hir::walk::{self, Node};
use crate::hir::{BinaryOp, Expr, ExprKind, Literal};
use crate::source::Span;

pub(super) fn check(here: &Here<'_>, sink: &mut Sink) {
    walk::body(here.action, &mut |node| {
        let Node::Expr(expr) = node else { return };
        let ExprKind::Binary { operator, left, right } = &expr.kind else { return };
        if operator.is_comparison() && (is_null(here, left) || is_null(here, right)) {
            let report = problems::compare_null(*operator, expr.span, fixable(here, *operator, left, right));
            sink.report(report);
        }
    });
}

/// The operator and the null after it, if nothing but blanks stands around the operator.
fn fixable(here: &Here<'_>, operator: BinaryOp, left: &Expr, right: &Expr) -> Option<Span> {
    let span = Span { source: left.span.source, start: left.span.end, end: right.span.end };
    let text = here.text(span).trim_start();
    let signs: &[&str] = match operator {
        BinaryOp::Equal => &["==", "="],
        BinaryOp::NotEqual => &["<>", "!="],
        _ => return None,
    };
    let null = signs.iter().find_map(|sign| text.strip_prefix(sign))?;
    null.trim_start().eq_ignore_ascii_case("null").then_some(span)
}

/// True for a null that is written. What was reported is a null too.
fn is_null(here: &Here<'_>, expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(Literal::Null) => here.text(expr.span).eq_ignore_ascii_case("null"),
        ExprKind::Cast(operand) => is_null(here, operand),
        _ => false,
    }
}
