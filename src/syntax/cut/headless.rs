//! Items whose keyword or `{` was left out, by what follows it. Nothing else at the top of a file looks like them.

use super::Tokens;
use super::beginnings::is_block_word;
use super::items::ItemKind;
use crate::language::{Modifier, Type};
use crate::syntax::scan::TokenKind;

/// As far as a bracket is looked through.
const NEAR: usize = 256;

/// The keyword that evidently belongs before the token at `at`.
pub fn keyword(tokens: Tokens<'_>, at: usize) -> Option<(&'static str, ItemKind)> {
    if is_block_word(tokens, at) {
        None
    } else if is_import(tokens, at) {
        Some(("use", ItemKind::Use))
    } else if is_table(tokens, at) {
        Some(("table", ItemKind::Table))
    } else if is_action(tokens, at) {
        Some(("action", ItemKind::Action))
    } else {
        None
    }
}

/// `TARGET [{..}] as ALIAS;`
fn is_import(tokens: Tokens<'_>, at: usize) -> bool {
    let (target, after) = match tokens.kind(at) {
        Some(TokenKind::Blob) if tokens.is_mark(at + 1, ".") => (true, at + 3),
        Some(TokenKind::Text | TokenKind::Blob | TokenKind::Word) => (true, at + 1),
        _ => (false, at),
    };
    let config = if tokens.is_mark(after, "{") { closing(tokens, after) } else { Some(after) };
    let named =
        |after: usize| tokens.is_word(after, "as") && tokens.kind(after + 2) == Some(TokenKind::Semicolon);
    target && config.is_some_and(named)
}

/// `NAME { NAME TYPE`
fn is_table(tokens: Tokens<'_>, at: usize) -> bool {
    let word = |at: usize| tokens.kind(at) == Some(TokenKind::Word);
    let typed = Type::from_word(&tokens.text(at + 3).to_ascii_lowercase()).is_some();
    word(at) && tokens.is_mark(at + 1, "{") && word(at + 2) && word(at + 3) && typed
}

/// `NAME (..) MODIFIER`
fn is_action(tokens: Tokens<'_>, at: usize) -> bool {
    let modifier = |after: usize| Modifier::from_word(&tokens.text(after).to_ascii_lowercase()).is_some();
    tokens.kind(at) == Some(TokenKind::Word)
        && tokens.is_mark(at + 1, "(")
        && closing(tokens, at + 1).is_some_and(modifier)
}

/// True if the body of an action evidently begins at `at`, outside parentheses in its head, though no `{` stands before.
pub fn is_body(tokens: Tokens<'_>, at: usize) -> bool {
    const STATEMENTS: &[&str] = &["select", "insert", "update", "delete", "with", "return", "if", "for"];
    let called = ["(", "."].iter().any(|mark| tokens.is_mark(at + 1, mark));
    let called = called && !tokens.is_one_of(at, &["returns", "table"]);
    tokens.begins_line(at)
        && match tokens.kind(at) {
            Some(TokenKind::Variable) => true,
            Some(TokenKind::Word) => called || tokens.is_one_of(at, STATEMENTS),
            _ => false,
        }
}

/// Right after the bracket that closes the one at `open`.
fn closing(tokens: Tokens<'_>, open: usize) -> Option<usize> {
    tokens.closing(open, &(open..tokens.len().min(open + NEAR))).map(|close| close + 1)
}
