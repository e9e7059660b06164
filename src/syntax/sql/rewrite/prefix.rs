//! `-x`, `+x` and `!x`. PostgreSQL binds a prefix minus tighter than `^`, sqlparser looser, and `!` must bind tightest
//! of all; so the operand is found here and the sign becomes a call around it. A minus before a number joins it.

use std::collections::BTreeMap;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::super::lexeme::{Kind, Lexemes, Sign};
use super::types::TypeAt;
use super::{PREFIXES, Plan, foreign, quoted};

/// Plans the prefix sign at `index`, if one stands there and an operand follows.
pub(super) fn plan(lexemes: &Lexemes<'_>, index: usize, types: &BTreeMap<usize, TypeAt>, plan: &mut Plan) {
    let Some(name) = prefix(lexemes, index) else { return };
    let next = lexemes.get(index + 1);
    if let (Sign::Minus, Some(number)) = (name.1, next.filter(|next| next.kind == Kind::Number)) {
        plan.instead.insert(index, vec![Token::Number(format!("-{}", lexemes.slice(number)), false)]);
        plan.through.insert(index, index + 1);
    } else if let Some(last) = operand_end(lexemes, index + 1, types) {
        plan.instead.insert(index, vec![quoted(name.0.to_owned()), Token::LParen]);
        plan.after.entry(last).or_default().push(Token::RParen);
    }
}

fn prefix(lexemes: &Lexemes<'_>, index: usize) -> Option<(&'static str, Sign)> {
    let found = PREFIXES.iter().find(|(_, sign)| lexemes.is_sign(index, *sign))?;
    let after_dot = index.checked_sub(1).is_some_and(|before| lexemes.is_sign(before, Sign::Dot));
    (!after_dot && !lexemes.follows_operand(index)).then_some(*found)
}

/// Index of the last lexeme of the operand that begins at `start`: a value with its fields, subscripts and casts.
fn operand_end(lexemes: &Lexemes<'_>, start: usize, types: &BTreeMap<usize, TypeAt>) -> Option<usize> {
    let mut first = start;
    while prefix(lexemes, first).is_some() {
        first += 1;
    }
    let mut last = value_end(lexemes, first)?;
    loop {
        let next = last + 1;
        last = if let Some(end) = foreign::end(lexemes, last) {
            end
        } else if lexemes.is_sign(next, Sign::Dot) && lexemes.ends_operand(next + 1) {
            next + 1
        } else if is_call(lexemes, last) || lexemes.is_sign(next, Sign::OpenBracket) {
            lexemes.partner(next)?
        } else if let Some(ty) = types.get(&(next + 1)).filter(|_| lexemes.is_sign(next, Sign::Cast)) {
            ty.last
        } else if lexemes.keyword(next) == Keyword::FILTER {
            lexemes.partner(next + 1)?
        } else if lexemes.keyword(next) == Keyword::OVER {
            lexemes.partner(next + 1).unwrap_or(next + 1)
        } else {
            return lexemes.get(last).map(|_| last);
        };
    }
}

fn is_call(lexemes: &Lexemes<'_>, name: usize) -> bool {
    lexemes.is_name(name) && lexemes.is_sign(name + 1, Sign::Open)
}

/// The end of a bare value: a literal, a name, brackets, CASE, or a keyword with its parentheses.
fn value_end(lexemes: &Lexemes<'_>, first: usize) -> Option<usize> {
    match (&lexemes.get(first)?.kind, lexemes.keyword(first)) {
        (Kind::Sign(Sign::Open | Sign::OpenBracket), _) | (_, Keyword::CASE) => lexemes.partner(first),
        (_, Keyword::CAST | Keyword::EXISTS | Keyword::ARRAY) => lexemes.partner(first + 1),
        (Kind::Sign(_), _) => None,
        _ => lexemes.ends_operand(first).then_some(first),
    }
}
