//! Tables: an entry a line.

use pest::iterators::Pair;

use super::layout::{Between, Doc, Layout};
use crate::syntax::concrete::Rule;

impl<'a> Layout<'a, '_> {
    /// `table name { entries }`. Nothing comes before its first token.
    pub(super) fn table(&self, item: &Pair<'_, Rule>) -> Doc<'a> {
        let range = self.range_of(item);
        let close = range.end.saturating_sub(1);
        let open = self.tokens.partner(close).unwrap_or(range.start);
        let entries = self.commas(open + 1..close);
        let lines = entries.iter().enumerate().fold(self.nil(), |doc, (at, entry)| {
            let doc = if at == 0 { doc } else { doc.append(self.next(entry.start - 1, Between::Tight)) };
            let between = if at == 0 { Between::OnlyEnd } else { Between::End };
            doc.append(self.between(entry.start, between)).append(self.row(entry.clone()))
        });
        let lines = lines.append(self.comments(close));
        self.row(range.start..open + 1)
            .append(self.nest(lines))
            .append(self.end(close, Between::OnlyEnd))
            .append(self.token(close))
    }
}
