//! Sources with colours: what each stretch of a text is, and the HTML of a slice of it.

use std::collections::BTreeMap;
use std::ops::Range;

use maud::{Markup, html};

use super::comments::Comments;
use crate::syntax::concrete::{self, Class, Concrete, Rule};

/// A text whose stretches are known.
pub(super) struct Text<'t> {
    text: &'t str,
    /// Bytes of a byte order mark in front of `text`.
    mark: usize,
    /// What is not plain, in order and apart.
    inks: Vec<(Range<usize>, &'static str)>,
    /// What is said about its items.
    comments: Comments<'t>,
    /// Tables, actions, columns and parameters, the outer before the inner.
    items: Vec<Range<usize>>,
}

impl<'t> Text<'t> {
    /// `text`, plain if it has a fault of syntax.
    pub fn of(text: &'t str) -> Text<'t> {
        let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mark = text.len() - bare.len();
        let Some(file) = concrete::read(bare) else {
            let comments = Comments::of(bare, std::iter::empty());
            return Text { text: bare, mark, inks: Vec::new(), comments, items: Vec::new() };
        };
        let ends = std::iter::once(0).chain(file.tokens.iter().map(|token| token.range.end));
        let starts = file.tokens.iter().map(|token| token.range.start).chain(std::iter::once(bare.len()));
        let comments = Comments::of(bare, ends.zip(starts).map(|(start, end)| start..end));
        let mut inks = inks(&file);
        inks.extend(comments.iter().map(|range| (range.clone(), "c")));
        inks.sort_by_key(|(range, _)| range.start);
        Text { text: bare, mark, inks, comments, items: items(&file) }
    }

    /// The table, action, column or parameter that has `offset` of the source, and none of its parts.
    pub fn item(&self, offset: usize) -> Option<Range<usize>> {
        let offset = offset.checked_sub(self.mark)?;
        let item = self.items.iter().rev().find(|item| item.contains(&offset))?;
        Some(item.start + self.mark..item.end + self.mark)
    }

    /// The comment about the item that has `offset` of the source.
    pub fn about(&self, offset: usize) -> Option<String> {
        self.comments.about(self.bare(self.item(offset)?))
    }

    /// The comment above the first token.
    pub fn head(&self) -> Option<String> {
        let is_token = |(_, ink): &&(Range<usize>, &'static str)| *ink != "c";
        self.inks.iter().find(is_token).and_then(|(range, _)| self.comments.above(range.start))
    }

    fn bare(&self, range: Range<usize>) -> Range<usize> {
        range.start.saturating_sub(self.mark)..range.end.saturating_sub(self.mark)
    }

    /// The slice `range` of the source in colours. `link` says where a word leads, given it and what stands before it.
    pub fn slice(&self, range: Range<usize>, link: &dyn Fn(&str, &str, &str) -> Option<String>) -> Markup {
        let range = self.bare(range);
        let first = self.inks.partition_point(|(ink, _)| ink.start < range.start);
        let mut at = range.start;
        let part = |range: Range<usize>| self.text.get(range).unwrap_or("");
        html! {
            @for (ink, class) in self.inks.iter().skip(first).take_while(|(ink, _)| ink.end <= range.end) {
                (part(std::mem::replace(&mut at, ink.end)..ink.start))
                @let word = part(ink.clone());
                @match link(part(range.start..ink.start), word, part(ink.end..range.end)) {
                    Some(href) => a class=(class) href=(href) { (word) },
                    None => span class=(class) { (word) },
                }
            }
            (part(at..range.end))
        }
    }

    /// All of it in colours.
    pub fn whole(&self) -> Markup {
        self.slice(self.mark..self.mark + self.text.len(), &|_, _, _| None)
    }
}

/// What tokens are: `k`eywords, `t`ypes, `s`trings, `n`umbers, `v`ariables, na`m`es. Signs are plain.
fn inks(file: &Concrete<'_>) -> Vec<(Range<usize>, &'static str)> {
    let mut ruled: BTreeMap<usize, &'static str> = BTreeMap::new();
    for pair in file.tree.clone().into_inner().flatten() {
        let ink = match pair.as_rule() {
            Rule::name | Rule::word => "m",
            Rule::type_word => "t",
            _ => continue,
        };
        ruled.insert(pair.as_span().start(), ink);
    }
    let ink = |token: &concrete::Token| {
        let text = file.text.get(token.range.clone()).unwrap_or("");
        Some(match token.class {
            Class::Word => ruled.get(&token.range.start).copied().unwrap_or("k"),
            Class::Keyword => "k",
            Class::Name => "m",
            Class::Sigil => "v",
            Class::Literal if text.starts_with('\'') => "s",
            Class::Literal => "n",
            Class::Sign => return None,
        })
    };
    file.tokens.iter().filter_map(|token| Some((token.range.clone(), ink(token)?))).collect()
}

/// What comments are about, in order, and what has parts before its parts.
fn items(file: &Concrete<'_>) -> Vec<Range<usize>> {
    let is_item = |rule| {
        matches!(
            rule,
            Rule::table_item | Rule::action_item | Rule::foreign_item | Rule::column | Rule::parameter
        )
    };
    let pairs = file.tree.clone().into_inner().flatten().filter(|pair| is_item(pair.as_rule()));
    // A rule that ends with what may be left out takes the spaces and comments before it.
    let last_token = |end: usize| {
        let past = file.tokens.partition_point(|token| token.range.end <= end);
        past.checked_sub(1).and_then(|index| file.tokens.get(index)).map_or(end, |token| token.range.end)
    };
    pairs.map(|pair| pair.as_span().start()..last_token(pair.as_span().end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_colours_and_its_bytes() {
        let text = "\u{feff}// One.\ndatabase d; // two\n/// T.\ntable key { a int primary }\naction f($x) public view { SELECT 'a<b', $x; }";
        let read = Text::of(text);
        assert_eq!(read.head().as_deref(), Some("One."));
        let whole = read.whole().into_string();
        for part in [
            "<span class=\"c\">// One.</span>",
            "<span class=\"k\">table</span> <span class=\"m\">key</span>",
            "<span class=\"t\">int</span>",
            "<span class=\"k\">SELECT</span> <span class=\"s\">'a&lt;b'</span>, <span class=\"v\">$x</span>",
        ] {
            assert!(whole.contains(part), "{part} in {whole}");
        }
        assert_eq!(read.about(text.find("key").unwrap()).as_deref(), Some("T."));
        let table = read.item(text.find("key").unwrap()).unwrap();
        assert_eq!(&text[table], "table key { a int primary }");
        assert_eq!(&text[read.item(text.find("int").unwrap()).unwrap()], "a int primary");
    }
}
