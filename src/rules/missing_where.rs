//! An UPDATE or DELETE of every row is rarely meant.

use super::facts::Here;
use super::problems;
use crate::diagnostics::Sink;
use crate::hir::{StatementKind, walk};

pub(super) fn check(here: &Here<'_>, sink: &mut Sink) {
    for statement in walk::statements(here.action) {
        let (verb, target) = match &statement.kind {
            StatementKind::Update(update) if update.filter.is_none() => ("updates", update.target),
            StatementKind::Delete(delete) if delete.filter.is_none() => ("deletes", delete.target),
            _ => continue,
        };
        if let Some(target) = here.action.relation(target) {
            sink.report(problems::missing_where(statement.span, verb, target));
        }
    }
}
