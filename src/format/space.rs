//! Whether two tokens that stand on one line have a space between them.

use super::layout::Between;
use super::tokens::Tokens;
use crate::syntax::concrete::Class;

/// What comes before token `index` if nothing may be broken there.
pub(super) fn before(tokens: &Tokens<'_>, index: usize) -> Between {
    let Some(previous) = index.checked_sub(1) else { return Between::Tight };
    if is_tight(tokens, previous, index) { Between::Tight } else { Between::Space }
}

fn is_tight(tokens: &Tokens<'_>, previous: usize, index: usize) -> bool {
    let mark = |index: usize, marks: &[&str]| tokens.is_any(index, marks);
    if mark(previous, &["(", "[", "{", ".", "..", "::", "!"])
        || mark(index, &[")", "]", "}", ",", ";", ".", "..", "::", ":"])
    {
        return true;
    }
    if mark(previous, &[","]) && index >= 4 && is_precision(tokens, index - 3)
        || mark(previous, &[":"])
            && !tokens.class(previous.wrapping_sub(1)).is_some_and(|class| class == Class::Word)
    {
        return true;
    }
    if mark(previous, &["]"]) && mark(index, &["("]) {
        return true;
    }
    if mark(index, &["(", "["]) {
        return is_called(tokens, previous, index);
    }
    mark(previous, &["-", "+"]) && is_prefix(tokens, previous)
}

/// True if the bracket at `index` belongs to the word before it: `f(`, `$list[`, `decimal(`.
fn is_called(tokens: &Tokens<'_>, previous: usize, index: usize) -> bool {
    if tokens.is_any(index, &["["]) {
        return tokens.is_keyword(previous, "ARRAY") || ends_value(tokens, previous);
    }
    match tokens.class(previous) {
        Some(Class::Name) => !is_target(tokens, previous),
        Some(Class::Keyword) => {
            tokens.is_one_of(previous, &["CAST", "LEFT", "RIGHT", "ARRAY"]) || tokens.is_action_name(previous)
        }
        Some(Class::Word | Class::Sigil) => !is_word(tokens, previous, "returns"),
        _ => false,
    }
}

/// True for the bracket of `decimal(20,5)`.
pub(super) fn is_precision(tokens: &Tokens<'_>, open: usize) -> bool {
    let digits = |index| tokens.class(index) == Some(Class::Literal);
    open.checked_sub(1)
        .is_some_and(|word| is_word(tokens, word, "decimal") || is_word(tokens, word, "numeric"))
        && tokens.partner(open) == Some(open + 4)
        && digits(open + 1)
        && digits(open + 3)
}

fn is_word(tokens: &Tokens<'_>, index: usize, word: &str) -> bool {
    tokens.text(index).eq_ignore_ascii_case(word)
}

/// True for the table of `INSERT INTO table (columns)`.
fn is_target(tokens: &Tokens<'_>, index: usize) -> bool {
    index.checked_sub(1).is_some_and(|before| tokens.is_keyword(before, "INTO"))
}

/// True for `-` and `+` before a value, where nothing that ends one stands before them.
fn is_prefix(tokens: &Tokens<'_>, index: usize) -> bool {
    let Some(before) = index.checked_sub(1) else { return true };
    tokens.class(before) == Some(Class::Word) || !ends_value(tokens, before)
}

/// True if a value may end with the token at `index`.
pub(super) fn ends_value(tokens: &Tokens<'_>, index: usize) -> bool {
    match tokens.class(index) {
        Some(Class::Name | Class::Sigil | Class::Literal) => true,
        Some(Class::Word) => {
            !["return", "in", "if", "elseif"].iter().any(|word| is_word(tokens, index, word))
        }
        Some(Class::Keyword) => tokens.is_one_of(index, &["END", "NULL", "TRUE", "FALSE"]),
        Some(Class::Sign) => tokens.is_any(index, &[")", "]"]),
        None => false,
    }
}
