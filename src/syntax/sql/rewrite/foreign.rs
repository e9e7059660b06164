//! `f[dbid, action](arguments)` becomes `f[(dbid, action, arguments)`, where `f[` is one name that no author can write.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::super::lexeme::{Kind, Lexemes, Sign};
use super::super::problems;
use super::{FOREIGN, Plan, quoted};
use crate::diagnostics::Sink;

/// Plans the call of a foreign procedure whose name stands at `index`.
pub(super) fn plan(lexemes: &Lexemes<'_>, index: usize, plan: &mut Plan, sink: &mut Sink) {
    let Some(open) = arguments(lexemes, index) else { return };
    let Some(lexeme) = lexemes.get(index) else { return };
    let commas = commas(lexemes, index + 2, open - 1);
    if commas != 1 {
        let at = lexemes.span_between(index + 1, open - 1);
        let found = if index + 3 == open { 0 } else { commas + 1 };
        sink.report(problems::foreign_target(at, found));
    }
    let name = match &lexeme.kind {
        Kind::Quoted(name) => name.as_str(),
        _ => lexemes.slice(lexeme),
    };
    let is_empty = lexemes.is_sign(open + 1, Sign::Close);
    plan.instead.insert(index, vec![quoted(format!("{name}{FOREIGN}"))]);
    plan.instead.insert(index + 1, vec![Token::LParen]);
    plan.instead.insert(open - 1, if is_empty { Vec::new() } else { vec![Token::Comma] });
    plan.instead.insert(open, Vec::new());
}

/// The last lexeme of the call of a foreign procedure whose name stands at `name`.
pub(super) fn end(lexemes: &Lexemes<'_>, name: usize) -> Option<usize> {
    arguments(lexemes, name).and_then(|open| lexemes.partner(open))
}

/// The `(` of `name[..](..)`.
fn arguments(lexemes: &Lexemes<'_>, name: usize) -> Option<usize> {
    let is_field = name.checked_sub(1).is_some_and(|before| lexemes.is_sign(before, Sign::Dot));
    let is_array = lexemes.keyword(name) == Keyword::ARRAY;
    if !lexemes.is_name(name) || is_array || is_field || !lexemes.is_sign(name + 1, Sign::OpenBracket) {
        return None;
    }
    let open = lexemes.partner(name + 1)? + 1;
    (lexemes.is_sign(open, Sign::Open) && lexemes.partner(open).is_some()).then_some(open)
}

/// Commas between the lexemes `first` and `end` that stand in no brackets of their own.
fn commas(lexemes: &Lexemes<'_>, first: usize, end: usize) -> usize {
    let (mut at, mut commas) = (first, 0);
    while at < end {
        commas += usize::from(lexemes.is_sign(at, Sign::Comma));
        at = lexemes.partner(at).filter(|partner| *partner > at).unwrap_or(at) + 1;
    }
    commas
}
