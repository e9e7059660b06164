//! Exact places. sqlparser's spans leave out closing brackets, keywords and more; what is missing is found among the
//! lexemes around a part whose place is known.

use sqlparser::ast::Spanned;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Span as TokenSpan;

use super::super::island::column;
use super::super::lexeme::Sign;
use super::Converter;
use crate::source::Span;

impl Converter<'_, '_, '_> {
    /// A span of sqlparser's, whose columns are byte offsets.
    pub(super) fn span(&self, span: TokenSpan) -> Span {
        if span == TokenSpan::empty() {
            return self.lexemes.span;
        }
        self.lexemes.span(column(span.start.column), column(span.end.column))
    }

    /// Roughly where a node stands that is refused; the island if it does not say.
    pub(super) fn place(&self, node: &impl Spanned) -> Span {
        self.span(node.span())
    }

    /// Index of the lexeme that begins at the start of `span`.
    pub(super) fn first(&self, span: Span) -> usize {
        self.lexemes.at_or_after(span.range().start)
    }

    /// Index of the lexeme after `span`, past a collation that was dropped.
    pub(super) fn after(&self, span: Span) -> usize {
        let mut next = self.lexemes.at_or_after(span.range().end);
        while self.lexemes.keyword(next) == Keyword::COLLATE {
            next += 2;
        }
        next
    }

    /// Index of the lexeme before `span`.
    pub(super) fn preceding(&self, span: Span) -> Option<usize> {
        self.lexemes.before(span.range().start)
    }

    /// `span` up to the end of the lexeme at `index`, if there is one.
    pub(super) fn up_to(&self, span: Span, index: usize) -> Span {
        self.lexemes.get(index).map_or(span, |lexeme| span.to(self.lexemes.span_of(lexeme)))
    }

    /// `span` from the lexeme at `index` on, if there is one.
    pub(super) fn down_to(&self, span: Span, index: Option<usize>) -> Span {
        index
            .and_then(|index| self.lexemes.get(index))
            .map_or(span, |lexeme| self.lexemes.span_of(lexeme).to(span))
    }

    /// `span` with the brackets that stand right around it.
    pub(super) fn bracketed(&self, span: Span) -> Span {
        let open = self.preceding(span);
        match open.and_then(|open| self.lexemes.partner(open)) {
            Some(close) if close == self.after(span) => self.up_to(self.down_to(span, open), close),
            _ => span,
        }
    }

    /// `span` up to the bracket that closes the one at `open`.
    pub(super) fn closed(&self, span: Span, open: usize) -> Span {
        self.up_to(span, self.lexemes.partner(open).unwrap_or(open))
    }

    /// `span` with the lexeme before it, if that is the keyword.
    pub(super) fn with_keyword(&self, span: Span, keyword: Keyword) -> Span {
        let before = self.preceding(span).filter(|before| self.lexemes.keyword(*before) == keyword);
        self.down_to(span, before)
    }

    /// The query that begins at the start of `span`: to the end of the brackets around it. A `core` is one SELECT
    /// without the set operators, order and limits that follow it.
    pub(super) fn extent(&self, span: Span, core: bool) -> Span {
        let first = self.first(span);
        let mut index = first;
        let mut last = first;
        while let Some(lexeme) = self.lexemes.get(index) {
            if lexeme.partner.is_some_and(|partner| partner < index) || self.ends_query(index, core) {
                break;
            }
            last = lexeme.partner.unwrap_or(index);
            index = last + 1;
        }
        self.lexemes.span_between(first, last)
    }

    fn ends_query(&self, index: usize, core: bool) -> bool {
        use Keyword::{CONFLICT, EXCEPT, INTERSECT, LIMIT, OFFSET, ON, ORDER, RETURNING, UNION};
        match self.lexemes.keyword(index) {
            RETURNING => true,
            ON => self.lexemes.keyword(index + 1) == CONFLICT,
            UNION | EXCEPT | INTERSECT | ORDER | LIMIT | OFFSET => core,
            _ => false,
        }
    }

    /// True if the sign stands right after `span`.
    pub(super) fn is_followed_by(&self, span: Span, sign: Sign) -> bool {
        self.lexemes.is_sign(self.after(span), sign)
    }
}
