use std::collections::BTreeSet;

use super::facts::Here;
use super::problems;
use super::unused_parameter::read;
use crate::diagnostics::Sink;
use crate::hir::{LocalId, StatementKind, walk};

/// Variables that are given values nobody reads. The variable of a loop may be there to count passes only, and a row
/// of a loop need not be read whole.
pub(super) fn check(here: &Here<'_>, sink: &mut Sink) {
    if !here.is_complete {
        return;
    }
    let read = read(here.action);
    let of_loops = loop_variables(here);
    let variables = (0..).map(LocalId).zip(&here.action.locals).skip(here.action.parameters);
    for (id, local) in variables {
        if !read.contains(&id) && !of_loops.contains(&id) {
            sink.report(problems::unused_variable(local));
        }
    }
}

fn loop_variables(here: &Here<'_>) -> BTreeSet<LocalId> {
    let mut found = BTreeSet::new();
    for statement in walk::statements(here.action) {
        match &statement.kind {
            StatementKind::ForRange { variable, .. } | StatementKind::ForEach { variable, .. } => {
                found.insert(*variable);
            }
            StatementKind::ForQuery { targets, .. } => found.extend(targets),
            _ => {}
        }
    }
    found
}
