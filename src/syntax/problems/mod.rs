//! Every message of this room.

mod items;
mod names;
mod statements;
mod text;

pub(super) use items::*;
pub(super) use names::*;
pub(super) use statements::*;
pub(super) use text::*;

/// A piece of the source as a message shows it: short, on one line, without invisible characters.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 40;
    let mut shown: String = text.chars().take(MOST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn either(words: &[&str]) -> String {
    match words {
        [] => "something else".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
