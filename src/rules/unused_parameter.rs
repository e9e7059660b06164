use std::collections::BTreeSet;

use super::facts::Here;
use super::{problems, tautology};
use crate::diagnostics::Sink;
use crate::hir::walk::{self, Node};
use crate::hir::{ExprKind, LocalId};

/// Parameters never read, unless a comparison of a column with itself already offers them.
pub(super) fn check(here: &Here<'_>, sink: &mut Sink) {
    if !here.is_complete {
        return;
    }
    let mut read: BTreeSet<LocalId> = BTreeSet::new();
    walk::body(here.action, &mut |node| {
        if let Node::Expr(expr) = node
            && let ExprKind::Local(id) = expr.kind
        {
            read.insert(id);
        }
    });
    let offered = tautology::find(here);
    let is_offered = |span| {
        let mut parameters = offered.iter().filter(|found| found.meant.is_some());
        parameters.any(|found| found.parameter.is_some_and(|parameter| parameter.span == span))
    };
    let declared = here.facts.ast(here.schema, here.action).map(|ast| ast.parameters.as_slice());
    for (id, local) in (0..).map(LocalId).zip(&here.action.locals).take(here.action.parameters) {
        if !read.contains(&id) && !is_offered(local.span) {
            let ast = declared.unwrap_or_default().iter().find(|known| known.name.name == local.name);
            let is_typed = ast.is_some_and(|ast| ast.ty.is_some());
            sink.report(problems::unused_parameter(here.action, local, is_typed));
        }
    }
}
