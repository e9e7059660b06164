//! sqlparser's errors in our own words. It says what it wanted and found in one string, with the place at its end.

use sqlparser::keywords::Keyword;
use sqlparser::parser::ParserError;
use sqlparser::tokenizer::TokenWithSpan;

use super::island::{Failure, column, parse};
use super::lexeme::Lexemes;
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

/// sqlparser tries a bracket as a query first, and CASE as a keyword; when that fails it tries something else and
/// complains about that. So what stands around the place is parsed alone to learn what is wrong.
pub(super) fn innermost(lexemes: &Lexemes<'_>, tokens: &[TokenWithSpan], failure: Failure) -> Failure {
    let index = failure.offset.map_or(lexemes.list.len(), |offset| lexemes.at_or_after(offset));
    for part in parts(lexemes, index) {
        let from = tokens.partition_point(|token| column(token.span.start.column) < part.start);
        let to = tokens.partition_point(|token| column(token.span.start.column) < part.end);
        let inside = tokens.get(from..to).unwrap_or(&[]);
        let outcome = match part.case {
            true => parse(inside, |parser| parser.parse_case_expr()).map(drop),
            false => parse(inside, |parser| parser.parse_query()).map(drop),
        };
        if let Err(inner) = outcome {
            let inner = Failure { offset: Some(inner.offset.unwrap_or(part.end)), ..inner };
            let known = inner.offset == failure.offset;
            return if known { inner } else { innermost(lexemes, inside, inner) };
        }
    }
    failure
}

/// Something to parse alone: bytes of the file.
struct Part {
    start: usize,
    end: usize,
    case: bool,
}

/// The CASEs and the queries in brackets around the lexeme at `index`, innermost first.
fn parts(lexemes: &Lexemes<'_>, index: usize) -> Vec<Part> {
    let part = |open: usize| {
        let case = lexemes.keyword(open) == Keyword::CASE;
        let query = matches!(lexemes.keyword(open + 1), Keyword::SELECT | Keyword::WITH);
        // Where the query of EXISTS cannot be read, EXISTS is what does not fit.
        let exists = open == index + 1 && lexemes.keyword(index) == Keyword::EXISTS;
        let around = |close: &usize| (query || case) && (open < index && index <= *close || exists);
        let close = lexemes.partner(open).filter(around)?;
        let (close, start) = (lexemes.get(close)?, lexemes.get(open + 1)?.start);
        Some(Part { start, end: if case { close.end } else { close.start }, case })
    };
    (0..index + 2).rev().filter_map(part).collect()
}

/// What to tell the author.
pub(super) fn diagnostic(lexemes: &Lexemes<'_>, failure: &Failure) -> Diagnostic {
    if failure.error == Some(ParserError::RecursionLimitExceeded) {
        return problems::too_deep(lexemes.span);
    }
    let index = failure.offset.map_or(lexemes.list.len(), |offset| lexemes.at_or_after(offset));
    let (at, found) = lexemes.found(index);
    let expected = failure.error.as_ref().and_then(message).and_then(wanted);
    match expected {
        Some(expected) if expected == TEST => problems::expected_test(at, &found),
        Some(expected) => problems::expected(at, &expected, &found),
        None if failure.error.is_none() => problems::expected(at, "an operator, a clause or the end", &found),
        None => problems::unexpected(at, &found),
    }
}

/// What `IS` wants.
const TEST: &str = "IS";

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
    ("DUPLICATE", "`CONFLICT`"),
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
        return Some(TEST.to_owned());
    }
    let token = phrase.chars().all(|c| c.is_ascii_uppercase()) || phrase.len() == 1;
    token.then(|| format!("`{phrase}`"))
}
