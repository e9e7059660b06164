use super::TokenKind;
use super::characters::is_control;
use super::scanner::Scanner;
use crate::syntax::problems;

impl Scanner<'_, '_, '_> {
    /// `// ..` or `-- ..` up to the end of the line.
    pub(super) fn line_comment(&mut self) {
        let start = self.position;
        self.out.line_comments.push(start);
        self.take_while(|c| c != '\n');
        self.check_comment(start);
    }

    /// `/* .. */`. A comment inside is refused; the pair is then skipped as its author saw it.
    pub(super) fn block_comment(&mut self) {
        let start = self.position;
        self.position += 2;
        let Some(close) = self.rest().find("*/") else { return self.unclosed_comment(start) };
        let inside = self.rest().get(..close).unwrap_or("");
        let nested = inside.find("/*").map(|offset| self.position + offset);
        self.position += close + 2;
        if let Some(inner) = nested {
            self.reporter
                .report(problems::nested_comment(self.span(inner, inner + 2), self.span(start, start + 2)));
            self.skip_nested(inner + 2);
        }
        self.check_comment(start);
        if self.out.text.get(start..self.position).is_some_and(|text| text.contains('\n')) {
            self.fresh = true;
        }
    }

    /// Moves past the `*/` that closes the outer comment when comments are taken to nest, if there is one.
    fn skip_nested(&mut self, from: usize) {
        if self.comments_run_out {
            return;
        }
        let mut depth = 2usize;
        let mut at = from;
        while let Some((mark, next)) = self.next_mark(at) {
            depth = if mark == "/*" { depth + 1 } else { depth - 1 };
            at = next;
            if depth == 0 {
                self.position = at;
                return;
            }
        }
        self.comments_run_out = true;
    }

    /// The next `/*` or `*/` at or after `from`, with the offset past it.
    fn next_mark(&self, from: usize) -> Option<(&'static str, usize)> {
        let rest = self.out.text.as_bytes().get(from..)?;
        let mark = |pair: &[u8]| match pair {
            b"/*" => Some("/*"),
            b"*/" => Some("*/"),
            _ => None,
        };
        rest.windows(2).zip(from..).find_map(|(pair, at)| mark(pair).map(|mark| (mark, at + 2)))
    }

    fn unclosed_comment(&mut self, start: usize) {
        self.position = self.out.text.len();
        self.out.cut_short = true;
        self.reporter.report(problems::unclosed_comment(self.span(start, start + 2)));
        self.push(TokenKind::Bad, start);
    }

    /// Reports the first invisible character of each comment.
    fn check_comment(&mut self, start: usize) {
        let text = self.out.text.get(start..self.position).unwrap_or("");
        if let Some((offset, c)) = text.char_indices().find(|(_, c)| is_control(*c)) {
            let span = self.span(start + offset, start + offset + c.len_utf8());
            self.reporter.report(problems::control_character(span, c, "in a comment"));
        }
    }
}
