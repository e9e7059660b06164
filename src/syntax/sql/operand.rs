//! Values that are missing. sqlparser takes a keyword for a column where it wants a value, and then complains about
//! something further on.

use sqlparser::keywords::Keyword;

use super::lexeme::{Kind, Lexemes, Sign};
use super::problems;
use crate::diagnostics::Sink;

/// Keywords that a value must follow.
const BEFORE: &[Keyword] = {
    use Keyword::{
        AND, BETWEEN, BY, CASE, ELSE, ESCAPE, HAVING, LIKE, LIMIT, NOT, OFFSET, OR, THEN, WHEN, WHERE,
    };
    &[AND, BETWEEN, BY, CASE, ELSE, ESCAPE, HAVING, LIKE, LIMIT, NOT, OFFSET, OR, THEN, WHEN, WHERE]
};

/// Keywords that no value begins with.
const NEVER: &[Keyword] = {
    use Keyword::{
        AND, AS, BETWEEN, COLLATE, CROSS, ELSE, END, ESCAPE, EXCEPT, FROM, FULL, GROUP, HAVING, IN, INNER,
        INTERSECT, INTO, IS, JOIN, LEFT, LIKE, LIMIT, OFFSET, ON, OR, ORDER, RETURNING, RIGHT, THEN, UNION,
        USING, WHEN, WHERE, WINDOW,
    };
    &[
        AND, AS, BETWEEN, COLLATE, CROSS, ELSE, END, ESCAPE, EXCEPT, FROM, FULL, GROUP, HAVING, IN, INNER,
        INTERSECT, INTO, IS, JOIN, LEFT, LIKE, LIMIT, OFFSET, ON, OR, ORDER, RETURNING, RIGHT, THEN, UNION,
        USING, WHEN, WHERE, WINDOW,
    ]
};

/// Reports the first place where a value must stand and none can begin.
pub(super) fn find_missing(lexemes: &Lexemes<'_>, sink: &mut Sink) {
    let missing =
        (1..=lexemes.list.len()).find(|index| is_wanted(lexemes, *index) && !may_begin(lexemes, *index));
    if let Some(index) = missing {
        let (at, found) = lexemes.found(index);
        sink.report(problems::expected(at, "an expression", &found));
    }
}

/// True if the lexeme before `index` must be followed by a value.
fn is_wanted(lexemes: &Lexemes<'_>, index: usize) -> bool {
    use Sign::{Cast, Close, CloseBracket, Colon, Dot, Open, OpenBracket};
    let Some((before, lexeme)) = index.checked_sub(1).and_then(|before| Some((before, lexemes.get(before)?)))
    else {
        return false;
    };
    match lexeme.kind {
        // Otherwise it is every column, or all rows of count(*).
        Kind::Sign(Sign::Star) => lexemes.follows_operand(before),
        Kind::Sign(sign) => ![Cast, Close, CloseBracket, Colon, Dot, Open, OpenBracket].contains(&sign),
        // `a NOT IN (..)`
        _ if lexeme.keyword == Keyword::NOT => !lexemes.follows_operand(before),
        // `CASE WHEN ..`
        _ if lexeme.keyword == Keyword::CASE => lexemes.keyword(index) != Keyword::WHEN,
        _ => BEFORE.contains(&lexeme.keyword),
    }
}

fn may_begin(lexemes: &Lexemes<'_>, index: usize) -> bool {
    lexemes.get(index).is_some_and(|lexeme| match lexeme.kind {
        Kind::Sign(sign) => ![Sign::Close, Sign::CloseBracket, Sign::Comma].contains(&sign),
        _ => !NEVER.contains(&lexeme.keyword),
    })
}
