//! `position(a IN b)`, `substring(s FROM 2 FOR 3)`, `overlay(s PLACING t FROM 2)` and `trim(LEADING 'x' FROM s)` as plain
//! calls, with the arguments in the order of PostgreSQL's functions (`position(a, b)` as the language orders it).

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::super::lexeme::{Kind, Lexemes, Sign};
use super::{Plan, SWAPPED, quoted};

/// Plans the call at `index`, if it is one of these forms.
pub(super) fn plan(lexemes: &Lexemes<'_>, index: usize, plan: &mut Plan) {
    let named = index.checked_sub(1).is_some_and(|before| lexemes.is_sign(before, Sign::Dot));
    let Some(call) = Call::at(lexemes, index).filter(|_| !named) else { return };
    let is = |word: &str| lexemes.is_word(index, word);
    if is("position") {
        if let Some(at) = call.find(|at| lexemes.keyword(at) == Keyword::IN) {
            plan.instead.insert(at, vec![Token::Comma]);
        }
    } else if is("substring") || is("substr") {
        substring(&call, plan);
    } else if is("overlay") {
        let words = |at| matches!(lexemes.keyword(at), Keyword::PLACING | Keyword::FROM | Keyword::FOR);
        for at in call.all(words) {
            plan.instead.insert(at, vec![Token::Comma]);
        }
    } else if is("trim") {
        trim(&call, plan);
    }
}

struct Call<'l, 't> {
    lexemes: &'l Lexemes<'t>,
    name: usize,
    close: usize,
}

impl<'l, 't> Call<'l, 't> {
    fn at(lexemes: &'l Lexemes<'t>, name: usize) -> Option<Call<'l, 't>> {
        let word = lexemes.get(name).is_some_and(|lexeme| lexeme.kind == Kind::Word);
        let close = lexemes.partner(name + 1).filter(|_| word && lexemes.is_sign(name + 1, Sign::Open))?;
        Some(Call { lexemes, name, close })
    }

    /// The lexemes between the parentheses, but not inside deeper brackets, for which `test` holds.
    fn all(&self, test: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = self.name + 2;
        while at < self.close {
            if test(at) {
                found.push(at);
            }
            at = self.lexemes.partner(at).filter(|partner| *partner > at).unwrap_or(at) + 1;
        }
        found
    }

    fn find(&self, test: impl Fn(usize) -> bool) -> Option<usize> {
        self.all(test).first().copied()
    }
}

/// `FROM` and `FOR` become commas; a lone `FOR n` counts from 1.
fn substring(call: &Call<'_, '_>, plan: &mut Plan) {
    let from = call.find(|at| call.lexemes.keyword(at) == Keyword::FROM);
    let count = call.find(|at| call.lexemes.keyword(at) == Keyword::FOR);
    if let Some(from) = from {
        plan.instead.insert(from, vec![Token::Comma]);
    }
    if let Some(count) = count {
        let one = [Token::Comma, Token::Number("1".to_owned(), false)];
        let first = if from.is_some() { [].as_slice() } else { one.as_slice() };
        plan.instead.insert(count, first.iter().cloned().chain([Token::Comma]).collect());
    }
}

fn trim(call: &Call<'_, '_>, plan: &mut Plan) {
    let first = call.name + 2;
    let from = call.find(|at| call.lexemes.keyword(at) == Keyword::FROM);
    let sided = call.lexemes.keyword(first) == Keyword::BOTH;
    let side = [("both", "trim"), ("leading", "ltrim"), ("trailing", "rtrim")]
        .into_iter()
        .find(|(word, _)| sided && call.lexemes.is_word(first, word));
    let mut name = side.map_or("trim", |(_, name)| name).to_owned();
    let characters = first + usize::from(side.is_some());
    if side.is_some() {
        plan.instead.insert(first, Vec::new());
    }
    if let Some(from) = from {
        let swapped = from > characters;
        plan.instead.insert(from, if swapped { vec![Token::Comma] } else { Vec::new() });
        name.push_str(if swapped { SWAPPED } else { "" });
    }
    if side.is_some() || from.is_some() {
        plan.instead.insert(call.name, vec![quoted(name)]);
    }
}
