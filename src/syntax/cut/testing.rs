//! Files of tests: `tests NAME;`, then blocks.

use super::items::plain;
use super::{Item, ItemKind, Tokens};
use crate::syntax::scan::TokenKind;

/// True if the file begins as one of tests.
pub(super) fn is_test_file(tokens: Tokens<'_>) -> bool {
    tokens.is_word(0, "tests")
}

/// Cuts a file of tests.
pub(super) fn items(tokens: Tokens<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let item = match kind(tokens, at) {
            ItemKind::Tests => plain(ItemKind::Tests, at..head_end(tokens, at)),
            ItemKind::Junk => plain(ItemKind::Junk, at..junk_end(tokens, at)),
            kind => block(tokens, at, kind),
        };
        at = item.range.end.max(at + 1);
        if tokens.kind(item.range.start) != Some(TokenKind::Bad) {
            items.push(item);
        }
    }
    items
}

fn kind(tokens: Tokens<'_>, at: usize) -> ItemKind {
    if tokens.is_word(at, "tests") {
        ItemKind::Tests
    } else if tokens.is_word(at, "setup") {
        ItemKind::Setup
    } else if tokens.is_word(at, "test") {
        ItemKind::Test
    } else {
        ItemKind::Junk
    }
}

/// True if a block begins at `at`, even inside an open brace: such a line is nothing else anywhere.
fn begins_block(tokens: Tokens<'_>, at: usize) -> bool {
    let title = matches!(tokens.kind(at + 1), Some(TokenKind::Text | TokenKind::Quoted));
    let test = tokens.is_word(at, "test") && title;
    let setup = tokens.is_word(at, "setup") && tokens.is_mark(at + 1, "{");
    tokens.begins_line(at) && (test || setup)
}

/// Past the `;`, but not into a line that begins a block.
fn head_end(tokens: Tokens<'_>, at: usize) -> usize {
    let mut end = at + 1;
    while end < tokens.len() && !begins_block(tokens, end) {
        end += 1;
        if tokens.kind(end - 1) == Some(TokenKind::Semicolon) {
            break;
        }
    }
    end
}

/// To what begins the next block, so that a run of text is one mistake.
fn junk_end(tokens: Tokens<'_>, at: usize) -> usize {
    (at + 1..tokens.len()).find(|index| begins_block(tokens, *index)).unwrap_or(tokens.len())
}

/// `.. { .. }`: to the matching brace, or to where the next block begins.
fn block(tokens: Tokens<'_>, at: usize, kind: ItemKind) -> Item {
    let next = (at + 1..tokens.len()).find(|index| begins_block(tokens, *index)).unwrap_or(tokens.len());
    let near = next.min(at + 4);
    let Some(open) = (at + 1..near).find(|index| tokens.is_mark(*index, "{")) else {
        return plain(kind, at..next);
    };
    let close = tokens.closing(open, &(open..next));
    let range = at..close.map_or(next, |close| close + 1);
    Item { kind, keyword: super::Keyword::Written, range, open: Some(open), close }
}
