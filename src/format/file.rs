//! A whole file: an empty line between items, but not between imports that stand together.

use pest::iterators::Pair;
use pretty::Arena;

use super::WIDTH;
use super::layout::{Between, Doc, Layout};
use super::tokens::Tokens;
use crate::syntax::concrete::{Concrete, Rule};

/// The file's text in the one style, with a line's end at its end.
pub(super) fn print(file: &Concrete<'_>, tokens: &Tokens<'_>) -> String {
    let arena = Arena::new();
    let layout = Layout { arena: &arena, tokens };
    let mut printed = layout.file(&file.tree).pretty(WIDTH).to_string();
    printed.push('\n');
    printed
}

impl<'a> Layout<'a, '_> {
    fn file(&self, file: &Pair<'_, Rule>) -> Doc<'a> {
        let mut before: Option<Rule> = None;
        let mut doc = self.nil();
        for item in file.clone().into_inner().filter(|item| item.as_rule() != Rule::EOI) {
            let rule = item.as_rule();
            let start = self.range_of(&item).start;
            let between = match before {
                None => Between::Tight,
                Some(before) if before == rule && is_short(rule) => Between::End,
                Some(_) => Between::Empty,
            };
            doc = doc.append(self.item_gap(start, between)).append(self.item(&item));
            before = Some(rule);
        }
        doc.append(self.comments(self.tokens.len()))
    }

    /// What comes before an item. Comments right above it stay there; the empty line is before them.
    fn item_gap(&self, start: usize, between: Between) -> Doc<'a> {
        let Some(gap) = self.tokens.gap(start).filter(|gap| !gap.comments.is_empty()) else {
            return if between == Between::Tight { self.nil() } else { self.between(start, between) };
        };
        let own = gap.comments.iter().position(|comment| comment.lines_before > 0);
        if between != Between::Empty {
            return self.comments(start).append(self.end(start, Between::End));
        }
        match own {
            Some(own) => self.comments_apart(start, Some(own)).append(self.end(start, Between::End)),
            None => self.comments(start).append(self.empty_line()),
        }
    }

    fn item(&self, item: &Pair<'_, Rule>) -> Doc<'a> {
        match item.as_rule() {
            Rule::table_item => self.table(item),
            Rule::action_item => self.action(item),
            Rule::setup_item | Rule::test_item => self.test(item),
            _ => self.head(self.range_of(item)),
        }
    }

    /// The tokens of a piece of the grammar.
    pub(super) fn range_of(&self, pair: &Pair<'_, Rule>) -> std::ops::Range<usize> {
        self.tokens.range(pair.as_span().start()..pair.as_span().end())
    }
}

/// Items that may stand on lines one below the other.
fn is_short(rule: Rule) -> bool {
    matches!(rule, Rule::use_item | Rule::config_item | Rule::function_item | Rule::foreign_item)
}
