//! Text that chooses its own line breaks: a group stands on one line if it fits into [`WIDTH`] columns, else every
//! break of the group (not of the groups inside) becomes a new line.

use std::borrow::Cow;
use std::ops::Add;

use crate::source::Span;

/// Columns of a line that is not one long word.
const WIDTH: usize = 100;
/// Columns a nested line is moved to the right.
const INDENT: usize = 2;

/// A text with possible line breaks.
#[derive(Clone, Debug)]
pub(super) enum Doc {
    /// Text without a line break.
    Text(Cow<'static, str>),
    /// A space, or a line break.
    Line,
    /// Nothing, or a line break.
    Soft,
    /// A line break; the groups around it break with it.
    Hard,
    /// One after the other.
    Many(Vec<Doc>),
    /// On one line if it fits.
    Group(Box<Doc>),
    /// Moved to the right where it breaks.
    Nest(Box<Doc>),
    /// Where something of the source begins.
    Mark(Span),
}

impl Doc {
    /// Nothing.
    pub(super) fn empty() -> Doc {
        Doc::Many(Vec::new())
    }

    /// On one line if it fits.
    pub(super) fn group(self) -> Doc {
        Doc::Group(Box::new(self))
    }

    /// Moved to the right where it breaks.
    pub(super) fn nest(self) -> Doc {
        Doc::Nest(Box::new(self))
    }

    /// `(self)`, the parentheses on lines of their own where it does not fit.
    pub(super) fn parenthesised(self) -> Doc {
        (Doc::from("(") + (Doc::Soft + self).nest() + Doc::Soft + ")").group()
    }

    /// True if a piece of text in it begins with `start`.
    pub(super) fn has_piece(&self, start: &str) -> bool {
        match self {
            Doc::Text(text) => text.starts_with(start),
            Doc::Many(all) => all.iter().any(|doc| doc.has_piece(start)),
            Doc::Group(inner) | Doc::Nest(inner) => inner.has_piece(start),
            Doc::Line | Doc::Soft | Doc::Hard | Doc::Mark(_) => false,
        }
    }

    /// `docs` with `between` them.
    pub(super) fn join(docs: impl IntoIterator<Item = Doc>, between: &Doc) -> Doc {
        let mut all = Vec::new();
        for doc in docs {
            if !all.is_empty() {
                all.push(between.clone());
            }
            all.push(doc);
        }
        Doc::Many(all)
    }

    /// `a, b, c`, one a line where they do not fit together with the group around them.
    pub(super) fn list(docs: impl IntoIterator<Item = Doc>) -> Doc {
        Doc::join(docs, &(Doc::from(",") + Doc::Line))
    }
}

impl From<&'static str> for Doc {
    fn from(text: &'static str) -> Doc {
        Doc::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Doc {
    fn from(text: String) -> Doc {
        Doc::Text(Cow::Owned(text))
    }
}

impl<T: Into<Doc>> Add<T> for Doc {
    type Output = Doc;

    /// One after the other.
    fn add(self, next: T) -> Doc {
        let mut all = match self {
            Doc::Many(all) => all,
            one => vec![one],
        };
        all.push(next.into());
        Doc::Many(all)
    }
}

/// A text with its line breaks chosen.
pub(super) struct Rendered {
    /// The text.
    pub(super) text: String,
    /// The line of every mark, counted from 1.
    pub(super) marks: Vec<(u32, Span)>,
}

/// Chooses the line breaks of `doc`.
pub(super) fn render(doc: &Doc) -> Rendered {
    let mut out = Output { text: String::new(), column: 0, line: 1, marks: Vec::new() };
    let mut todo = vec![Todo { indent: 0, flat: false, doc }];
    while let Some(Todo { indent, flat, doc }) = todo.pop() {
        match doc {
            Doc::Text(text) => out.word(text),
            Doc::Line if flat => out.word(" "),
            Doc::Soft if flat => {}
            Doc::Line | Doc::Soft | Doc::Hard => out.new_line(indent),
            Doc::Many(all) => todo.extend(all.iter().rev().map(|doc| Todo { indent, flat, doc })),
            Doc::Nest(doc) => todo.push(Todo { indent: indent + INDENT, flat, doc }),
            Doc::Group(doc) => {
                let flat = flat || fits(doc, &todo, WIDTH.saturating_sub(out.column));
                todo.push(Todo { indent, flat, doc });
            }
            Doc::Mark(span) => out.marks.push((out.line, *span)),
        }
    }
    Rendered { text: out.text, marks: out.marks }
}

/// A part that is still to be written.
#[derive(Clone, Copy)]
struct Todo<'d> {
    indent: usize,
    flat: bool,
    doc: &'d Doc,
}

struct Output {
    text: String,
    column: usize,
    line: u32,
    marks: Vec<(u32, Span)>,
}

impl Output {
    fn word(&mut self, word: &str) {
        self.text.push_str(word);
        self.column += columns(word);
    }

    fn new_line(&mut self, indent: usize) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
        self.line += 1;
    }
}

/// How wide a text is, near enough: only line breaks depend on it.
fn columns(text: &str) -> usize {
    text.chars().count()
}

/// True if `doc` on one line, with what follows it up to the next possible break, takes at most `room` columns. Looks
/// at no more than fits, so that rendering stays linear.
fn fits(doc: &Doc, after: &[Todo<'_>], mut room: usize) -> bool {
    let mut todo = vec![(true, doc)];
    let mut after = after.iter().rev();
    loop {
        let (flat, doc) = match todo.pop() {
            Some(next) => next,
            None => match after.next() {
                Some(next) => (next.flat, next.doc),
                None => return true,
            },
        };
        let taken = match doc {
            Doc::Text(text) => columns(text),
            Doc::Line if flat => 1,
            Doc::Soft if flat => 0,
            Doc::Hard if flat => return false,
            Doc::Line | Doc::Soft | Doc::Hard => return true,
            Doc::Many(all) => {
                todo.extend(all.iter().rev().map(|doc| (flat, doc)));
                0
            }
            Doc::Nest(doc) | Doc::Group(doc) => {
                todo.push((flat, doc));
                0
            }
            Doc::Mark(_) => 0,
        };
        match room.checked_sub(taken) {
            Some(left) => room = left,
            None => return false,
        }
    }
}
