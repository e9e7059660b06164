use std::ops::Range;

use super::Tokens;
use super::beginnings::{begins_head, begins_statement, is_block_word};
use crate::syntax::scan::TokenKind;

/// One statement of an action, by token index.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// Its tokens without the `;`; empty for a `;` of its own.
    pub range: Range<usize>,
    /// True if it ends as statements of its kind must: with a `;`, or with its block.
    pub ended: bool,
}

/// Cuts the inside of braces into the statements that stand right in it; what their own blocks hold stays whole.
pub fn statements(tokens: Tokens<'_>, inside: Range<usize>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = inside.start;
    let mut cutter = Cutter { tokens, end: inside.end, stop: None };
    while at < inside.end {
        let (piece, next) = if cutter.begins_block(at) { cutter.block(at) } else { cutter.simple(at) };
        pieces.push(piece);
        at = next.max(at + 1);
    }
    pieces
}

struct Cutter<'t> {
    tokens: Tokens<'t>,
    /// One past the last token.
    end: usize,
    /// What ends a head at or after the place last asked about: places only go up, so no token is looked at twice.
    stop: Option<usize>,
}

impl Cutter<'_> {
    /// The first `;` or `{` after `at`, or the next line that begins as a block does, or the end.
    fn stop(&mut self, at: usize) -> usize {
        if let Some(stop) = self.stop.filter(|stop| *stop > at) {
            return stop;
        }
        let mut depth = 0usize;
        let stops = |index: &usize| match self.tokens.kind(*index) {
            Some(TokenKind::Open) if self.tokens.is_mark(*index, "{") => true,
            Some(TokenKind::Open) => {
                depth += 1;
                false
            }
            Some(TokenKind::Close) => {
                depth = depth.saturating_sub(1);
                false
            }
            Some(TokenKind::Semicolon) => true,
            _ => depth == 0 && begins_head(self.tokens, *index),
        };
        let stop = (at + 1..self.end).find(stops).unwrap_or(self.end);
        self.stop = Some(stop);
        stop
    }

    /// True for a word that a block may follow, if one does.
    fn begins_block(&mut self, at: usize) -> bool {
        is_block_word(self.tokens, at) && {
            let stop = self.head_end(at);
            self.tokens.is_mark(stop, "{") && stop < self.end
        }
    }

    /// The `{` or `;` that ends what begins with the word at `at`; a `;` in the parentheses of `for (..) {` does not.
    fn head_end(&mut self, at: usize) -> usize {
        let near = self.end.min(at + 64);
        let bracketed = self.tokens.is_word(at, "for") && self.tokens.is_mark(at + 1, "(");
        let close = if bracketed { self.tokens.closing(at + 1, &(at + 1..near)) } else { None };
        match close.map(|close| close + 1) {
            Some(brace) if self.tokens.is_mark(brace, "{") => brace,
            _ => self.stop(at),
        }
    }

    /// `if .. { .. }` with its else chain, `for .. { .. }`, each with a `;` that may follow.
    fn block(&mut self, start: usize) -> (Piece, usize) {
        let mut at = start;
        loop {
            let open = self.head_end(at);
            if open == self.end || !self.tokens.is_mark(open, "{") {
                let semicolon = self.tokens.kind(open) == Some(TokenKind::Semicolon);
                return (Piece { range: start..open, ended: true }, open + usize::from(semicolon));
            }
            let close = self.tokens.closing(open, &(open..self.end)).unwrap_or(self.end - 1);
            let piece = Piece { range: start..close + 1, ended: true };
            // An `else` after a loop is a statement of its own, and told as one without its `if`.
            let elses = ["else", "elseif", "elsif", "elif"];
            let chained = !self.tokens.is_word(start, "for") && self.tokens.is_one_of(close + 1, &elses);
            if close + 1 < self.end && chained {
                at = close + 1;
                continue;
            }
            let semicolon = close + 1 < self.end && self.tokens.kind(close + 1) == Some(TokenKind::Semicolon);
            return (piece, close + 1 + usize::from(semicolon));
        }
    }

    /// To the `;`, or to where the next statement evidently begins. Parentheses do not matter: no `;` stands in one.
    fn simple(&mut self, start: usize) -> (Piece, usize) {
        let (mut parens, mut braces, mut rows) = (0usize, 0usize, false);
        for at in start..self.end {
            let outside = parens == 0 && braces == 0;
            if outside && at > start && self.begins(start, at, rows) {
                let ended = is_block_word(self.tokens, start);
                return (Piece { range: start..at, ended }, at);
            }
            match self.tokens.text(at) {
                ";" if braces == 0 => return (Piece { range: start..at, ended: true }, at + 1),
                "{" => braces += 1,
                "}" => braces = braces.saturating_sub(1),
                "(" | "[" => parens += 1,
                ")" | "]" => parens = parens.saturating_sub(1),
                _ => rows |= outside && self.tokens.is_one_of(at, &["select", "values"]),
            }
        }
        (Piece { range: start..self.end, ended: false }, self.end)
    }

    /// True if another statement begins at `at`, inside one that began at `start` and lacks its `;`.
    fn begins(&mut self, start: usize, at: usize, rows: bool) -> bool {
        if !self.tokens.begins_line(at) {
            return false;
        }
        // A body without its `{` is told as such.
        if is_block_word(self.tokens, start) {
            return begins_head(self.tokens, at) && self.tokens.is_one_of(start, &["if", "for"]);
        }
        begins_statement(self.tokens, start, at, rows)
            || (self.begins_block(at) && !self.tokens.is_mark(at + 1, "."))
    }
}
