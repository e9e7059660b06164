//! Rows that nobody gets.

use super::facts::Here;
use super::problems;
use crate::diagnostics::Sink;
use crate::hir::walk::{self, Node};
use crate::hir::{Callee, ExprKind, StatementKind};
use crate::interface::Signature;

pub(super) fn check(here: &Here<'_>, sink: &mut Sink) {
    for statement in walk::statements(here.action).into_iter().filter(|statement| !statement.is_result) {
        match &statement.kind {
            StatementKind::Query(_) if !raises(here, Node::Statement(statement)) => {
                sink.report(problems::rows_ignored(statement.span));
            }
            StatementKind::Call { callee, arguments: _ } if is_pointless(here, callee) => {
                sink.report(problems::call_ignored(&here.name_of(callee), statement.span));
            }
            _ => {}
        }
    }
}

fn raises(here: &Here<'_>, node: Node<'_>) -> bool {
    let mut raises = false;
    walk::walk(here.action, node, &mut |node| match node {
        Node::Expr(expr) => raises |= matches!(expr.kind, ExprKind::Error(_)),
        Node::View(call) => raises |= here.signature(&call.callee).is_some_and(|view| view.may_raise),
        _ => {}
    });
    raises
}

/// True if the call can neither change, raise nor say anything.
fn is_pointless(here: &Here<'_>, callee: &Callee) -> bool {
    let is_view = |it: &Signature| it.modifiers.view && !it.modifiers.owner && !it.may_raise;
    if !here.signature(callee).is_some_and(is_view) {
        return false;
    }
    let Some(action) = here.look_into(callee).map(|it| it.action).filter(|it| it.is_written()) else {
        return false;
    };
    let mut is_silent = true;
    walk::body(action, &mut |node| {
        let says =
            matches!(node, Node::Statement(statement) if matches!(statement.kind, StatementKind::Notice(_)));
        is_silent &= !says && (node.callee().is_none() || matches!(node, Node::View(_)));
    });
    is_silent
}
