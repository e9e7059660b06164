//! From tokens to documents: a token, and what comes between it and the one before.

use std::ops::Range;

use pretty::{Arena, DocAllocator, DocBuilder};

use super::INDENT;
use super::gaps::Comment;
use super::space;
use super::tokens::Tokens;

pub(super) type Doc<'a> = DocBuilder<'a, Arena<'a>>;

/// What comes between two tokens where no comment does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Between {
    /// Nothing.
    Tight,
    /// A space.
    Space,
    /// A space, or a line's end where the group is broken.
    Line,
    /// Nothing, or a line's end where the group is broken.
    TightLine,
    /// A line's end, and an empty line where the author left one.
    End,
    /// A line's end and no empty line.
    OnlyEnd,
    /// An empty line.
    Empty,
}

/// Makes documents of tokens.
pub(super) struct Layout<'a, 't> {
    pub arena: &'a Arena<'a>,
    pub tokens: &'a Tokens<'t>,
}

impl<'a> Layout<'a, '_> {
    pub(super) fn nil(&self) -> Doc<'a> {
        self.arena.nil()
    }

    /// The token, without what stands before it.
    pub(super) fn token(&self, index: usize) -> Doc<'a> {
        self.arena.text(self.tokens.printed(index))
    }

    /// What comes before token `index`, with the comments that stand there.
    pub(super) fn between(&self, index: usize, between: Between) -> Doc<'a> {
        self.comments(index).append(self.end(index, between))
    }

    /// [`Layout::between`] and the token.
    pub(super) fn next(&self, index: usize, between: Between) -> Doc<'a> {
        self.between(index, between).append(self.token(index))
    }

    /// The comments before token `index`, each with what separates it from what stands before.
    pub(super) fn comments(&self, index: usize) -> Doc<'a> {
        self.comments_apart(index, None)
    }

    /// [`Layout::comments`] with an empty line before the one at `apart`.
    pub(super) fn comments_apart(&self, index: usize, apart: Option<usize>) -> Doc<'a> {
        let comments = self.tokens.gap(index).map_or(&[][..], |gap| gap.comments.as_slice());
        let mut after_line = false;
        comments.iter().enumerate().fold(self.nil(), |doc, (at, comment)| {
            let lines = match comment.lines_before {
                _ if index == 0 && at == 0 => None,
                _ if apart == Some(at) => Some(2),
                0 => Some(usize::from(after_line)),
                lines if at == 0 && self.follows_open(index) => Some(lines.min(1)),
                lines => Some(lines),
            };
            after_line = comment.is_line();
            doc.append(self.comment(comment, lines))
        })
    }

    fn comment(&self, comment: &Comment<'_>, lines_before: Option<usize>) -> Doc<'a> {
        let before = match lines_before {
            None => self.nil(),
            Some(0) => self.arena.space(),
            Some(1) => self.arena.hardline(),
            Some(_) => self.empty_line(),
        };
        before.append(self.arena.text(comment.text.to_owned()))
    }

    fn follows_open(&self, index: usize) -> bool {
        index.checked_sub(1).is_some_and(|before| self.tokens.is_any(before, &["(", "[", "{"]))
    }

    pub(super) fn empty_line(&self) -> Doc<'a> {
        self.arena.text("\n").append(self.arena.hardline())
    }

    /// What comes between the last comment before token `index`, or the token before it, and the token.
    pub(super) fn end(&self, index: usize, between: Between) -> Doc<'a> {
        let Some(gap) = self.tokens.gap(index) else { return self.nil() };
        let Some(last) = gap.comments.last() else { return self.plain_end(gap.lines_after, between) };
        match between {
            Between::End | Between::Empty if gap.lines_after > 1 => self.empty_line(),
            _ if last.is_line() || gap.lines_after > 0 => self.arena.hardline(),
            // Before the token on its line, as in `/* why */ name text`.
            _ if last.lines_before > 0 => self.arena.space(),
            Between::End | Between::Empty | Between::OnlyEnd => self.arena.hardline(),
            Between::Line | Between::TightLine => self.arena.line(),
            Between::Tight | Between::Space => self.arena.space(),
        }
    }

    fn plain_end(&self, lines: usize, between: Between) -> Doc<'a> {
        match between {
            Between::Tight => self.nil(),
            Between::Space => self.arena.space(),
            Between::Line => self.arena.line(),
            Between::TightLine => self.arena.line_(),
            Between::End if lines > 1 => self.empty_line(),
            Between::End | Between::OnlyEnd => self.arena.hardline(),
            Between::Empty => self.empty_line(),
        }
    }

    /// Tokens in a row, each as its neighbours ask. Nothing comes before the first.
    pub(super) fn row(&self, range: Range<usize>) -> Doc<'a> {
        let start = range.start;
        range.fold(self.nil(), |doc, index| {
            if index == start {
                self.token(index)
            } else {
                doc.append(self.next(index, space::before(self.tokens, index)))
            }
        })
    }

    /// One step to the right.
    pub(super) fn nest(&self, doc: Doc<'a>) -> Doc<'a> {
        doc.nest(INDENT)
    }

    /// True if the author ended a line before one of these tokens.
    pub(super) fn is_broken(&self, mut indices: impl Iterator<Item = usize>) -> bool {
        indices.any(|index| self.tokens.gap(index).is_some_and(|gap| gap.has_line_end()))
    }

    /// `(` and `)` around pieces with commas between them: on one line, or one a line, as the group around it is.
    pub(super) fn bracketed(
        &self,
        open: usize,
        close: usize,
        piece: impl Fn(Range<usize>) -> Doc<'a>,
    ) -> Doc<'a> {
        let pieces = self.commas(open + 1..close);
        if pieces.is_empty() {
            let comments = self.nest(self.comments(close));
            return self
                .token(open)
                .append(comments)
                .append(self.end(close, Between::Tight))
                .append(self.token(close));
        }
        let inside = self.listed(&pieces, Between::TightLine, piece).append(self.comments(close));
        let end = self.end(close, Between::TightLine);
        self.token(open).append(self.nest(inside)).append(end).append(self.token(close))
    }

    /// Pieces with commas between them; `first` comes before the first, a line or a space before the others.
    pub(super) fn listed(
        &self,
        pieces: &[Range<usize>],
        first: Between,
        piece: impl Fn(Range<usize>) -> Doc<'a>,
    ) -> Doc<'a> {
        pieces.iter().enumerate().fold(self.nil(), |doc, (at, range)| {
            let doc = if at == 0 { doc } else { doc.append(self.next(range.start - 1, Between::Tight)) };
            let between = if at == 0 { first } else { Between::Line };
            doc.append(self.between(range.start, between)).append(piece(range.clone()))
        })
    }

    /// The pieces of `range` between its commas.
    pub(super) fn commas(&self, range: Range<usize>) -> Vec<Range<usize>> {
        if range.is_empty() {
            return Vec::new();
        }
        let mut pieces = Vec::new();
        let mut start = range.start;
        for index in self.tokens.top(range.clone()) {
            if self.tokens.is_any(index, &[","]) {
                pieces.push(start..index);
                start = index + 1;
            }
        }
        pieces.push(start..range.end);
        pieces
    }
}
