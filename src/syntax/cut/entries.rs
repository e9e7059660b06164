use std::ops::Range;

use super::Tokens;
use crate::language::Type;
use crate::syntax::scan::TokenKind;

/// What an entry of a table begins as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EntryKind {
    /// `name type ..`
    Column,
    /// `#name ..`
    Index,
    /// `foreign_key (..`, `foreign key (..`, `fk (..`
    ForeignKey,
}

/// One entry of a table, by token index.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// What it begins as.
    pub kind: EntryKind,
    /// Its tokens, without the comma; empty between two commas.
    pub range: Range<usize>,
    /// True if another entry follows without a comma.
    pub lacks_comma: bool,
}

/// Cuts the inside of a table's braces at its commas, and where a comma is evidently missing. A trailing comma makes
/// no entry.
pub fn entries(tokens: Tokens<'_>, inside: Range<usize>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut start = inside.start;
    let mut depth = 0usize;
    for at in inside.clone() {
        let outside = depth == 0;
        match tokens.kind(at) {
            Some(TokenKind::Open) => depth += 1,
            Some(TokenKind::Close) => depth = depth.saturating_sub(1),
            Some(TokenKind::Comma) if outside => {
                entries.push(entry(tokens, start..at, false));
                start = at + 1;
            }
            _ => {}
        }
        // A new line that begins an entry is one even inside a parenthesis that was never closed.
        let begins = at > start + 1 && begins_entry(tokens, at, start);
        if begins && (outside || tokens.begins_line(at)) {
            entries.push(entry(tokens, start..at, outside));
            (start, depth) = (at, usize::from(tokens.kind(at) == Some(TokenKind::Open)));
        }
    }
    if start < inside.end {
        entries.push(entry(tokens, start..inside.end, false));
    }
    entries
}

fn entry(tokens: Tokens<'_>, range: Range<usize>, lacks_comma: bool) -> Entry {
    let kind = if tokens.kind(range.start) == Some(TokenKind::Index) {
        EntryKind::Index
    } else if is_foreign_key(tokens, range.start) {
        EntryKind::ForeignKey
    } else {
        EntryKind::Column
    };
    Entry { kind, range, lacks_comma }
}

fn is_foreign_key(tokens: Tokens<'_>, at: usize) -> bool {
    let one_word = tokens.is_one_of(at, &["foreign_key", "fk"]) && tokens.is_mark(at + 1, "(");
    one_word || (tokens.is_word(at, "foreign") && tokens.is_word(at + 1, "key"))
}

/// True if an entry begins at `at` although none ended there.
fn begins_entry(tokens: Tokens<'_>, at: usize, start: usize) -> bool {
    if tokens.kind(at) == Some(TokenKind::Index) || is_foreign_key(tokens, at) {
        return true;
    }
    if tokens.kind(at) != Some(TokenKind::Word) || tokens.is_mark(at - 1, ".") || !is_type(tokens, at + 1) {
        return false;
    }
    // `references` and the like take a name, so what follows one on its line is not an entry.
    let takes_name = tokens.is_one_of(at - 1, &["references", "ref"]);
    !takes_name
        && (tokens.begins_line(at) || (!is_attribute(tokens, at) && !is_type_place(tokens, at, start)))
}

/// True for the second token of a column, where its type stands.
fn is_type_place(tokens: Tokens<'_>, at: usize, start: usize) -> bool {
    at == start + 1 && tokens.kind(start) == Some(TokenKind::Word)
}

fn is_type(tokens: Tokens<'_>, at: usize) -> bool {
    let word = tokens.text(at).to_ascii_lowercase();
    let known = Type::from_word(&word).is_some() || matches!(word.as_str(), "decimal" | "numeric");
    known && tokens.kind(at) == Some(TokenKind::Word)
}

/// Words that begin or go on an attribute of a column.
pub const ATTRIBUTES: &[&str] = &[
    "primary",
    "key",
    "primary_key",
    "pk",
    "not",
    "null",
    "not_null",
    "notnull",
    "unique",
    "default",
    "min",
    "max",
    "minlen",
    "maxlen",
    "min_length",
    "max_length",
    "references",
    "ref",
    "on",
    "on_delete",
    "on_update",
];

fn is_attribute(tokens: Tokens<'_>, at: usize) -> bool {
    tokens.is_one_of(at, ATTRIBUTES)
}
