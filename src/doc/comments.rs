//! The comments of a file, and which of them say something about what stands below or before them.

use std::collections::BTreeMap;
use std::ops::Range;

/// The comments of one text, by their first byte.
pub(super) struct Comments<'t> {
    text: &'t str,
    ranges: BTreeMap<usize, Range<usize>>,
}

impl<'t> Comments<'t> {
    /// Those of `text`, which stand in `gaps`: what lies between its tokens.
    pub fn of(text: &'t str, gaps: impl Iterator<Item = Range<usize>>) -> Comments<'t> {
        let mut ranges = BTreeMap::new();
        for gap in gaps {
            ranges.extend(in_gap(text, gap).into_iter().map(|range| (range.start, range)));
        }
        Comments { text, ranges }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Range<usize>> {
        self.ranges.values()
    }

    /// What is said about the item at `range`: the lines right above it, or else what follows on its last line.
    pub fn about(&self, range: Range<usize>) -> Option<String> {
        self.above(range.start).or_else(|| self.behind(range.end))
    }

    /// The comment lines right above the line that `offset` begins, without their marks.
    pub fn above(&self, offset: usize) -> Option<String> {
        let mut end = self.line_start(offset);
        if !self.text.get(end..offset)?.trim_matches([' ', '\t', '\u{feff}']).is_empty() {
            return None;
        }
        let mut lines = Vec::new();
        while end > 0 {
            let start = self.line_start(end - 1);
            let line = self.text.get(start..end)?;
            let first = start + line.len() - line.trim_start_matches([' ', '\t', '\u{feff}']).len();
            let Some(comment) = self.ranges.get(&first).filter(|it| self.is_line(it)) else { break };
            lines.push(self.content(comment));
            end = start;
        }
        lines.reverse();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// The comment behind `offset` on its line, past a `,` or `;`.
    fn behind(&self, offset: usize) -> Option<String> {
        let rest = self.text.get(offset..)?.lines().next()?;
        let bare = rest.trim_start_matches([' ', '\t', ',', ';']);
        let comment = self.ranges.get(&(offset + rest.len() - bare.len()))?;
        (!bare.is_empty() && self.is_line(comment)).then(|| self.content(comment))
    }

    fn line_start(&self, offset: usize) -> usize {
        self.text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
    }

    fn is_line(&self, range: &Range<usize>) -> bool {
        self.text.get(range.clone()).is_some_and(|text| !text.starts_with("/*"))
    }

    /// `/// text` → `text`
    fn content(&self, range: &Range<usize>) -> String {
        let line = self.text.get(range.clone()).unwrap_or("").trim_end();
        let mark = if line.starts_with('/') { '/' } else { '-' };
        let bare = line.trim_start_matches(mark);
        bare.strip_prefix(' ').unwrap_or(bare).to_owned()
    }
}

/// The comments of a stretch that has nothing but spaces besides.
fn in_gap(text: &str, gap: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = gap.start;
    while let Some(rest) = text.get(at..gap.end).filter(|rest| !rest.is_empty()) {
        let length = if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("//") || rest.starts_with("--") {
            rest.find('\n').unwrap_or(rest.len())
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        found.push(at..at + length);
        at += length;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comments(text: &str) -> Comments<'_> {
        Comments::of(text, std::iter::once(0..text.len()))
    }

    #[test]
    fn lines_above_and_behind_are_about_an_item() {
        let text = "// far\n\n/// one\n// two\n     , -- three\n/* four */  ";
        let found = comments(text);
        let at = text.find(',').unwrap();
        assert_eq!(found.above(at).as_deref(), Some("one\ntwo"));
        assert_eq!(found.behind(at).as_deref(), Some("three"));
        assert_eq!(found.above(text.len()), None);
        assert_eq!(found.iter().count(), 5);
    }
}
