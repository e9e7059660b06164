use std::ops::Range;

use crate::source::{SourceId, Span};
use crate::syntax::scan::{Scanned, Token, TokenKind};

/// The tokens of a file, by index.
#[derive(Clone, Copy)]
pub struct Tokens<'t>(&'t Scanned<'t>);

impl<'t> Tokens<'t> {
    /// Of a scanned text.
    pub fn new(scanned: &'t Scanned<'t>) -> Tokens<'t> {
        Tokens(scanned)
    }

    /// The whole text.
    pub fn source_text(self) -> &'t str {
        self.0.text
    }

    /// Which text.
    pub fn source(self) -> SourceId {
        self.0.source
    }

    /// Offsets at which line comments begin.
    pub fn line_comments(self) -> &'t [usize] {
        &self.0.line_comments
    }

    /// True if a comment swallowed the end of the text.
    pub fn cut_short(self) -> bool {
        self.0.cut_short
    }

    /// How many there are.
    pub fn len(self) -> usize {
        self.0.tokens.len()
    }

    /// The token at `index`.
    pub fn get(self, index: usize) -> Option<Token> {
        self.0.tokens.get(index).copied()
    }

    /// What it is.
    pub fn kind(self, index: usize) -> Option<TokenKind> {
        self.get(index).map(|token| token.kind)
    }

    /// Its text; empty past the end.
    pub fn text(self, index: usize) -> &'t str {
        self.get(index).and_then(|token| self.0.text.get(token.start..token.end)).unwrap_or("")
    }

    /// Its place; the end of the text past the end.
    pub fn span(self, index: usize) -> Span {
        let end = self.0.text.len();
        let (start, end) = self.get(index).map_or((end, end), |token| (token.start, token.end));
        Span::new(self.0.source, start, end)
    }

    /// From the first to the last token of `range`, which has at least one.
    pub fn range_span(self, range: &Range<usize>) -> Span {
        self.span(range.start).to(self.span(range.end.saturating_sub(1).max(range.start)))
    }

    /// True if the token at `index` is the word `word`, in any case.
    pub fn is_word(self, index: usize, word: &str) -> bool {
        self.kind(index) == Some(TokenKind::Word) && self.text(index).eq_ignore_ascii_case(word)
    }

    /// True if the token at `index` is one of `words`, which are lower case.
    pub fn is_one_of(self, index: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_word(index, word))
    }

    /// True if the token at `index` is the punctuation `mark`.
    pub fn is_mark(self, index: usize, mark: &str) -> bool {
        let marks = [TokenKind::Open, TokenKind::Close, TokenKind::Sign, TokenKind::Dot, TokenKind::Comma];
        self.kind(index).is_some_and(|kind| marks.contains(&kind)) && self.text(index) == mark
    }

    /// True if the token at `index` is the first of its line.
    pub fn begins_line(self, index: usize) -> bool {
        self.get(index).is_some_and(|token| token.first_on_line)
    }

    /// True if a token of `range` was already reported.
    pub fn any_bad(self, range: &Range<usize>) -> bool {
        let tokens = self.0.tokens.get(range.clone()).unwrap_or(&[]);
        tokens.iter().any(|token| token.kind == TokenKind::Bad)
    }

    /// The index of the bracket in `range` that closes the one at `open`; brackets of other kinds are not looked at.
    pub fn closing(self, open: usize, range: &Range<usize>) -> Option<usize> {
        let (opens, closes) = match self.text(open) {
            "(" => ("(", ")"),
            "[" => ("[", "]"),
            _ => ("{", "}"),
        };
        let mut depth = 0usize;
        for index in open..range.end {
            if self.is_mark(index, opens) {
                depth += 1;
            } else if self.is_mark(index, closes) {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(index);
                }
            }
        }
        None
    }
}
