use super::{Diagnostic, Severity};
use crate::source::Span;

/// Where stages report. Diagnostics come out in source order, errors never hidden by warnings.
#[derive(Clone, Debug, Default)]
pub struct Sink(Vec<Diagnostic>);

impl Sink {
    /// Nothing reported yet.
    pub fn new() -> Sink {
        Sink::default()
    }

    /// Adds one, unless the very same thing was already said.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        let said = |known: &Diagnostic| known.code == diagnostic.code && known.at.span == diagnostic.at.span;
        if !self.0.iter().rev().take(200).any(said) {
            self.0.push(diagnostic);
        }
    }

    /// Adds what was reported elsewhere, in that order.
    pub fn absorb(&mut self, reported: &[Diagnostic]) {
        reported.iter().for_each(|diagnostic| self.report(diagnostic.clone()));
    }

    /// Everything in the order it was reported.
    pub fn into_reported(self) -> Vec<Diagnostic> {
        self.0
    }

    /// Takes out what `about` holds for, in the order it was reported.
    pub fn take(&mut self, about: impl Fn(&Diagnostic) -> bool) -> Vec<Diagnostic> {
        let (taken, left) = std::mem::take(&mut self.0).into_iter().partition(about);
        self.0 = left;
        taken
    }

    /// True if a stage found an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Where errors were reported first of all.
    pub fn error_spans(&self) -> impl Iterator<Item = Span> {
        let errors = self.0.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        errors.map(|diagnostic| diagnostic.at.span)
    }

    /// How many were reported so far; with [`Sink::errors_since`], asks whether a piece of work was clean.
    pub fn mark(&self) -> usize {
        self.0.len()
    }

    /// Adds a fact to everything reported after `mark`.
    pub fn note_since(&mut self, mark: usize, note: &str) {
        for diagnostic in self.0.iter_mut().skip(mark) {
            diagnostic.notes.push(note.to_owned());
        }
    }

    /// True if an error was reported after `mark`.
    pub fn errors_since(&self, mark: usize) -> bool {
        self.0.iter().skip(mark).any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Everything, ordered by source and offset; reports at one place keep the order they were made in.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.0.sort_by_key(|diagnostic| diagnostic.at.span);
        self.0
    }
}
