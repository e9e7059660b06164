//! Where a statement evidently begins, so that one that lacks its `;` ends before it.

use super::Tokens;
use crate::language::Type;
use crate::syntax::scan::TokenKind;

/// Words that a block follows, here or in other languages.
const BLOCK_WORDS: &[&str] =
    &["if", "for", "else", "elseif", "elsif", "elif", "while", "loop", "foreach", "do", "begin", "switch"];

/// Statements that hold expressions of SQL with clauses around them.
const SQL: &[&str] = &["select", "insert", "update", "delete", "with"];

/// Words that go on with an expression, though a `(` may follow.
const OPERATORS: &[&str] = &[
    "and", "or", "not", "in", "is", "like", "between", "case", "when", "then", "else", "end", "exists",
    "over", "filter", "any", "all", "select", "from", "where", "values", "union", "order", "group", "limit",
    "as",
];

/// True if a common table expression stands at `at`: `NAME [(..)] AS (`, `NAME [(..)] AS [alias.]view(`.
pub fn is_cte(tokens: Tokens<'_>, at: usize) -> bool {
    if tokens.kind(at) != Some(TokenKind::Word) {
        return false;
    }
    let named = tokens.is_mark(at + 1, "(");
    let close = if named { tokens.closing(at + 1, &(at + 1..at + 64)) } else { Some(at) };
    let rows = |at: usize| {
        let dot = if tokens.is_mark(at + 1, ".") { 2 } else { 0 };
        let view = tokens.kind(at) == Some(TokenKind::Word) && tokens.is_mark(at + dot + 1, "(");
        view || tokens.is_mark(at, "(") || tokens.is_one_of(at, &["not", "materialized"])
    };
    close.is_some_and(|close| tokens.is_word(close + 1, "as") && rows(close + 2))
}

/// True for a word that a block may follow.
pub fn is_block_word(tokens: Tokens<'_>, at: usize) -> bool {
    tokens.is_one_of(at, BLOCK_WORDS)
}

/// True if a line begins at `at` as blocks of the language do; no line of an SQL statement begins so.
pub fn begins_head(tokens: Tokens<'_>, at: usize) -> bool {
    let over = tokens.is_word(at, "for") && tokens.kind(at + 1) == Some(TokenKind::Variable);
    let branch =
        tokens.is_word(at, "if") && !at.checked_sub(1).is_some_and(|before| tokens.is_word(before, "else"));
    tokens.begins_line(at) && (over || branch)
}

/// True if a statement begins at `at`, the first of its line, inside one that began at `start`. `rows` says that the
/// latter had its SELECT or VALUES.
pub fn begins_statement(tokens: Tokens<'_>, start: usize, at: usize, rows: bool) -> bool {
    match tokens.kind(at) {
        Some(TokenKind::Word) => {
            begins_sql(tokens, start, at, rows)
                || begins_jump(tokens, start, at)
                || begins_call(tokens, start, at)
                || begins_expectation(tokens, start, at)
        }
        Some(TokenKind::Variable) => begins_assignment(tokens, start, at),
        _ => false,
    }
}

fn begins_sql(tokens: Tokens<'_>, start: usize, at: usize, rows: bool) -> bool {
    let with = tokens.is_word(start, "with") || is_cte(tokens, start);
    if tokens.is_word(at, "delete") && tokens.is_word(at + 1, "from") {
        return !with || rows;
    }
    if tokens.is_word(at, "insert") && tokens.is_word(at + 1, "into") {
        return !with || rows;
    }
    if tokens.is_word(at, "update") && tokens.is_word(at + 2, "set") {
        return !tokens.is_word(at - 1, "do") && (!with || rows);
    }
    let joined =
        tokens.is_one_of(at - 1, &["union", "all", "distinct", "except", "intersect", "as", "return"]);
    tokens.is_word(at, "select") && !joined && !with && (rows || !tokens.is_word(start, "insert"))
}

/// `return ..`, `break;`, `continue;`
fn begins_jump(tokens: Tokens<'_>, start: usize, at: usize) -> bool {
    let lone = tokens.kind(at + 1) == Some(TokenKind::Semicolon);
    let jump = tokens.is_word(at, "return") || (lone && tokens.is_one_of(at, &["break", "continue"]));
    jump && ends_value(tokens, start, at - 1)
}

/// `expect ..` in a test.
fn begins_expectation(tokens: Tokens<'_>, start: usize, at: usize) -> bool {
    let sql = tokens.is_one_of(start, SQL) || tokens.is_one_of(start + 1, SQL);
    tokens.is_word(at, "expect") && !sql && ends_value(tokens, start, at - 1)
}

/// `f(`, `alias.f(` after an expression that is no part of SQL; the `decimal(` of `$x decimal(5, 2);` is a type.
fn begins_call(tokens: Tokens<'_>, start: usize, at: usize) -> bool {
    if at == start + 1 && is_type(tokens, at) {
        return false;
    }
    let dot = tokens.is_mark(at + 1, ".") && tokens.kind(at + 2) == Some(TokenKind::Word);
    let calls = tokens.is_mark(at + if dot { 3 } else { 1 }, "(");
    let sql = tokens.is_one_of(start, SQL) || tokens.is_one_of(start + 1, SQL);
    calls && !sql && !tokens.is_one_of(at, OPERATORS) && ends_value(tokens, start, at - 1)
}

/// `$x := ..`, `$x = ..`, `$x int ..`, `$a[1] := ..`; the `$b` of `$a, $b := f();` goes on with the receivers.
fn begins_assignment(tokens: Tokens<'_>, start: usize, at: usize) -> bool {
    let receivers = tokens.kind(start) == Some(TokenKind::Variable) || tokens.is_word(start, "_");
    if receivers && tokens.is_mark(at - 1, ",") {
        return false;
    }
    if is_sign(tokens, at + 1) {
        return true;
    }
    let double = tokens.is_mark(at + 2, "=");
    let assigns = tokens.is_mark(at + 1, "=") && !double && !tokens.is_one_of(start, SQL);
    let declares = is_type(tokens, at + 1);
    // An index is short; looking further would make the cut slow.
    let close = if tokens.is_mark(at + 1, "[") { tokens.closing(at + 1, &(at + 1..at + 32)) } else { None };
    let element = close.is_some_and(|close| is_sign(tokens, close + 1));
    element || ((assigns || declares) && ends_value(tokens, start, at - 1))
}

fn is_type(tokens: Tokens<'_>, at: usize) -> bool {
    tokens.is_one_of(at, Type::WORDS)
}

/// `:=`
fn is_sign(tokens: Tokens<'_>, at: usize) -> bool {
    tokens.is_mark(at, ":") && tokens.is_mark(at + 1, "=")
}

/// True if the token at `at` may end an expression, or the declaration that begins at `start`.
fn ends_value(tokens: Tokens<'_>, start: usize, at: usize) -> bool {
    use TokenKind::{Blob, Close, Context, Number, Text, Variable, Word};
    match tokens.kind(at) {
        Some(Close | Number | Text | Blob | Variable | Context) => true,
        Some(Word) => {
            let type_word = at == start + 1 && tokens.kind(start) == Some(Variable);
            type_word || tokens.is_one_of(at, &["true", "false", "null", "end"])
        }
        _ => false,
    }
}
