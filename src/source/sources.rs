use super::{Lines, SourceId, Span};

/// One text with the path it is shown under.
#[derive(Clone, Debug)]
pub struct Source {
    /// As the user would type it: relative, with `/`.
    pub path: String,
    /// The whole text, byte order mark included.
    pub text: String,
    /// Where its lines begin.
    pub lines: Lines,
}

/// Every text of one compilation, by id, in the order they were added.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// No texts yet.
    pub fn new() -> Sources {
        Sources::default()
    }

    /// Adds a text and returns its id.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        let text = text.into();
        self.0.push(Source { path: path.into(), lines: Lines::of(&text), text });
        id
    }

    /// The text behind `id`.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.0.get(id.0 as usize)
    }

    /// The slice a span covers; empty when the span does not lie in its source on character borders.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source).and_then(|source| source.text.get(span.range())).unwrap_or("")
    }

    /// All texts with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0u32..).map(SourceId).zip(&self.0)
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
