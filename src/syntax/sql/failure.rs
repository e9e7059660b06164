//! sqlparser's errors in our own words. It says what it wanted and found in one string, with the place at its end.

use sqlparser::keywords::Keyword;
use sqlparser::parser::ParserError;
use sqlparser::tokenizer::TokenWithSpan;

use super::island::{Failure, column, parse};
use super::lexeme::{Lexemes, Sign};
use super::problems;
use crate::diagnostics::Diagnostic;

/// Where an error says it is: `Some(None)` is the end of the tokens, `None` means that it does not say.
#[allow(clippy::option_option)]
pub(super) fn position(error: &ParserError) -> Option<Option<usize>> {
    let text = message(error)?;
    match text.rsplit_once(", Column: ") {
        Some((_, column)) => column.trim().parse().ok().map(Some),
        None if text.ends_with("found: EOF") => Some(None),
        None => None,
    }
}

fn message(error: &ParserError) -> Option<&str> {
    match error {
        ParserError::ParserError(text) | ParserError::TokenizerError(text) => Some(text),
        ParserError::RecursionLimitExceeded => None,
    }
}

/// sqlparser tries a bracket as a query first and, when that fails, as something else; then it complains about the word
/// SELECT. The query in the bracket is parsed alone to learn what is wrong with it.
pub(super) fn innermost(lexemes: &Lexemes<'_>, tokens: &[TokenWithSpan], failure: Failure) -> Failure {
    let Some(query) = failure.offset.and_then(|offset| bracketed_query(lexemes, offset)) else {
        return failure;
    };
    let from = tokens.partition_point(|token| column(token.span.start.column) < query.0);
    let to = tokens.partition_point(|token| column(token.span.start.column) < query.1);
    let inside = tokens.get(from..to).unwrap_or(&[]);
    match parse(inside, |parser| parser.parse_query()) {
        Ok(_) => failure,
        Err(inner) if inner.offset == failure.offset => failure,
        Err(inner) => {
            let inner = Failure { offset: Some(inner.offset.unwrap_or(query.1)), ..inner };
            innermost(lexemes, inside, inner)
        }
    }
}

/// The bytes from the query word at `offset` to the bracket that closes around it.
fn bracketed_query(lexemes: &Lexemes<'_>, offset: usize) -> Option<(usize, usize)> {
    let index = lexemes.at_or_after(offset);
    let open = index.checked_sub(1)?;
    let query = matches!(lexemes.keyword(index), Keyword::SELECT | Keyword::WITH);
    let close = lexemes.partner(open).filter(|_| query && lexemes.is_sign(open, Sign::Open))?;
    Some((lexemes.get(index)?.start, lexemes.get(close)?.start))
}

/// What to tell the author.
pub(super) fn diagnostic(lexemes: &Lexemes<'_>, failure: &Failure) -> Diagnostic {
    if failure.error == Some(ParserError::RecursionLimitExceeded) {
        return problems::too_deep(lexemes.span);
    }
    let lexeme = failure.offset.and_then(|offset| lexemes.get(lexemes.at_or_after(offset)));
    let end = lexemes.list.last().map_or(lexemes.span.range().start, |last| last.end);
    let (at, found) = match lexeme {
        Some(lexeme) => (lexemes.span_of(lexeme), lexemes.shown(lexeme).into_owned()),
        None => (lexemes.span(end, end), "the end".to_owned()),
    };
    let expected = failure.error.as_ref().and_then(message).and_then(|text| wanted(text));
    match expected {
        Some(expected) => problems::expected(at, &expected, &found),
        None => problems::unexpected(at, &found),
    }
}

/// sqlparser's phrases and ours.
const WANTED: &[(&str, &str)] = &[
    ("an expression", "an expression"),
    ("identifier", "a name"),
    ("an identifier after AS", "a name"),
    ("an identifier or a '*' after '.'", "a name or `*`"),
    ("SELECT, VALUES, or a subquery in the query body", "`SELECT`"),
    ("joined table", "a join"),
    ("IN or BETWEEN after NOT", "`IN`, `BETWEEN` or `LIKE`"),
    ("JOIN or APPLY after CROSS", "`JOIN`"),
    ("LEFT, RIGHT, or FULL", "`LEFT`, `RIGHT` or `FULL`"),
    ("ON, or USING after JOIN", "`ON` or `USING`"),
    ("ON, or USING", "`ON` or `USING`"),
    ("ROWS, RANGE, GROUPS", "`ROWS`, `RANGE`, `GROUPS` or `)`"),
    ("PRECEDING or FOLLOWING", "`PRECEDING` or `FOLLOWING`"),
    ("a list of columns in parentheses", "columns in parentheses"),
];

/// What the parser wanted, if it can be said in our words.
fn wanted(text: &str) -> Option<String> {
    let phrase = text.split_once("Expected: ")?.1.rsplit_once(", found: ")?.0;
    if let Some((_, ours)) = WANTED.iter().find(|(theirs, _)| *theirs == phrase) {
        return Some((*ours).to_owned());
    }
    if phrase.starts_with("[NOT] NULL") {
        return Some("`NULL`, `TRUE`, `FALSE` or `DISTINCT FROM`".to_owned());
    }
    let token = phrase.chars().all(|c| c.is_ascii_uppercase()) || phrase.len() == 1;
    token.then(|| format!("`{phrase}`"))
}
