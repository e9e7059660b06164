use super::{Diagnostic, Edit};
use crate::source::{Place, Source, Sources, Span, Unit};

/// What a run found: what every format is made of.
#[derive(Clone, Copy, Debug)]
pub struct Report<'f> {
    /// In the order they are told.
    pub diagnostics: &'f [Diagnostic],
    /// The texts that spans point into.
    pub sources: &'f Sources,
    /// How many of the texts are the project's own: the first ones.
    pub files: usize,
}

impl<'f> Report<'f> {
    /// The project's own texts.
    pub fn own(&self) -> impl Iterator<Item = &'f Source> {
        self.sources.iter().take(self.files).map(|(_, source)| source)
    }
}

/// A span as formats name it: a path, and places whose end is exclusive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Region<'f> {
    pub path: &'f str,
    pub start: Place,
    pub end: Place,
}

impl<'f> Region<'f> {
    /// Columns count in `unit`. None if the span lies in no text.
    pub fn of(sources: &'f Sources, span: Span, unit: Unit) -> Option<Region<'f>> {
        let source = sources.get(span.source)?;
        let place = |offset: u32| source.lines.place(&source.text, offset as usize, unit);
        Some(Region { path: &source.path, start: place(span.start), end: place(span.end) })
    }
}

/// Message, facts and help, a line each: for formats with one text for a diagnostic.
pub(super) fn whole_message(diagnostic: &Diagnostic) -> String {
    let mut text = super::visible(&diagnostic.message).into_owned();
    for note in &diagnostic.notes {
        text.push_str("\nnote: ");
        text.push_str(&super::visible(note));
    }
    if let Some(help) = &diagnostic.help {
        text.push_str("\nhelp: ");
        text.push_str(&super::visible(help));
    }
    text
}

/// The edits of each fix that changes one text only, with its title.
pub(super) fn fixes_of_one_text(
    diagnostic: &Diagnostic,
) -> impl Iterator<Item = (&str, &Edit, &[Edit])> + '_ {
    diagnostic.fixes.iter().filter_map(|fix| {
        let first = fix.edits.first()?;
        let alone = fix.edits.iter().all(|edit| edit.span.source == first.span.source);
        alone.then_some((fix.title.as_str(), first, fix.edits.as_slice()))
    })
}
