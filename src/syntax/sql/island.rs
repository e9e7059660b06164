//! One island, ready to be parsed: cut, checked and rewritten.

use sqlparser::ast as sq;
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::lexeme::{Lexemes, Sign};
use super::{dialect, failure, lexer, measure, operand, pairs, problems, refuse, rewrite};
use crate::diagnostics::Sink;
use crate::source::Span;

/// sqlparser's own depth counter, far above what [`pairs::link`] lets through; it grows its stack itself.
const DEPTH: usize = 10_000;

/// The lexemes of an island for places, and its tokens for the parser.
pub(super) struct Island<'t> {
    pub lexemes: Lexemes<'t>,
    tokens: Vec<TokenWithSpan>,
}

impl<'t> Island<'t> {
    /// Cuts, checks and rewrites a statement; `None` if that reported an error.
    pub fn of_statement(text: &'t str, span: Span, sink: &mut Sink) -> Option<Island<'t>> {
        Island::read(text, span, sink, begins_statement)
    }

    /// Cuts, checks and rewrites a query; `None` if that reported an error.
    pub fn of_query(text: &'t str, span: Span, sink: &mut Sink) -> Option<Island<'t>> {
        Island::read(text, span, sink, begins_query)
    }

    /// Cuts, checks and rewrites expressions; `None` if that reported an error.
    pub fn of_expressions(text: &'t str, span: Span, sink: &mut Sink) -> Option<Island<'t>> {
        Island::read(text, span, sink, |_, _| ())
    }

    fn read(
        text: &'t str,
        span: Span,
        sink: &mut Sink,
        beginning: fn(&Lexemes<'_>, &mut Sink),
    ) -> Option<Island<'t>> {
        let mark = sink.mark();
        let clean = |sink: &Sink| (!sink.errors_since(mark)).then_some(());
        let mut lexemes = lexer::lex(text, span, sink);
        clean(sink)?;
        dialect::classify(&mut lexemes);
        beginning(&lexemes, sink);
        clean(sink)?;
        pairs::link(&mut lexemes, sink);
        clean(sink)?;
        dialect::check_names(&lexemes, sink);
        measure::measure(&lexemes, sink);
        refuse::refuse(&lexemes, sink);
        let tokens = rewrite::rewrite(&lexemes, sink);
        clean(sink)?;
        operand::find_missing(&lexemes, sink);
        clean(sink)?;
        Some(Island { lexemes, tokens })
    }

    /// Parses a statement; the first word decides which.
    pub fn statement(&self, sink: &mut Sink) -> Option<sq::Statement> {
        self.parse(sink, |parser| match self.lexemes.keyword(0) {
            Keyword::INSERT | Keyword::UPDATE | Keyword::DELETE => parser.parse_statement(),
            _ => parser.parse_query().map(sq::Statement::Query),
        })
    }

    /// Parses a query.
    pub fn query(&self, sink: &mut Sink) -> Option<sq::Query> {
        self.parse(sink, |parser| parser.parse_query().map(|query| *query))
    }

    /// Parses one expression.
    pub fn expression(&self, sink: &mut Sink) -> Option<sq::Expr> {
        self.parse(sink, |parser| parser.parse_expr())
    }

    /// Parses expressions with commas between them; none is fine.
    pub fn expressions(&self, sink: &mut Sink) -> Option<Vec<sq::Expr>> {
        if self.tokens.is_empty() {
            return Some(Vec::new());
        }
        self.parse(sink, |parser| parser.parse_comma_separated(Parser::parse_expr))
    }

    fn parse<T>(
        &self,
        sink: &mut Sink,
        read: impl FnOnce(&mut Parser<'_>) -> Result<T, ParserError>,
    ) -> Option<T> {
        match parse(&self.tokens, read) {
            Ok(tree) => Some(tree),
            Err(failure) => {
                let failure = failure::innermost(&self.lexemes, &self.tokens, failure);
                sink.report(failure::diagnostic(&self.lexemes, &failure));
                None
            }
        }
    }
}

/// Reports a statement that the language does not have by its first word.
fn begins_statement(lexemes: &Lexemes<'_>, sink: &mut Sink) {
    let Some(first) = lexemes.get(0) else {
        return sink.report(problems::expected(lexemes.span, "a statement", "nothing"));
    };
    let known = matches!(
        first.keyword,
        Keyword::SELECT
            | Keyword::WITH
            | Keyword::INSERT
            | Keyword::UPDATE
            | Keyword::DELETE
            | Keyword::VALUES
    );
    if !known && !lexemes.is_sign(0, Sign::Open) {
        sink.report(problems::unknown_statement(lexemes.span_of(first), &lexemes.shown(first)));
    }
}

/// Reports what cannot begin a query.
fn begins_query(lexemes: &Lexemes<'_>, sink: &mut Sink) {
    let known = matches!(lexemes.keyword(0), Keyword::SELECT | Keyword::WITH);
    if !known && !lexemes.is_sign(0, Sign::Open) {
        let (at, found) = lexemes.found(0);
        sink.report(problems::expected(at, "`SELECT` or `WITH`", &found));
    }
}

/// Where and why a parse stopped.
pub(super) struct Failure {
    /// The parser's words; `None` if a whole tree was read and something followed it.
    pub error: Option<ParserError>,
    /// Byte offset of the token that did not fit; `None` at the end.
    pub offset: Option<usize>,
}

/// Parses all of `tokens`.
pub(super) fn parse<T>(
    tokens: &[TokenWithSpan],
    read: impl FnOnce(&mut Parser<'_>) -> Result<T, ParserError>,
) -> Result<T, Failure> {
    let dialect = PostgreSqlDialect {};
    let mut parser =
        Parser::new(&dialect).with_recursion_limit(DEPTH).with_tokens_with_locations(tokens.to_vec());
    let outcome = read(&mut parser);
    let next = parser.peek_token_ref();
    let offset = |token: &TokenWithSpan| (token.token != Token::EOF).then(|| column(token.span.start.column));
    match outcome {
        Ok(tree) if next.token == Token::EOF => Ok(tree),
        Ok(_) => Err(Failure { error: None, offset: offset(next) }),
        Err(error) => {
            let stopped = failure::position(&error).unwrap_or_else(|| offset(parser.get_current_token()));
            Err(Failure { error: Some(error), offset: stopped })
        }
    }
}

/// A column of sqlparser's as the byte offset that it is.
pub(super) fn column(column: u64) -> usize {
    usize::try_from(column).unwrap_or(usize::MAX)
}
