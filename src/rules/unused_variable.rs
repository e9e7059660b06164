use super::facts::Here;
use super::problems;
use crate::diagnostics::Sink;
use crate::hir::{LocalId, Uses};

/// Variables that are given values nobody reads. The variable of a loop may be there to count passes only, and a row
/// of a loop need not be read whole.
pub(super) fn check(here: &Here<'_>, sink: &mut Sink) {
    if !here.is_complete {
        return;
    }
    let uses = Uses::of(here.action);
    let variables = (0..).map(LocalId).zip(&here.action.locals).skip(here.action.parameters);
    for (id, local) in variables {
        if !uses.read.contains(&id) && !uses.of_loops.contains(&id) {
            sink.report(problems::unused_variable(local));
        }
    }
}
