use super::characters::{Class, class, is_control};
use super::{Token, TokenKind};
use crate::diagnostics::Diagnostic;
use crate::language::limits::NESTING;
use crate::source::{SourceId, Span};
use crate::syntax::problems;
use crate::syntax::reporter::Reporter;

/// A text as tokens.
pub struct Scanned<'t> {
    /// The whole text.
    pub text: &'t str,
    /// Which.
    pub source: SourceId,
    /// In order, without space and comments.
    pub tokens: Vec<Token>,
    /// Offsets at which line comments begin, in order.
    pub line_comments: Vec<usize>,
    /// True if the end was swallowed by a comment that was never closed.
    pub cut_short: bool,
}

/// Makes tokens of `text`, which is no larger than the limit. Whatever is not a token is reported and becomes
/// [`TokenKind::Bad`].
pub fn scan<'t>(text: &'t str, source: SourceId, reporter: &mut Reporter<'_>) -> Scanned<'t> {
    let scanned = Scanned { text, source, tokens: Vec::new(), line_comments: Vec::new(), cut_short: false };
    let mut scanner = Scanner::new(scanned, reporter);
    if text.starts_with('\u{FEFF}') {
        scanner.position = '\u{FEFF}'.len_utf8();
    }
    while let Some(c) = scanner.peek() {
        scanner.step(c);
    }
    scanner.out
}

/// The pass itself.
pub(super) struct Scanner<'t, 'r, 's> {
    pub out: Scanned<'t>,
    pub reporter: &'r mut Reporter<'s>,
    /// Bytes read.
    pub position: usize,
    /// True until the line has a token.
    pub fresh: bool,
    depth: usize,
    too_deep: bool,
    /// Set when a nested comment was found not to close, so that nobody looks again.
    pub comments_run_out: bool,
    /// The first string that runs over a line's end: where a lost quote is probably missing.
    pub long_string: Option<Span>,
}

impl<'t, 'r, 's> Scanner<'t, 'r, 's> {
    fn new(out: Scanned<'t>, reporter: &'r mut Reporter<'s>) -> Self {
        Scanner {
            out,
            reporter,
            position: 0,
            fresh: true,
            depth: 0,
            too_deep: false,
            comments_run_out: false,
            long_string: None,
        }
    }

    fn step(&mut self, c: char) {
        match c {
            '\n' => self.newline(),
            ' ' | '\t' | '\r' => self.position += 1,
            '/' if self.at("//") => self.line_comment(),
            '-' if self.at("--") => self.line_comment(),
            '/' if self.at("/*") => self.block_comment(),
            '\'' => self.string(self.position),
            '"' => self.quoted(),
            '$' | '@' | '#' => self.sigil(c),
            '0'..='9' => self.number(),
            '(' | '[' | '{' => self.open(),
            ')' | ']' | '}' => self.close(),
            ';' => self.sign(TokenKind::Semicolon),
            ',' => self.sign(TokenKind::Comma),
            '.' => self.sign(TokenKind::Dot),
            '\\' | '`' => self.stray(),
            '!'..='~' if !c.is_ascii_alphanumeric() && c != '_' => self.sign(TokenKind::Sign),
            _ => self.letters_or_stray(c),
        }
    }

    fn letters_or_stray(&mut self, c: char) {
        match class(c) {
            Class::Letter => self.word(),
            Class::Control | Class::Other => self.stray(),
        }
    }

    /// The next character.
    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// What is still to be read.
    pub fn rest(&self) -> &'t str {
        self.out.text.get(self.position..).unwrap_or("")
    }

    /// True if `mark` comes next.
    pub fn at(&self, mark: &str) -> bool {
        self.rest().starts_with(mark)
    }

    /// A range of this text.
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.out.source, start, end)
    }

    /// Ends a line.
    pub fn newline(&mut self) {
        self.position += 1;
        self.fresh = true;
    }

    /// Adds a token that begins at `start` and ends where reading has come to.
    pub fn push(&mut self, kind: TokenKind, start: usize) {
        let first_on_line = std::mem::replace(&mut self.fresh, false);
        self.out.tokens.push(Token { kind, first_on_line, start, end: self.position });
    }

    /// Reports `diagnostic` and adds what was read since `start` as a bad token.
    pub fn refuse(&mut self, start: usize, diagnostic: Diagnostic) {
        self.reporter.report(diagnostic);
        self.push(TokenKind::Bad, start);
    }

    /// Advances over characters that satisfy `belongs` and returns them.
    pub fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.position += length;
        rest.get(..length).unwrap_or("")
    }

    fn sign(&mut self, kind: TokenKind) {
        self.position += 1;
        self.push(kind, self.position - 1);
    }

    fn open(&mut self) {
        self.depth += 1;
        self.position += 1;
        let start = self.position - 1;
        if self.depth <= NESTING {
            return self.push(TokenKind::Open, start);
        }
        if !std::mem::replace(&mut self.too_deep, true) {
            self.reporter.report(problems::too_deep(self.span(start, self.position)));
        }
        self.push(TokenKind::Bad, start);
    }

    fn close(&mut self) {
        let kind = if self.depth > NESTING { TokenKind::Bad } else { TokenKind::Close };
        self.depth = self.depth.saturating_sub(1);
        self.sign(kind);
    }

    /// A run of characters that begin nothing, told once.
    fn stray(&mut self) {
        let start = self.position;
        let Some(first) = self.peek() else { return };
        if is_control(first) {
            self.take_while(is_control);
            let span = self.span(start, self.position);
            return self.refuse(start, problems::control_character(span, first, "here"));
        }
        let same = |c: char| !c.is_ascii() && class(c) == Class::Other;
        self.position += first.len_utf8();
        if same(first) {
            self.take_while(same);
        }
        self.refuse(start, problems::unknown_character(self.span(start, self.position), first));
    }
}
