//! reviewdog's JSON Lines. Columns count the bytes of the line as it is in the file; ends are exclusive.

use serde::Serialize;

use super::report::{Region, Report, fixes_of_one_text, whole_message};
use super::{Diagnostic, Label, Severity, visible};
use crate::source::{Place, Sources, Span, Unit};

#[derive(Serialize)]
struct Line {
    message: String,
    location: Location,
    severity: &'static str,
    source: Tool,
    code: Code,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related>,
}

#[derive(Serialize)]
struct Location {
    path: String,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
}

#[derive(Serialize)]
struct Code {
    value: &'static str,
}

#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

#[derive(Serialize)]
struct Related {
    message: String,
    location: Location,
}

/// A line for each diagnostic.
pub fn lines(found: &Report<'_>) -> String {
    let lines = found.diagnostics.iter().filter_map(|diagnostic| line(diagnostic, found.sources));
    lines.map(|line| serde_json::to_string(&line).unwrap_or_default() + "\n").collect()
}

fn line(diagnostic: &Diagnostic, sources: &Sources) -> Option<Line> {
    Some(Line {
        message: whole_message(diagnostic),
        location: location(diagnostic.at.span, sources)?,
        severity: match diagnostic.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info => "INFO",
        },
        source: Tool { name: "kf" },
        code: Code { value: diagnostic.code.id() },
        suggestions: suggestions(diagnostic, sources),
        related_locations: diagnostic.also.iter().filter_map(|also| related(also, sources)).collect(),
    })
}

/// Only fixes of one edit: reviewdog takes several suggestions for alternatives.
fn suggestions(diagnostic: &Diagnostic, sources: &Sources) -> Vec<Suggestion> {
    let alone = fixes_of_one_text(diagnostic)
        .filter(|(_, edit, edits)| edits.len() == 1 && edit.span.source == diagnostic.at.span.source);
    let suggestion = |(_, edit, _): (_, &super::Edit, _)| {
        Some(Suggestion { range: location(edit.span, sources)?.range, text: edit.text.clone() })
    };
    alone.filter_map(suggestion).collect()
}

fn related(label: &Label, sources: &Sources) -> Option<Related> {
    let message = visible(&label.text).into_owned();
    Some(Related { message, location: location(label.span, sources)? })
}

fn location(span: Span, sources: &Sources) -> Option<Location> {
    let region = Region::of(sources, span, Unit::RawBytes)?;
    let position = |place: Place| Position { line: place.line, column: place.column };
    let range = Range { start: position(region.start), end: position(region.end) };
    Some(Location { path: region.path.to_owned(), range })
}
