//! Queries and statements of SQL: all on one line, or a clause a line.

use std::ops::Range;

use super::layout::{Between, Doc, Layout};

/// Words before `JOIN` that belong to it.
const BEFORE_JOIN: &[&str] = &["NATURAL", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "OUTER"];

impl<'a> Layout<'a, '_> {
    /// True if what begins at `index` has clauses.
    pub(super) fn begins_query(&self, index: usize) -> bool {
        self.tokens.is_one_of(index, &["SELECT", "WITH", "VALUES", "INSERT", "UPDATE", "DELETE"])
    }

    /// A query in a group of its own. Nothing comes before its first token.
    pub(super) fn query(&self, range: Range<usize>) -> Doc<'a> {
        self.clauses(range).group()
    }

    /// The clauses with lines between them, which are ends where the author ended one there.
    pub(super) fn clauses(&self, range: Range<usize>) -> Doc<'a> {
        let starts = self.clause_starts(range.clone());
        let broken = self.is_broken(starts.iter().skip(1).copied());
        let between = if broken { Between::OnlyEnd } else { Between::Line };
        let ends = starts.iter().skip(1).copied().chain([range.end]);
        starts.iter().zip(ends).fold(self.nil(), |doc, (start, end)| {
            let doc = if *start == range.start { doc } else { doc.append(self.between(*start, between)) };
            doc.append(self.clause(*start..end))
        })
    }

    fn clause_starts(&self, range: Range<usize>) -> Vec<usize> {
        let start = range.start;
        self.tokens.top(range).filter(|index| *index == start || self.begins_clause(*index)).collect()
    }

    fn begins_clause(&self, index: usize) -> bool {
        let is = |words: &[&str]| self.tokens.is_one_of(index, words);
        let follows =
            |words: &[&str]| index.checked_sub(1).is_some_and(|before| self.tokens.is_one_of(before, words));
        let by = || self.tokens.is_keyword(index + 1, "BY");
        if is(&[
            "SELECT",
            "WHERE",
            "HAVING",
            "LIMIT",
            "OFFSET",
            "UNION",
            "EXCEPT",
            "INTERSECT",
            "RETURNING",
            "INSERT",
        ]) {
            return true;
        }
        is(&["FROM"]) && !follows(&["DELETE", "DISTINCT"])
            || is(&["GROUP", "ORDER"]) && by()
            || is(&["SET", "VALUES"]) && !follows(&["UPDATE"])
            || is(&["WINDOW"])
            || is(&["UPDATE", "DELETE"]) && !follows(&["DO"])
            || is(&["JOIN"]) && !follows(BEFORE_JOIN)
            || is(BEFORE_JOIN) && !follows(BEFORE_JOIN) && !self.tokens.is_any(index + 1, &["("])
            || is(&["ON"]) && self.tokens.is_keyword(index + 1, "CONFLICT")
    }
}
