use std::collections::BTreeSet;
use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::super::{Label, is_hidden, spelled, visible};
use super::Style;
use crate::source::{Source, Unit};

/// Lines shown above and below a label.
pub(super) const CONTEXT: usize = 1;
/// A label over more lines than this is drawn on its first.
const TALLEST: u32 = 6;
/// Columns the frame itself takes.
const GUTTER: usize = 10;

/// A label in the excerpt's text.
#[derive(Debug)]
pub(super) struct Mark {
    /// Byte offset in the excerpt's text.
    pub start: usize,
    /// Bytes.
    pub length: usize,
    /// What is said there.
    pub text: String,
    /// True for the place to look at first.
    pub primary: bool,
    /// 0-based column of its start in the source, in characters.
    column: usize,
}

/// A line as it is shown, and where it stands in the excerpt's text.
#[derive(Debug)]
struct Row {
    number: u32,
    range: Range<usize>,
}

/// The lines of one source that labels need, made safe to print: hidden characters spelled out, lines wider than the
/// terminal cut, no byte order mark. Offsets are the excerpt's own.
#[derive(Debug)]
pub(super) struct Excerpt {
    pub path: String,
    pub text: String,
    pub marks: Vec<Mark>,
    rows: Vec<Row>,
}

/// Consecutive lines of an excerpt.
pub(super) struct Lines {
    pub first: u32,
    pub count: usize,
    pub range: Range<usize>,
}

impl Excerpt {
    /// Takes what `labels` need out of `source`, once.
    pub fn cut(source: &Source, labels: &[(&Label, bool)], style: Style) -> Excerpt {
        let spots: Vec<Spot> =
            labels.iter().map(|(label, primary)| Spot::of(source, label, *primary)).collect();
        let mut excerpt = Excerpt {
            path: visible(&source.path).into_owned(),
            text: String::new(),
            marks: Vec::new(),
            rows: Vec::new(),
        };
        let mut ends: Vec<(usize, usize)> = vec![(0, 0); spots.len()];
        for number in wanted(source, &spots) {
            excerpt.add_row(source, number, &spots, &mut ends, style);
        }
        excerpt.marks = spots.iter().zip(ends).map(|(spot, (start, end))| spot.mark(start, end)).collect();
        excerpt.marks.sort_by_key(|mark| (mark.start, mark.length));
        excerpt
    }

    /// Adds line `number`, and notes where the spots that begin or end in it have come to stand.
    fn add_row(
        &mut self,
        source: &Source,
        number: u32,
        spots: &[Spot],
        ends: &mut [(usize, usize)],
        style: Style,
    ) {
        let line = source.lines.text(&source.text, number);
        let here = |place: &(u32, usize)| (place.0 == number).then_some(place.1);
        let focus = spots.iter().filter_map(|spot| here(&spot.start)).min().unwrap_or(0);
        let shown = Shown::of(line, focus, style);
        let start = self.text.len();
        self.text.push_str(&shown.text);
        for (spot, end) in spots.iter().zip(ends) {
            if let Some(offset) = here(&spot.start) {
                end.0 = start + shown.offset(offset);
            }
            if let Some(offset) = here(&spot.end) {
                end.1 = start + shown.offset(offset);
            }
            if spot.start == spot.end && end.0 == self.text.len() && here(&spot.end).is_some() {
                self.text.push(' '); // miette draws an empty label only on a character
            }
        }
        self.rows.push(Row { number, range: start..self.text.len() });
        self.text.push('\n');
    }

    /// The lines that `length` bytes at `start` lie in, with as many neighbours as asked for and at hand. `None` if
    /// lines between them are not in the excerpt.
    pub fn lines(&self, start: usize, length: usize, before: usize, after: usize) -> Option<Lines> {
        let row_of = |offset: usize| self.rows.iter().position(|row| offset <= row.range.end);
        let (mut first, mut last) = (row_of(start)?, row_of(start + length)?);
        if !self.rows.get(first..=last)?.windows(2).all(follows) {
            return None;
        }
        for _ in 0..before {
            let joined = first > 0 && self.rows.get(first - 1..=first).is_some_and(follows);
            first -= usize::from(joined);
        }
        for _ in 0..after {
            let joined = self.rows.get(last..=last + 1).is_some_and(follows);
            last += usize::from(joined);
        }
        let (top, bottom) = (self.rows.get(first)?, self.rows.get(last)?);
        Some(Lines { first: top.number, count: last + 1 - first, range: top.range.start..bottom.range.end })
    }

    /// 0-based column in the source of the mark that starts at `offset`.
    pub fn column(&self, offset: usize) -> usize {
        self.marks.iter().find(|mark| mark.start == offset).map_or(0, |mark| mark.column)
    }
}

fn follows(rows: &[Row]) -> bool {
    matches!(rows, [above, below] if above.number + 1 == below.number)
}

/// A label by line and byte in the line, for drawing.
struct Spot {
    start: (u32, usize),
    end: (u32, usize),
    column: usize,
    text: String,
    primary: bool,
}

impl Spot {
    /// What lies past the last word of the file is shown right after that word; a label over many lines on its first.
    fn of(source: &Source, label: &Label, primary: bool) -> Spot {
        let last = source.text.trim_end().len();
        let start = (label.span.start as usize).min(last);
        let end = (label.span.end as usize).clamp(start, last);
        let end = source.text.get(start..end).map_or(end, |text| start + text.trim_end().len());
        let place = |offset| source.lines.place(&source.text, offset, Unit::RawBytes);
        let (from, mut to) = (place(start), place(end));
        if to.line - from.line >= TALLEST {
            let line = source.lines.text(&source.text, from.line);
            to = crate::source::Place {
                line: from.line,
                column: u32::try_from(line.len()).unwrap_or(u32::MAX).saturating_add(1),
            };
        }
        let byte = |place: crate::source::Place| (place.line, (place.column as usize).saturating_sub(1));
        let column = source.lines.place(&source.text, start, Unit::Chars).column as usize - 1;
        Spot { start: byte(from), end: byte(to), column, text: visible(&label.text).into_owned(), primary }
    }

    fn mark(&self, start: usize, end: usize) -> Mark {
        let length = end.saturating_sub(start);
        Mark { start, length, text: self.text.clone(), primary: self.primary, column: self.column }
    }
}

/// The lines to show: those of the spots, neighbours that are not empty, and single lines between two of them.
fn wanted(source: &Source, spots: &[Spot]) -> BTreeSet<u32> {
    let mut lines: BTreeSet<u32> = spots.iter().flat_map(|spot| spot.start.0..=spot.end.0).collect();
    let says_something = |line: &u32| *line > 0 && !source.lines.text(&source.text, *line).trim().is_empty();
    let around = |line: &u32| [line.saturating_sub(1), line + 1];
    let neighbours: Vec<u32> = lines.iter().flat_map(around).filter(says_something).collect();
    lines.extend(neighbours);
    let holes: Vec<u32> =
        lines.iter().filter(|line| lines.contains(&(*line + 2))).map(|line| line + 1).collect();
    lines.extend(holes);
    lines
}

/// One line as it is printed, with where each of its bytes went.
struct Shown {
    text: String,
    /// (byte in the line, byte in `text`), ascending.
    places: Vec<(usize, usize)>,
}

impl Shown {
    /// `line` with hidden characters spelled out, cut around byte `focus` if it is wider than the terminal.
    fn of(line: &str, focus: usize, style: Style) -> Shown {
        let room = style.width.saturating_sub(GUTTER).max(20);
        let dots = if style.unicode { "…" } else { "..." };
        let from = if fits(line, room) { 0 } else { window_start(line, focus, room) };
        let mut shown = Shown { text: String::new(), places: Vec::new() };
        if from > 0 {
            shown.text.push_str(dots);
        }
        let mut used = shown.text.len();
        for (at, character) in line.char_indices().skip_while(|(at, _)| *at < from) {
            if used + columns(character) > room && at > focus {
                shown.places.push((at, shown.text.len()));
                shown.text.push_str(dots);
                return shown;
            }
            used += columns(character);
            shown.places.push((at, shown.text.len()));
            shown.push(character);
        }
        shown.places.push((line.len(), shown.text.len()));
        shown
    }

    fn push(&mut self, character: char) {
        match character {
            '\u{feff}' if self.text.is_empty() => {}
            '\t' => self.text.push('\t'),
            hidden if is_hidden(hidden) => self.text.push_str(&spelled(hidden)),
            plain => self.text.push(plain),
        }
    }

    /// Where byte `offset` of the line stands now; the nearer end if it was cut away.
    fn offset(&self, offset: usize) -> usize {
        let next = self.places.partition_point(|(at, _)| *at < offset);
        self.places.get(next).or(self.places.last()).map_or(0, |(_, place)| *place)
    }
}

fn fits(line: &str, room: usize) -> bool {
    line.chars().map(columns).sum::<usize>() <= room
}

/// The byte to start a cut line at, so that `focus` has a third of the room before it.
fn window_start(line: &str, focus: usize, room: usize) -> usize {
    let before = line.get(..focus.min(line.len())).unwrap_or("");
    let mut used = 0;
    for (at, character) in before.char_indices().rev() {
        used += columns(character);
        if used > room / 3 {
            return at + character.len_utf8();
        }
    }
    0
}

fn columns(character: char) -> usize {
    match character {
        '\t' => 4,
        hidden if is_hidden(hidden) => spelled(hidden).len(),
        plain => plain.width().unwrap_or(0),
    }
}
