//! The forms of statements, as they are written.

use std::collections::BTreeSet;

use kuneiform::syntax::ast::{
    Call, ConflictAction, ForSource, Insert, InsertSource, Receiver, Statement, StatementKind,
};

/// Every form.
pub const ALL: &[&str] = &[
    "ERROR",
    "NOTICE",
    "call",
    "call of an import",
    "foreign call",
    "query",
    "insert of values",
    "insert of a query",
    "insert on conflict do nothing",
    "insert on conflict do update",
    "insert on conflict do update where",
    "insert with",
    "insert returning",
    "update",
    "update with",
    "update from",
    "update returning",
    "delete",
    "delete with",
    "delete returning",
    "declare",
    "declare with a value",
    "assign",
    "assign an element",
    "receive",
    "receive and drop",
    "if",
    "elseif",
    "else",
    "for over a range",
    "for over an array",
    "for over a query",
    "for over a call",
    "break",
    "continue",
    "return",
    "return values",
    "return query",
    "return next",
];

/// The forms of `statements` and of those inside them.
pub fn of(statements: &[Statement], found: &mut BTreeSet<&'static str>) {
    for statement in statements {
        form(&statement.kind, found);
    }
}

fn form(kind: &StatementKind, found: &mut BTreeSet<&'static str>) {
    let mut says = |form, holds: bool| {
        if holds {
            found.insert(form);
        }
    };
    match kind {
        StatementKind::Call(made) => says(call(made), true),
        StatementKind::Query(_) => says("query", true),
        StatementKind::Insert(made) => insert(made, &mut says),
        StatementKind::Update(update) => {
            says("update", true);
            says("update with", update.with.is_some());
            says("update from", update.from.is_some());
            says("update returning", !update.returning.is_empty());
        }
        StatementKind::Delete(delete) => {
            says("delete", true);
            says("delete with", delete.with.is_some());
            says("delete returning", !delete.returning.is_empty());
        }
        StatementKind::Declare { value: None, .. } => says("declare", true),
        StatementKind::Declare { value: Some(_), .. } => says("declare with a value", true),
        StatementKind::Assign { .. } => says("assign", true),
        // No case of the corpus has a fault, or is a test.
        StatementKind::Faulty { .. } | StatementKind::SetContext(_) | StatementKind::Expect(_) => {}
        StatementKind::AssignElement { .. } => says("assign an element", true),
        StatementKind::Receive { receivers, .. } => {
            let drops = |receiver: &Receiver| receiver.variable.is_none();
            says("receive", true);
            says("receive and drop", receivers.iter().any(drops));
        }
        StatementKind::If { branches, otherwise } => {
            says("if", true);
            says("elseif", branches.len() > 1);
            says("else", otherwise.is_some());
            branches.iter().for_each(|branch| of(&branch.body, found));
            of(otherwise.as_deref().unwrap_or_default(), found);
        }
        StatementKind::For { source, body, .. } => {
            says(for_form(source), true);
            of(body, found);
        }
        StatementKind::Break => says("break", true),
        StatementKind::Continue => says("continue", true),
        StatementKind::Return(values) if values.is_empty() => says("return", true),
        StatementKind::Return(_) => says("return values", true),
        StatementKind::ReturnQuery(_) => says("return query", true),
        StatementKind::ReturnNext(_) => says("return next", true),
    }
}

fn call(call: &Call) -> &'static str {
    match (call.name.name.as_str(), call.foreign, &call.alias) {
        ("error", false, None) => "ERROR",
        ("notice", false, None) => "NOTICE",
        (_, true, _) => "foreign call",
        (_, false, Some(_)) => "call of an import",
        (_, false, None) => "call",
    }
}

fn for_form(source: &ForSource) -> &'static str {
    match source {
        ForSource::Range { .. } => "for over a range",
        ForSource::Array(_) => "for over an array",
        ForSource::Query(_) => "for over a query",
        ForSource::Call(_) => "for over a call",
    }
}

fn insert(insert: &Insert, says: &mut impl FnMut(&'static str, bool)) {
    says("insert with", insert.with.is_some());
    says("insert returning", !insert.returning.is_empty());
    says("insert of values", matches!(insert.source, InsertSource::Values(_)));
    says("insert of a query", matches!(insert.source, InsertSource::Query(_)));
    match insert.conflict.as_ref().map(|conflict| &conflict.action) {
        None => {}
        Some(ConflictAction::Nothing) => says("insert on conflict do nothing", true),
        Some(ConflictAction::Update { filter: None, .. }) => says("insert on conflict do update", true),
        Some(ConflictAction::Update { filter: Some(_), .. }) => {
            says("insert on conflict do update where", true);
        }
    }
}
