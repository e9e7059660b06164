use super::TokenKind;
use super::characters::{Class, class};
use super::scanner::Scanner;
use crate::syntax::problems;

fn belongs(c: char) -> bool {
    if c.is_ascii() { c == '_' || c.is_ascii_alphanumeric() } else { class(c) == Class::Letter }
}

impl<'t> Scanner<'t, '_, '_> {
    /// A word; one with letters from outside ASCII is refused as a name.
    pub(super) fn word(&mut self) {
        let start = self.position;
        let word = self.take_while(belongs);
        if let Some(at) = self.string_after_prefix(word) {
            return self.prefixed_string(start, at);
        }
        self.end_word(start, word, TokenKind::Word);
    }

    fn end_word(&mut self, start: usize, word: &'t str, kind: TokenKind) {
        if word.is_ascii() {
            return self.push(kind, start);
        }
        let diagnostic = problems::letters_not_ascii(self.span(start, self.position), word);
        self.refuse(start, diagnostic);
    }

    /// Where the quote of `E'..'`, `U&'..'`, `B'..'`, `X'..'` or `N'..'` stands, if `word` is such a prefix.
    fn string_after_prefix(&self, word: &str) -> Option<usize> {
        let prefix = word.to_ascii_lowercase();
        let quote = match prefix.as_str() {
            "e" | "b" | "x" | "n" => self.position,
            "u" if self.at("&") => self.position + 1,
            _ => return None,
        };
        self.out.text.get(quote..)?.starts_with('\'').then_some(quote)
    }

    fn prefixed_string(&mut self, start: usize, quote: usize) {
        self.position = quote;
        let before = self.out.tokens.len();
        self.string(start);
        let span = self.span(start, quote + 1);
        self.reporter.report(problems::prefixed_string(span, self.out.text.get(start..quote).unwrap_or("")));
        if let Some(token) = self.out.tokens.get_mut(before) {
            token.kind = TokenKind::Bad;
        }
    }

    /// `$name`, `@name`, `#name`, or the sign alone.
    pub(super) fn sigil(&mut self, sign: char) {
        let start = self.position;
        self.position += 1;
        let name = self.take_while(belongs);
        if sign == '$' && self.at("$") {
            self.position += 1;
            let diagnostic = problems::dollar_quote(self.span(start, self.position));
            return self.refuse(start, diagnostic);
        }
        if name.starts_with(|c: char| c.is_ascii_digit()) || (name.is_empty() && sign == '$') {
            let diagnostic = problems::bad_sigil(self.span(start, self.position), sign, name);
            return self.refuse(start, diagnostic);
        }
        let kind = match sign {
            _ if name.is_empty() => TokenKind::Sign,
            '$' => TokenKind::Variable,
            '@' => TokenKind::Context,
            _ => TokenKind::Index,
        };
        self.end_word(start, name, kind);
    }
}
