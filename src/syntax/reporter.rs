use crate::diagnostics::{Diagnostic, Sink};
use crate::source::Span;
use crate::syntax::problems;

/// Errors told about one file; a machine that feeds us garbage needs no more.
const MOST: usize = 200;

/// Where reading one file reports: a sink that stops listening after [`MOST`] diagnostics, so that the time garbage
/// takes stays linear in its length.
pub(super) struct Reporter<'s> {
    sink: &'s mut Sink,
    start: usize,
    full: bool,
}

impl<'s> Reporter<'s> {
    /// Nothing said about this file yet.
    pub fn new(sink: &'s mut Sink) -> Reporter<'s> {
        let start = sink.mark();
        Reporter { sink, start, full: false }
    }

    /// Tells the author, unless enough was said.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        if !self.is_full(diagnostic.at.span) {
            self.sink.report(diagnostic);
        }
    }

    /// True if nothing more will be told, so that no work need be done to tell it. That there is more, at `at`, is the
    /// last thing told.
    pub fn is_full(&mut self, at: Span) -> bool {
        if !self.full && self.sink.mark().saturating_sub(self.start) >= MOST {
            self.full = true;
            self.sink.report(problems::too_many_errors(at, MOST));
        }
        self.full
    }

    /// True if something was told.
    pub fn has_reported(&self) -> bool {
        self.sink.mark() > self.start
    }

    /// The sink itself, for readers of a piece; ask [`Reporter::is_full`] first.
    pub fn sink(&mut self) -> &mut Sink {
        self.sink
    }
}
