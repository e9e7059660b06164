//! `WITH x AS alias.view(..)`: sqlparser wants a query there, so the call is wrapped as
//! `( SELECT * FROM alias.view(..) )`. The inserted tokens stand where the call begins, and no SELECT stands there in
//! the source: that is how the conversion tells a wrapped call from a query.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::super::lexeme::{Lexemes, Sign};
use super::{Plan, foreign, keyword};

/// Plans the calls of the WITH list whose `WITH` stands at `index`.
pub(super) fn plan(lexemes: &Lexemes<'_>, index: usize, plan: &mut Plan) {
    if lexemes.keyword(index) != Keyword::WITH || numbers_rows(lexemes, index) {
        return;
    }
    let mut name = index + 1 + usize::from(lexemes.keyword(index + 1) == Keyword::RECURSIVE);
    while let Some(body) = body(lexemes, name) {
        let last = if lexemes.is_sign(body, Sign::Open) {
            lexemes.partner(body)
        } else {
            call_end(lexemes, body).inspect(|last| wrap(body, *last, plan))
        };
        match last {
            Some(last) if lexemes.is_sign(last + 1, Sign::Comma) => name = last + 2,
            _ => return,
        }
    }
}

/// True for the WITH of `f(..) WITH ORDINALITY`. That of `INSERT INTO t (a) WITH ordinality AS ..` begins a list.
fn numbers_rows(lexemes: &Lexemes<'_>, index: usize) -> bool {
    let before = index.checked_sub(1).filter(|close| lexemes.is_sign(*close, Sign::Close));
    let called = before.and_then(|close| lexemes.partner(close));
    let into = |open: usize| open.checked_sub(2).is_some_and(|at| lexemes.keyword(at) == Keyword::INTO);
    lexemes.keyword(index + 1) == Keyword::ORDINALITY && called.is_some_and(|open| !into(open))
}

/// Where the body of the CTE named at `name` begins.
fn body(lexemes: &Lexemes<'_>, name: usize) -> Option<usize> {
    let columns = lexemes.partner(name + 1).filter(|_| lexemes.is_sign(name + 1, Sign::Open));
    let word = columns.unwrap_or(name) + 1;
    (lexemes.is_name(name) && lexemes.keyword(word) == Keyword::AS).then_some(word + 1)
}

/// The closing parenthesis of `[alias.]name(..)` or `name[..](..)` that begins at `first`.
fn call_end(lexemes: &Lexemes<'_>, first: usize) -> Option<usize> {
    if let Some(end) = foreign::end(lexemes, first) {
        return Some(end);
    }
    let mut open = first + 1;
    while lexemes.is_sign(open, Sign::Dot) && lexemes.is_name(open + 1) {
        open += 2;
    }
    lexemes.partner(open).filter(|_| lexemes.is_name(first) && lexemes.is_sign(open, Sign::Open))
}

fn wrap(first: usize, last: usize, plan: &mut Plan) {
    let words = [Token::LParen, keyword(Keyword::SELECT), Token::Mul, keyword(Keyword::FROM)];
    plan.before.entry(first).or_default().extend(words);
    plan.after.entry(last).or_default().push(Token::RParen);
}
