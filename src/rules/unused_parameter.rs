use super::facts::Here;
use super::{problems, tautology};
use crate::diagnostics::Sink;
use crate::hir::{Action, Local, LocalId, Uses};

/// Parameters never read, unless a comparison of a column with itself already offers them.
pub(super) fn check(here: &Here<'_>, sink: &mut Sink) {
    if !here.is_complete {
        return;
    }
    let offered = tautology::find(here);
    let is_offered = |local: &Local| {
        let mut offers = offered.iter().filter(|found| found.meant.is_some());
        offers.any(|found| found.parameter.is_some_and(|offer| offer.local() == local))
    };
    let declared = here.ast().map(|ast| ast.parameters.as_slice());
    for local in unread(here.action) {
        if !is_offered(local) {
            let ast = declared.unwrap_or_default().iter().find(|known| known.name.name == local.name);
            let is_typed = ast.is_some_and(|ast| ast.ty.is_some());
            sink.report(problems::unused_parameter(here.action, local, is_typed));
        }
    }
}

/// The parameters no expression reads.
pub(super) fn unread(action: &Action) -> Vec<&Local> {
    let Uses { read, .. } = Uses::of(action);
    let parameters = (0..).map(LocalId).zip(&action.locals).take(action.parameters);
    parameters.filter(|(id, _)| !read.contains(id)).map(|(_, local)| local).collect()
}
