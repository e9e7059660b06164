use super::facts::Here;
use super::{guard_unused, problems, references};
use crate::diagnostics::Sink;
use crate::hir::walk::{self, Node};

/// CTEs that nothing else names. Those that guard are an error elsewhere.
pub(super) fn check(here: &Here<'_>, sink: &mut Sink) {
    if here.action.ctes.is_empty() {
        return;
    }
    let named = references::of(here.action).named;
    walk::body(here.action, &mut |node| {
        if let Node::Cte(id, cte) = node
            && !named.contains(&id)
            && !guard_unused::raises(here, id, cte)
        {
            sink.report(problems::unused_cte(cte));
        }
    });
}
