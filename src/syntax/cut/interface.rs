//! Interface files: `extern NAME;`, then items that each end with `;`.

use super::items::plain;
use super::{Item, ItemKind, Tokens};
use crate::syntax::scan::TokenKind;

const KEYWORDS: &[(&str, ItemKind)] =
    &[("extern", ItemKind::Extern), ("config", ItemKind::Config), ("function", ItemKind::Function)];

/// True if the file begins as the interface of an extern.
pub(super) fn is_interface(tokens: Tokens<'_>) -> bool {
    tokens.is_word(0, "extern")
}

/// Cuts an interface file.
pub(super) fn items(tokens: Tokens<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let found = KEYWORDS.iter().find(|(word, _)| tokens.is_word(at, word)).map(|(_, kind)| *kind);
        let end = match found {
            Some(_) => item_end(tokens, at),
            None => junk_end(tokens, at),
        };
        if tokens.kind(at) != Some(TokenKind::Bad) {
            items.push(plain(found.unwrap_or(ItemKind::Junk), at..end));
        }
        at = end;
    }
    items
}

/// Past the `;`, but not into a line that begins an item.
fn item_end(tokens: Tokens<'_>, at: usize) -> usize {
    let mut end = at + 1;
    while end < tokens.len() && !begins_item(tokens, end) {
        end += 1;
        if tokens.kind(end - 1) == Some(TokenKind::Semicolon) {
            break;
        }
    }
    end
}

/// To the next item, so that a table or an action is one mistake.
fn junk_end(tokens: Tokens<'_>, at: usize) -> usize {
    let next = |at: &usize| begins_item(tokens, *at);
    (at + 1..tokens.len()).find(next).unwrap_or(tokens.len())
}

fn begins_item(tokens: Tokens<'_>, at: usize) -> bool {
    tokens.begins_line(at) && KEYWORDS.iter().any(|(word, _)| tokens.is_word(at, word))
}
