//! A file as its author wrote it: every token and comment, and which rule of the grammar stands where. What a formatter
//! needs; the compiler itself works on [`super::ast`].

use std::ops::Range;

use pest::Parser;
use pest::iterators::Pair;
use sqlparser::keywords::Keyword;

use super::grammar::Grammar;
pub use super::grammar::Rule;
use super::reporter::Reporter;
use super::scan::{self, TokenKind};
use super::sql;
use crate::diagnostics::Sink;
use crate::source::SourceId;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// A word outside SQL: a keyword of the schema language or a name, which the rule around it tells.
    Word,
    /// A name or a type in SQL.
    Name,
    /// A keyword of SQL.
    Keyword,
    /// `$name`, `@name`, `#name`
    Sigil,
    /// A number, a string, a blob, a quoted name.
    Literal,
    /// Brackets, `,`, `;`, `.`, `::` and operators.
    Sign,
}

/// One token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// Its bytes.
    pub range: Range<usize>,
    /// What it is.
    pub class: Class,
    /// Where it is `CASE`, `FROM` or another keyword of SQL; `NoKeyword` for all others.
    pub(crate) keyword: Keyword,
}

/// A file without faults of syntax.
pub struct Concrete<'t> {
    /// The text, without a byte order mark.
    pub text: &'t str,
    /// All tokens, in order.
    pub tokens: Vec<Token>,
    /// What matched the rule `file`.
    pub tree: Pair<'t, Rule>,
}

/// Reads `text`, or nothing if it has a fault of syntax, which [`super::parse`] reports. Needs room for deep trees:
/// call it in [`crate::source::roomy`].
pub fn read(text: &str) -> Option<Concrete<'_>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut sink = Sink::new();
    let scanned = scan::scan(text, SourceId(0), &mut Reporter::new(&mut sink));
    if sink.has_errors() {
        return None;
    }
    let tree = Grammar::parse(Rule::file, text).ok()?.next()?;
    let mut islands = Vec::new();
    for pair in tree.clone().into_inner().flatten() {
        if matches!(pair.as_rule(), Rule::value | Rule::sql_island | Rule::arguments | Rule::element) {
            split_at_range(pair.as_span().start()..pair.as_span().end(), &scanned.tokens, &mut islands);
        }
    }
    let tokens = tokens(text, &scanned.tokens, &islands)?;
    Some(Concrete { text, tokens, tree })
}

/// An island, or the two on both sides of the `..` of a loop, which is no SQL.
fn split_at_range(island: Range<usize>, scanned: &[scan::Token], islands: &mut Vec<Range<usize>>) {
    let first = scanned.partition_point(|token| token.start < island.start);
    let inside = scanned.get(first..).unwrap_or(&[]).iter().take_while(|token| token.end <= island.end);
    let dots: Vec<usize> =
        inside.filter(|token| token.kind == TokenKind::Dot).map(|token| token.start).collect();
    match dots.windows(2).find_map(|pair| <[usize; 2]>::try_from(pair).ok().filter(|[a, b]| a + 1 == *b)) {
        Some([dot, next]) => islands.extend([island.start..dot, next + 1..island.end]),
        None => islands.push(island),
    }
}

/// The tokens of the schema language, and those of SQL where an island stands. Islands are in order and apart.
fn tokens(text: &str, scanned: &[scan::Token], islands: &[Range<usize>]) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut islands = islands.iter().peekable();
    let mut past = 0;
    for token in scanned {
        if token.start < past {
            continue;
        }
        while islands.peek().is_some_and(|island| island.end <= token.start) {
            islands.next();
        }
        match islands.peek() {
            Some(island) if island.start <= token.start => {
                tokens.extend(sql::tokens(text, (*island).clone())?);
                past = island.end;
            }
            _ => match tokens.last_mut().filter(|last| is_one_sign(text, last, token)) {
                Some(last) => last.range.end = token.end,
                None => tokens.push(plain(token)),
            },
        }
    }
    Some(tokens)
}

/// True if `token` and the one before it are `:=` or `..`.
fn is_one_sign(text: &str, last: &Token, token: &scan::Token) -> bool {
    last.range.end == token.start && matches!(text.get(last.range.start..token.end), Some(":=" | ".."))
}

fn plain(token: &scan::Token) -> Token {
    let class = match token.kind {
        TokenKind::Word => Class::Word,
        TokenKind::Variable | TokenKind::Context | TokenKind::Index => Class::Sigil,
        TokenKind::Number | TokenKind::Blob | TokenKind::Text | TokenKind::Quoted => Class::Literal,
        _ => Class::Sign,
    };
    Token { range: token.start..token.end, class, keyword: Keyword::NoKeyword }
}
