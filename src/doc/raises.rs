//! The errors a call of an action may end with: its own, and those of what it calls.

use std::collections::BTreeSet;

use super::book::{Book, Chapter};
use crate::hir::{Action, Callee, Expr, ExprKind, Literal};
use crate::language::Visibility;

/// A message an author wrote.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Message {
    /// These very words.
    Words(String),
    /// An expression, as its author wrote it.
    Computed(String),
}

impl Message {
    /// What is searched for.
    pub fn text(&self) -> &str {
        match self {
            Message::Words(text) | Message::Computed(text) => text,
        }
    }
}

/// A message, with the action that raises it.
pub(super) struct Raised<'a> {
    pub message: Message,
    pub by: (&'a Chapter<'a>, &'a Action),
}

/// What `action` raises itself, each message once, in source order.
pub(super) fn own(book: &Book<'_>, chapter: &Chapter<'_>, action: &Action) -> Vec<Message> {
    let mut known = BTreeSet::new();
    let facts = chapter.facts(action);
    let messages = facts.into_iter().flat_map(|facts| &facts.raises).map(|expr| message(book, expr));
    messages.filter(|message| known.insert(message.clone())).collect()
}

/// What a call of `action` may raise: its own messages first, then those of what it calls.
pub(super) fn all<'a>(book: &'a Book<'a>, chapter: &'a Chapter<'a>, action: &'a Action) -> Vec<Raised<'a>> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut waiting = std::collections::VecDeque::from([(chapter, action)]);
    while let Some((chapter, action)) = waiting.pop_front() {
        if !seen.insert((&chapter.schema.dbid, &action.name)) {
            continue;
        }
        let messages = own(book, chapter, action).into_iter();
        found.extend(messages.map(|message| Raised { message, by: (chapter, action) }));
        let calls = chapter.facts(action).into_iter().flat_map(|facts| &facts.calls);
        waiting.extend(calls.filter_map(|callee| book.callee(callee)));
    }
    found
}

/// True if a call of `action` has to come from the owner, because of its own modifier.
pub(super) fn asks_for_owner(action: &Action) -> bool {
    action.signature.modifiers.owner && action.signature.modifiers.visibility != Visibility::Oracle
}

fn message(book: &Book<'_>, expr: &Expr) -> Message {
    match &expr.kind {
        ExprKind::Literal(Literal::Text(text)) => Message::Words(text.clone()),
        _ => Message::Computed(book.sources.slice(expr.span).to_owned()),
    }
}

impl<'a> Book<'a> {
    /// The action that `callee` names, with its chapter.
    pub fn callee(&'a self, callee: &Callee) -> Option<(&'a Chapter<'a>, &'a Action)> {
        let chapter = self.chapter(&callee.dbid)?;
        Some((chapter, chapter.schema.action(&callee.action)?))
    }
}
