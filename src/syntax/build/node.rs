use pest::iterators::{Pair, Pairs};

use crate::source::{SourceId, Span};
use crate::syntax::grammar::Rule;

/// A pair of the grammar whose places are places in the file.
#[derive(Clone, Debug)]
pub struct Node<'t> {
    pair: Pair<'t, Rule>,
    source: SourceId,
    /// Offset in the file at which the piece begins.
    base: usize,
}

impl<'t> Node<'t> {
    /// The first pair of a piece that begins at `base`.
    pub fn first(mut pairs: Pairs<'t, Rule>, source: SourceId, base: usize) -> Option<Node<'t>> {
        pairs.next().map(|pair| Node { pair, source, base })
    }

    /// Which rule it matched.
    pub fn rule(&self) -> Rule {
        self.pair.as_rule()
    }

    /// What it matched; of use for atomic rules.
    pub fn text(&self) -> &'t str {
        self.pair.as_str()
    }

    /// Where, without the space that pest lets a rule swallow at its end.
    pub fn span(&self) -> Span {
        let own = self.pair.as_span();
        let last = self.children().last();
        let end = last.map_or(self.base + own.end(), |child| child.span().range().end);
        Span::new(self.source, self.base + own.start(), end)
    }

    /// Its parts, punctuation and keywords included.
    pub fn children(&self) -> impl DoubleEndedIterator<Item = Node<'t>> {
        let (source, base) = (self.source, self.base);
        self.pair.clone().into_inner().map(move |pair| Node { pair, source, base })
    }

    /// The first part that matched `rule`.
    pub fn child(&self, rule: Rule) -> Option<Node<'t>> {
        self.children().find(|child| child.rule() == rule)
    }

    /// Every part that matched `rule`.
    pub fn all(&self, rule: Rule) -> impl Iterator<Item = Node<'t>> {
        self.children().filter(move |child| child.rule() == rule)
    }
}
