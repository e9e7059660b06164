use std::ops::Range;

use super::Tokens;
use crate::syntax::scan::TokenKind;

/// One statement of an action, by token index.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// Its tokens without the `;`; empty for a `;` of its own.
    pub range: Range<usize>,
    /// True if it ends as statements of its kind must: with a `;`, or with its block.
    pub ended: bool,
}

/// Cuts the inside of an action's braces.
pub fn statements(tokens: Tokens<'_>, inside: Range<usize>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = inside.start;
    while at < inside.end {
        let (piece, next) = if tokens.is_one_of(at, &["if", "for"]) && !is_call(tokens, at, inside.end) {
            block(tokens, at, inside.end)
        } else {
            simple(tokens, at, inside.end)
        };
        pieces.push(piece);
        at = next.max(at + 1);
    }
    pieces
}

/// True for `word(..);` without a block.
fn is_call(tokens: Tokens<'_>, at: usize, end: usize) -> bool {
    let stop = (at..end)
        .find(|index| tokens.kind(*index) == Some(TokenKind::Semicolon) || tokens.is_mark(*index, "{"));
    tokens.is_mark(at + 1, "(") && stop.is_none_or(|stop| !tokens.is_mark(stop, "{"))
}

/// `if .. { .. }` with its else chain, `for .. { .. }`.
fn block(tokens: Tokens<'_>, start: usize, end: usize) -> (Piece, usize) {
    let mut at = start;
    loop {
        let stop =
            |index: &usize| tokens.kind(*index) == Some(TokenKind::Semicolon) || tokens.is_mark(*index, "{");
        let Some(open) = (at..end).find(stop) else { return (Piece { range: start..end, ended: true }, end) };
        if !tokens.is_mark(open, "{") {
            return (Piece { range: start..open, ended: true }, open + 1);
        }
        let close = tokens.closing(open, &(open..end)).unwrap_or(end - 1);
        if !tokens.is_one_of(close + 1, &["else", "elseif", "elsif"]) || close + 1 >= end {
            return (Piece { range: start..close + 1, ended: true }, close + 1);
        }
        at = close + 1;
    }
}

/// To the `;`, or to where the next SQL statement evidently begins. Parentheses do not matter: no `;` stands in one.
fn simple(tokens: Tokens<'_>, start: usize, end: usize) -> (Piece, usize) {
    let (mut parens, mut braces, mut rows) = (0usize, 0usize, false);
    for at in start..end {
        let outside = parens == 0 && braces == 0;
        if outside && at > start && begins_statement(tokens, start, at, rows) {
            return (Piece { range: start..at, ended: false }, at);
        }
        match tokens.text(at) {
            ";" if braces == 0 => return (Piece { range: start..at, ended: true }, at + 1),
            "{" => braces += 1,
            "}" => braces = braces.saturating_sub(1),
            "(" | "[" => parens += 1,
            ")" | "]" => parens = parens.saturating_sub(1),
            _ => rows |= outside && tokens.is_one_of(at, &["select", "values"]),
        }
    }
    (Piece { range: start..end, ended: false }, end)
}

/// True if an SQL statement begins on a new line at `at`, inside one that began at `start` and lacks its `;`.
fn begins_statement(tokens: Tokens<'_>, start: usize, at: usize, rows: bool) -> bool {
    if !tokens.begins_line(at) || tokens.kind(at) != Some(TokenKind::Word) {
        return false;
    }
    let with = tokens.is_word(start, "with");
    if tokens.is_word(at, "delete") && tokens.is_word(at + 1, "from") {
        return !with || rows;
    }
    if tokens.is_word(at, "insert") && tokens.is_word(at + 1, "into") {
        return !with || rows;
    }
    if tokens.is_word(at, "update") && tokens.is_word(at + 2, "set") {
        return !tokens.is_word(at - 1, "do") && (!with || rows);
    }
    let joined = tokens.is_one_of(at - 1, &["union", "all", "distinct", "except", "intersect", "as"]);
    tokens.is_word(at, "select") && !joined && !with && (rows || !tokens.is_word(start, "insert"))
}
