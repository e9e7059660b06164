//! One line a diagnostic, for editors that read `path:line:column: message`.

use super::{Diagnostic, visible};
use crate::source::{Sources, Unit};

/// `src/users.kf:7:12: error[KF0202]: table `users` has no column `nmae``, without a line end. The column counts in
/// `unit`, 1-based.
pub fn line(diagnostic: &Diagnostic, sources: &Sources, unit: Unit) -> String {
    let span = diagnostic.at.span;
    let head = format!("{}[{}]", diagnostic.severity.word(), diagnostic.code);
    let message = visible(&diagnostic.message);
    let Some(source) = sources.get(span.source) else { return format!("{head}: {message}") };
    let place = source.lines.place(&source.text, span.start as usize, unit);
    format!("{}:{}:{}: {head}: {message}", visible(&source.path), place.line, place.column)
}
