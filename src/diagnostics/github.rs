//! Workflow commands: annotations beside the lines of a pull request.

use super::report::{Region, Report, whole_message};
use super::{Diagnostic, Severity};
use crate::source::{Sources, Unit};

/// A command a line for each diagnostic.
pub fn commands(found: &Report<'_>) -> String {
    found.diagnostics.iter().map(|diagnostic| command(diagnostic, found.sources) + "\n").collect()
}

/// `::error file=a.kf,line=7,endLine=7,col=12,endColumn=16,title=KF0202::table `users` has no column `nmae``. Columns
/// are left out where a fault takes more than a line: they would be taken for those of the first.
fn command(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let word = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut properties = Vec::new();
    if let Some(region) = Region::of(sources, diagnostic.at.span, Unit::Chars) {
        properties.push(format!("file={}", property(region.path)));
        properties.push(format!("line={}", region.start.line));
        properties.push(format!("endLine={}", region.end.line));
        if region.start.line == region.end.line {
            properties.push(format!("col={}", region.start.column));
            properties.push(format!("endColumn={}", region.end.column));
        }
    }
    let title = format!("{}: {}", diagnostic.code, diagnostic.code.title());
    properties.push(format!("title={}", property(&title)));
    format!("::{word} {}::{}", properties.join(","), data(&whole_message(diagnostic)))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
