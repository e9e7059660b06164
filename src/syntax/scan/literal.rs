use super::TokenKind;
use super::characters::is_refused_in_strings;
use super::scanner::Scanner;
use crate::syntax::problems;

impl Scanner<'_, '_, '_> {
    /// `'..'` with `''` for a quote; the token begins at `start`.
    pub(super) fn string(&mut self, start: usize) {
        let open = self.position;
        match self.closing('\'', self.out.text.len()) {
            Some(end) => self.position = end,
            None => return self.unclosed_string(start, open),
        }
        let text = self.out.text.get(open..self.position).unwrap_or("");
        if text.contains('\n') && self.long_string.is_none() {
            self.long_string = Some(self.span(open, open + 1));
        }
        match text.char_indices().find(|(_, c)| is_refused_in_strings(*c)) {
            Some((offset, c)) => {
                let span = self.span(open + offset, open + offset + c.len_utf8());
                self.refuse(start, problems::control_character(span, c, "in a string"));
            }
            None => self.push(TokenKind::Text, start),
        }
    }

    /// The offset past the quote that closes what opens at the current position, looked for before `limit`.
    fn closing(&self, quote: char, limit: usize) -> Option<usize> {
        let mut from = self.position + 1;
        loop {
            let rest = self.out.text.get(from..limit)?;
            from += rest.find(quote)? + 1;
            if !self.out.text.get(from..limit)?.starts_with(quote) {
                return Some(from);
            }
            from += 1;
        }
    }

    /// Gives up the rest of the line only, so that the file after it is still read.
    fn unclosed_string(&mut self, start: usize, open: usize) {
        self.take_while(|c| c != '\n');
        let diagnostic = problems::unclosed_string(self.span(open, open + 1), self.long_string);
        self.refuse(start, diagnostic);
    }

    /// `".."` on one line.
    pub(super) fn quoted(&mut self) {
        let start = self.position;
        let line_end = self.rest().find('\n').map_or(self.out.text.len(), |length| start + length);
        match self.closing('"', line_end) {
            Some(end) => {
                self.position = end;
                self.push(TokenKind::Quoted, start);
            }
            None => {
                self.position = line_end;
                self.refuse(start, problems::unclosed_name(self.span(start, start + 1)));
            }
        }
    }

    /// A number or a blob; letters and `_` that follow at once make it neither.
    pub(super) fn number(&mut self) {
        let start = self.position;
        if self.at("0x") || self.at("0X") {
            self.position += 2;
            self.take_while(|c| c.is_ascii_hexdigit());
            return self.end_number(start, TokenKind::Blob);
        }
        self.take_while(|c| c.is_ascii_digit());
        let mut after = self.rest().chars();
        if after.next() == Some('.') && after.next().is_some_and(|c| c.is_ascii_digit()) {
            self.position += 1;
            self.take_while(|c| c.is_ascii_digit());
        }
        self.end_number(start, TokenKind::Number);
    }

    fn end_number(&mut self, start: usize, kind: TokenKind) {
        let tail = self.take_while(|c| c == '_' || c.is_alphanumeric());
        if tail.is_empty() {
            return self.push(kind, start);
        }
        let text = self.out.text.get(start..self.position).unwrap_or("");
        let diagnostic = problems::bad_number(self.span(start, self.position), text, kind == TokenKind::Blob);
        self.refuse(start, diagnostic);
    }
}
