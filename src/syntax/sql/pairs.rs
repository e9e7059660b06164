//! Which bracket closes which, and how deep they go.

use sqlparser::keywords::Keyword;

use super::lexeme::{Kind, Lexemes, Sign};
use super::problems;
use crate::diagnostics::Sink;
use crate::language::limits;

/// Links brackets, and `CASE` with its `END`, by [`Lexeme::partner`](super::lexeme::Lexeme::partner). Reports
/// brackets without a partner, and what is nested deeper than [`limits::NESTING`]; prefix operators in a row nest too.
pub(super) fn link(lexemes: &mut Lexemes<'_>, sink: &mut Sink) {
    let mut open: Vec<usize> = Vec::new();
    let mut prefixes = 0;
    for index in 0..lexemes.list.len() {
        if super::is_enough(sink) {
            return;
        }
        prefixes = if is_prefix(lexemes, index) { prefixes + 1 } else { 0 };
        match role(lexemes, index) {
            Role::Opens => open.push(index),
            Role::Closes(opening) => close(lexemes, &mut open, index, opening, sink),
            Role::Neither => {}
        }
        if open.len() + prefixes > limits::NESTING {
            sink.report(problems::too_deep(lexemes.span_between(index, index)));
            return;
        }
    }
    for index in open {
        if let Some(lexeme) = lexemes.get(index) {
            sink.report(problems::unbalanced(lexemes.span_of(lexeme), lexemes.slice(lexeme), true));
        }
    }
}

enum Role {
    Opens,
    /// Closes this sign, or a `CASE`.
    Closes(Option<Sign>),
    Neither,
}

fn role(lexemes: &Lexemes<'_>, index: usize) -> Role {
    let Some(lexeme) = lexemes.get(index) else { return Role::Neither };
    match (&lexeme.kind, lexeme.keyword) {
        (Kind::Sign(Sign::Open | Sign::OpenBracket), _) | (_, Keyword::CASE) => Role::Opens,
        (Kind::Sign(Sign::Close), _) => Role::Closes(Some(Sign::Open)),
        (Kind::Sign(Sign::CloseBracket), _) => Role::Closes(Some(Sign::OpenBracket)),
        (_, Keyword::END) => Role::Closes(None),
        _ => Role::Neither,
    }
}

/// Links the closing lexeme at `index` with the last opening one, if they fit.
fn close(
    lexemes: &mut Lexemes<'_>,
    open: &mut Vec<usize>,
    index: usize,
    opening: Option<Sign>,
    sink: &mut Sink,
) {
    let fits = |candidate: &usize| match opening {
        Some(sign) => lexemes.is_sign(*candidate, sign),
        None => lexemes.keyword(*candidate) == Keyword::CASE,
    };
    if let Some(last) = open.last().copied().filter(fits) {
        open.pop();
        pair(lexemes, last, index);
    } else if let Some(lexeme) = lexemes.get(index) {
        sink.report(problems::unbalanced(lexemes.span_of(lexeme), lexemes.slice(lexeme), false));
    }
}

fn pair(lexemes: &mut Lexemes<'_>, first: usize, last: usize) {
    for (index, partner) in [(first, last), (last, first)] {
        if let Some(lexeme) = lexemes.list.get_mut(index) {
            lexeme.partner = Some(partner);
        }
    }
}

fn is_prefix(lexemes: &Lexemes<'_>, index: usize) -> bool {
    let sign = [Sign::Minus, Sign::Plus, Sign::Bang].into_iter().any(|sign| lexemes.is_sign(index, sign));
    (sign && !lexemes.follows_operand(index)) || lexemes.keyword(index) == Keyword::NOT
}
