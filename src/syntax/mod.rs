//! Floor 2: from text to [`ast::Ast`]. Knows no types and resolves nothing.
//!
//! A file is scanned into tokens, cut into pieces, and each piece is read by its rule of `grammar/kuneiform.pest`;
//! what stands in an SQL island is read by the SQL parser.

pub mod ast;
mod build;
pub mod concrete;
mod cut;
mod grammar;
mod problems;
mod reporter;
mod scan;
pub mod sql;
pub mod walk;

use crate::diagnostics::Sink;
use crate::language::limits;
use crate::source::{SourceId, Sources, Span, roomy};
use reporter::Reporter;

pub(crate) use cut::ATTRIBUTES;

/// Reads the source `id`. Never fails: what cannot be read is reported and left out.
pub fn parse(sources: &Sources, id: SourceId, sink: &mut Sink) -> ast::Ast {
    let text = sources.get(id).map_or("", |source| source.text.as_str());
    let mut reporter = Reporter::new(sink);
    if text.len() > limits::SOURCE_BYTES {
        reporter.report(problems::too_large(Span::new(id, 0, 0), text.len()));
        return ast::Ast { source: id, name: None, items: Vec::new(), interface: None, tests: None };
    }
    let scanned = scan::scan(text, id, &mut reporter);
    roomy(|| build::build(&scanned, &mut reporter))
}

#[cfg(test)]
mod tests;
