use std::borrow::Cow;

use sqlparser::keywords::Keyword;

use crate::source::{SourceId, Span};

/// A sign of the language. Signs that PostgreSQL has and the language lacks never become lexemes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sign {
    Comma,
    Dot,
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Caret,
    Concat,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Cast,
    Colon,
    Bang,
}

/// What a lexeme is; its text is the source under its span.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A name or a keyword.
    Word,
    /// `"name"`, without the quotes.
    Quoted(String),
    /// `$name`
    Variable,
    /// `@name`
    Context,
    /// Digits, perhaps with a point.
    Number,
    /// `'..'`, quotes undoubled.
    Text(String),
    /// `0x..`, the hexadecimal digits.
    Blob(String),
    /// A sign.
    Sign(Sign),
}

/// One token of an island.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Lexeme {
    /// What.
    pub kind: Kind,
    /// First byte in the file.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// For a word that the grammar reads as a keyword here.
    pub keyword: Keyword,
    /// For a bracket, `CASE` and `END`: the other one.
    pub partner: Option<usize>,
}

/// The tokens of an island, in order, over the text of the whole file.
pub(super) struct Lexemes<'t> {
    /// The whole file.
    pub text: &'t str,
    /// Which file.
    pub source: SourceId,
    /// Where the island stands.
    pub span: Span,
    /// In order; they do not overlap.
    pub list: Vec<Lexeme>,
}

impl Lexemes<'_> {
    /// The lexeme at `index`.
    pub fn get(&self, index: usize) -> Option<&Lexeme> {
        self.list.get(index)
    }

    /// The text of a lexeme as written.
    pub fn slice(&self, lexeme: &Lexeme) -> &str {
        self.text.get(lexeme.start..lexeme.end).unwrap_or("")
    }

    /// A lexeme as a message names it: quoted source, or "a string", whose text may hold anything.
    pub fn shown(&self, lexeme: &Lexeme) -> Cow<'static, str> {
        match lexeme.kind {
            Kind::Text(_) => Cow::Borrowed("a string"),
            Kind::Blob(_) => Cow::Borrowed("a blob"),
            Kind::Quoted(_) => Cow::Owned(format!("`{}`", self.slice(lexeme).escape_debug())),
            _ => Cow::Owned(format!("`{}`", self.slice(lexeme))),
        }
    }

    /// What stands at `index` and where, for a message; past the last lexeme, the end.
    pub fn found(&self, index: usize) -> (Span, Cow<'static, str>) {
        match self.get(index) {
            Some(lexeme) => (self.span_of(lexeme), self.shown(lexeme)),
            None => {
                let end = self.list.last().map_or(self.span.range().start, |last| last.end);
                (self.span(end, end), Cow::Borrowed("the end"))
            }
        }
    }

    /// The lexemes under `span` without what stands between them, for a message.
    pub fn plain(&self, span: Span) -> String {
        let inside = self.list.iter().skip(self.at_or_after(span.range().start));
        let inside = inside.take_while(|lexeme| lexeme.end <= span.range().end);
        inside.map(|lexeme| self.slice(lexeme)).collect()
    }

    /// Bytes `start..end` as a span.
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    /// Where a lexeme stands.
    pub fn span_of(&self, lexeme: &Lexeme) -> Span {
        self.span(lexeme.start, lexeme.end)
    }

    /// From the lexeme at `first` to the one at `last`; the island if there are none.
    pub fn span_between(&self, first: usize, last: usize) -> Span {
        match (self.get(first), self.get(last)) {
            (Some(first), Some(last)) => self.span(first.start, last.end),
            _ => self.span,
        }
    }

    /// Index of the first lexeme that begins at byte `offset` or after it.
    pub fn at_or_after(&self, offset: usize) -> usize {
        self.list.partition_point(|lexeme| lexeme.start < offset)
    }

    /// Index of the last lexeme that ends at byte `offset` or before it.
    pub fn before(&self, offset: usize) -> Option<usize> {
        self.list.partition_point(|lexeme| lexeme.end <= offset).checked_sub(1)
    }

    /// The keyword at `index`, or none.
    pub fn keyword(&self, index: usize) -> Keyword {
        self.get(index).map_or(Keyword::NoKeyword, |lexeme| lexeme.keyword)
    }

    /// True if the sign `sign` stands at `index`.
    pub fn is_sign(&self, index: usize, sign: Sign) -> bool {
        self.get(index).is_some_and(|lexeme| lexeme.kind == Kind::Sign(sign))
    }

    /// True if an unquoted word stands at `index` that reads `word` in any case, as a keyword or not.
    pub fn is_word(&self, index: usize, word: &str) -> bool {
        self.get(index)
            .is_some_and(|lexeme| lexeme.kind == Kind::Word && self.slice(lexeme).eq_ignore_ascii_case(word))
    }

    /// True if the lexeme at `index` may be a name: a quoted word, or one that is no hard keyword.
    pub fn is_name(&self, index: usize) -> bool {
        self.get(index).is_some_and(|lexeme| match lexeme.kind {
            Kind::Word => !super::dialect::is_hard(lexeme.keyword),
            Kind::Quoted(_) => true,
            _ => false,
        })
    }

    /// The other bracket of the one at `index`.
    pub fn partner(&self, index: usize) -> Option<usize> {
        self.get(index).and_then(|lexeme| lexeme.partner)
    }

    /// True if a value may end with the lexeme at `index`, so that what follows is an infix operator or a new clause.
    pub fn ends_operand(&self, index: usize) -> bool {
        use Keyword::{END, FALSE, NULL, TRUE};
        let Some(lexeme) = self.get(index) else { return false };
        match lexeme.kind {
            Kind::Word => {
                !super::dialect::is_hard(lexeme.keyword)
                    || matches!(lexeme.keyword, END | NULL | TRUE | FALSE)
            }
            Kind::Sign(sign) => matches!(sign, Sign::Close | Sign::CloseBracket),
            _ => true,
        }
    }

    /// [`Lexemes::ends_operand`] of the lexeme before `index`.
    pub fn follows_operand(&self, index: usize) -> bool {
        index.checked_sub(1).is_some_and(|before| self.ends_operand(before))
    }
}
