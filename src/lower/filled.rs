//! `for $i in 1..$n { $a[$i] := ..; }` fills an array from its first element on, so that no index of it is ever past the
//! end of an empty array.

use std::collections::BTreeSet;

use crate::hir::{Expr, ExprKind, LocalId, Statement, StatementKind};

/// The arrays that every pass of a loop which counts `variable` from one gives the element of that number, before
/// anything can end the pass, and that nothing else in the loop assigns whole.
pub(super) fn arrays(variable: LocalId, body: &[Statement]) -> BTreeSet<LocalId> {
    let mut changed = BTreeSet::new();
    note_changed(body, &mut changed);
    let sure = body.iter().take_while(|statement| !may_skip(statement));
    sure.filter_map(|statement| filled(variable, statement))
        .filter(|array| !changed.contains(array))
        .collect()
}

fn filled(variable: LocalId, statement: &Statement) -> Option<LocalId> {
    match &statement.kind {
        StatementKind::AssignElement { array, index: Expr { kind: ExprKind::Local(id), .. }, .. } => {
            (*id == variable).then_some(*array)
        }
        _ => None,
    }
}

/// True if a statement may go on with the next pass.
fn may_skip(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Continue => true,
        StatementKind::If { branches, otherwise } => {
            branches.iter().any(|branch| branch.body.iter().any(may_skip)) || otherwise.iter().any(may_skip)
        }
        _ => false,
    }
}

fn note_changed(body: &[Statement], changed: &mut BTreeSet<LocalId>) {
    for statement in body {
        match &statement.kind {
            StatementKind::Assign { target, .. } => {
                changed.insert(*target);
            }
            StatementKind::Receive { targets, .. } | StatementKind::ReceiveQuery { targets, .. } => {
                changed.extend(targets.iter().flatten());
            }
            StatementKind::If { branches, otherwise } => {
                branches.iter().for_each(|branch| note_changed(&branch.body, changed));
                note_changed(otherwise, changed);
            }
            StatementKind::ForRange { body, .. }
            | StatementKind::ForEach { body, .. }
            | StatementKind::ForQuery { body, .. } => note_changed(body, changed),
            _ => {}
        }
    }
}
