//! SQL islands: what is read as what, where every part stands, what is refused, and that nothing crashes.

mod accepted;
mod properties;
mod refused;
mod render;

use kuneiform::diagnostics::{Diagnostic, Sink};
use kuneiform::source::{Deep, SourceId, Span};
use kuneiform::syntax::ast::{Expr, Statement};
use kuneiform::syntax::sql;

/// All of `text` as one island, or the part of it that is `span`.
pub fn statement(text: &str) -> (Option<Deep<Statement>>, Vec<Diagnostic>) {
    let mut sink = Sink::new();
    let tree = sql::statement(text, whole(text), &mut sink);
    (tree.map(Deep::new), sink.into_sorted())
}

pub fn expression(text: &str, span: Span) -> (Option<Deep<Expr>>, Vec<Diagnostic>) {
    let mut sink = Sink::new();
    let tree = sql::expression(text, span, &mut sink);
    (tree.map(Deep::new), sink.into_sorted())
}

pub fn whole(text: &str) -> Span {
    Span::new(SourceId(0), 0, text.len())
}

/// Runs on a thread with the smallest stack that we promise to need.
pub fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(512 * 1024).spawn(work).unwrap().join().unwrap();
}
