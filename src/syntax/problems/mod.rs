//! Every message of this room.

mod control;
mod interface;
mod items;
mod names;
mod statements;
mod testing;
mod text;
mod variables;

pub(super) use control::*;
pub(super) use interface::*;
pub(super) use items::*;
pub(super) use names::*;
pub(super) use statements::*;
pub(super) use testing::*;
pub(super) use text::*;
pub(super) use variables::*;

use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;

/// What the grammar does not have.
fn syntax(at: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::Syntax, at, message)
}

/// A piece of the source as a message shows it: short, on one line, without invisible characters.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 40;
    let mut shown: String = text.chars().take(MOST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

/// What was found, the end of the file too.
fn told(found: &str) -> String {
    if found.is_empty() { "the end of the file".to_owned() } else { format!("`{}`", shown(found)) }
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn either(words: &[&str]) -> String {
    match words {
        [] => "something else".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
