//! The tokens of an island for those who lay it out anew.

use std::ops::Range;

use super::lexeme::Kind;
use super::{dialect, lexer};
use crate::diagnostics::Sink;
use crate::source::{SourceId, Span};
use crate::syntax::concrete::{Class, Token};

/// What stands in `range` of the whole file `text`; nothing if some of it is no token of the language.
pub fn tokens(text: &str, range: Range<usize>) -> Option<Vec<Token>> {
    let mut sink = Sink::new();
    let mut lexemes = lexer::lex(text, Span::new(SourceId(0), range.start, range.end), &mut sink);
    if sink.has_errors() {
        return None;
    }
    dialect::classify(&mut lexemes);
    let token = |lexeme: &super::lexeme::Lexeme| {
        let class = match lexeme.kind {
            Kind::Word if lexeme.keyword == sqlparser::keywords::Keyword::NoKeyword => Class::Name,
            Kind::Word => Class::Keyword,
            Kind::Variable | Kind::Context => Class::Sigil,
            Kind::Quoted(_) | Kind::Number | Kind::Text(_) | Kind::Blob(_) => Class::Literal,
            Kind::Sign(_) => Class::Sign,
        };
        Token { range: lexeme.start..lexeme.end, class, keyword: lexeme.keyword }
    };
    Some(lexemes.list.iter().map(token).collect())
}
