//! Limits on flat things. sqlparser turns a chain of operators, joins or UNIONs into a tree as deep as the chain is
//! long, so a chain is measured before it is parsed.

use sqlparser::keywords::Keyword;

use super::lexeme::{Kind, Lexeme, Lexemes, Sign};
use super::problems;
use crate::diagnostics::Sink;
use crate::language::limits;

/// What is open: the island itself, a bracket or a CASE.
#[derive(Default)]
struct Frame {
    /// Operators since the last comma or clause.
    chain: usize,
    /// The deepest chain inside brackets since the last comma or clause.
    inner: usize,
    /// The deepest of all stretches between commas and clauses.
    deepest: usize,
    commas: usize,
    joins: usize,
}

impl Frame {
    fn end_stretch(&mut self) {
        self.deepest = self.deepest.max(self.chain + self.inner);
        self.chain = 0;
        self.inner = 0;
    }
}

/// Reports the first chain, list, join or set operation past its limit. Brackets must be linked.
pub(super) fn measure(lexemes: &Lexemes<'_>, sink: &mut Sink) {
    let mut frames = vec![Frame::default()];
    let mut operands = 1;
    for (index, lexeme) in lexemes.list.iter().enumerate() {
        operands += usize::from(is_set_operator(lexeme.keyword));
        if operands > limits::SET_OPERANDS {
            let what = "queries joined by set operators";
            return sink.report(problems::too_many(lexemes.span_of(lexeme), what, limits::SET_OPERANDS));
        }
        let depth =
            if closes(lexeme, index) { leave(&mut frames) } else { enter(lexemes, index, &mut frames) };
        let frame = frames.last().map_or((0, 0), |frame| (frame.commas, frame.joins));
        let (what, most) = match (depth, frame) {
            (depth, _) if depth > limits::OPERATORS => ("operators in a chain", limits::OPERATORS),
            (_, (commas, _)) if commas >= limits::LIST => ("elements in a list", limits::LIST),
            (_, (_, joins)) if joins >= limits::JOINS => ("relations in one query", limits::JOINS),
            _ => continue,
        };
        return sink.report(problems::too_many(lexemes.span_of(lexeme), what, most));
    }
}

fn closes(lexeme: &Lexeme, index: usize) -> bool {
    lexeme.partner.is_some_and(|partner| partner < index)
}

/// Closes the innermost frame and returns how deep the chain around it is now.
fn leave(frames: &mut Vec<Frame>) -> usize {
    let closed = if frames.len() > 1 { frames.pop() } else { None };
    let deepest = closed.map_or(0, |mut frame| {
        frame.end_stretch();
        frame.deepest
    });
    let Some(around) = frames.last_mut() else { return 0 };
    around.inner = around.inner.max(deepest);
    around.chain + around.inner
}

/// Counts a lexeme in its frame, opens one if it is a bracket, and returns how deep the chain is now.
fn enter(lexemes: &Lexemes<'_>, index: usize, frames: &mut Vec<Frame>) -> usize {
    let (Some(lexeme), Some(frame)) = (lexemes.get(index), frames.last_mut()) else { return 0 };
    match (&lexeme.kind, lexeme.keyword) {
        (Kind::Sign(Sign::Comma), _) => {
            frame.commas += 1;
            frame.end_stretch();
        }
        (_, Keyword::JOIN) => frame.joins += 1,
        (_, keyword) if begins_clause(keyword) => {
            frame.end_stretch();
            frame.commas = 0;
            if keyword == Keyword::SELECT {
                frame.joins = 0;
            }
        }
        _ if is_operator(lexeme) => frame.chain += 1,
        _ => {}
    }
    let depth = frame.chain + frame.inner;
    if lexeme.partner.is_some() {
        frames.push(Frame::default());
    }
    depth
}

fn is_set_operator(keyword: Keyword) -> bool {
    matches!(keyword, Keyword::UNION | Keyword::INTERSECT | Keyword::EXCEPT)
}

fn begins_clause(keyword: Keyword) -> bool {
    use Keyword::{
        ELSE, FROM, GROUP, HAVING, LIMIT, OFFSET, ON, ORDER, RETURNING, SELECT, SET, THEN, VALUES, WHEN,
        WHERE, WINDOW,
    };
    matches!(
        keyword,
        ELSE | FROM
            | GROUP
            | HAVING
            | LIMIT
            | OFFSET
            | ON
            | ORDER
            | RETURNING
            | SELECT
            | SET
            | THEN
            | VALUES
            | WHEN
            | WHERE
            | WINDOW
    )
}

fn is_operator(lexeme: &Lexeme) -> bool {
    use Keyword::{AND, BETWEEN, IN, IS, LIKE, NOT, NOTNULL, OR};
    match lexeme.kind {
        Kind::Sign(sign) => !matches!(
            sign,
            Sign::Comma | Sign::Dot | Sign::Open | Sign::Close | Sign::CloseBracket | Sign::Colon
        ),
        _ => matches!(lexeme.keyword, AND | BETWEEN | IN | IS | LIKE | NOT | NOTNULL | OR),
    }
}
