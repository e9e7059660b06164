//! Statements of SQL whose first word was left out.

use std::ops::Range;

use super::words::{FOREIGN, SQL};
use crate::diagnostics::nearest;
use crate::syntax::build::Builder;
use crate::syntax::cut::is_cte;

impl Builder<'_, '_, '_> {
    /// The word that evidently belongs before `range`, which begins with another: `WITH` before `e AS (..) SELECT ..`,
    /// `SELECT` before `max(a) AS b ..` and `a, b FROM ..`.
    pub(super) fn missing_head(&self, range: &Range<usize>) -> Option<&'static str> {
        let first = range.start;
        let lower = self.tokens.text(first).to_ascii_lowercase();
        if is_cte(self.tokens, first) {
            return Some("WITH");
        }
        if FOREIGN.contains(&lower.as_str()) || nearest(&lower, SQL.iter().copied()).is_some() {
            return None;
        }
        let called =
            self.tokens.is_mark(first + 1, "(").then(|| self.tokens.closing(first + 1, range)).flatten();
        let named = called.is_some_and(|close| self.tokens.is_word(close + 1, "as"));
        let from = || self.find_outside(range.clone(), |index| self.tokens.is_word(index, "from")).is_some();
        let block = || range.clone().any(|index| self.tokens.is_mark(index, "{"));
        ((named || from()) && !block()).then_some("SELECT")
    }
}
