//! PostgreSQL does not run a CTE that nothing reads, so a check in it checks nothing.

use super::facts::Here;
use super::{problems, references};
use crate::diagnostics::Sink;
use crate::hir::walk::{self, Node};
use crate::hir::{Cte, CteId, ExprKind};

pub(super) fn check(here: &Here<'_>, sink: &mut Sink) {
    if here.action.ctes.is_empty() {
        return;
    }
    let reached = references::of(here.action).reached;
    walk::body(here.action, &mut |node| {
        if let Node::Cte(id, cte) = node
            && !reached.contains(&id)
            && raises(here, id, cte)
        {
            sink.report(problems::guard_unused(cte));
        }
    });
}

/// True if something in the CTE raises an author's error.
pub(super) fn raises(here: &Here<'_>, id: CteId, cte: &Cte) -> bool {
    let mut raises = false;
    walk::walk(here.action, Node::Cte(id, cte), &mut |node| match node {
        Node::Expr(expr) => raises |= matches!(expr.kind, ExprKind::Error(_)),
        Node::View(call) => {
            raises |= here.signature(&call.callee).is_some_and(|signature| signature.may_raise);
        }
        _ => {}
    });
    raises
}
