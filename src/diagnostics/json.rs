//! Diagnostics as JSON Lines. Fields may be added; a change of meaning raises `v`. Ends are exclusive, lines and
//! columns 1-based, `byte` is the 0-based offset in the file with its byte order mark.

use serde::Serialize;

use super::{Diagnostic, Edit, Fix, Label, Severity, visible};
use crate::source::{Source, Sources, Span, Unit};

const VERSION: u32 = 1;

/// The JSON Schema of a line.
pub const SCHEMA: &str = include_str!("json.schema.json");

#[derive(Serialize)]
struct Range<T> {
    start: T,
    end: T,
}

#[derive(Serialize)]
struct SpanLine {
    file: String,
    primary: bool,
    label: String,
    byte: Range<u32>,
    line: Range<u32>,
    col: Range<u32>,
    col_byte: Range<u32>,
    col_utf16: Range<u32>,
}

#[derive(Serialize)]
struct EditLine {
    file: String,
    byte: Range<u32>,
    text: String,
}

#[derive(Serialize)]
struct FixLine {
    title: String,
    safe: bool,
    edits: Vec<EditLine>,
}

#[derive(Serialize)]
struct DiagnosticLine<'d> {
    v: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    level: &'static str,
    code: &'static str,
    title: &'static str,
    message: String,
    url: String,
    file: String,
    spans: Vec<SpanLine>,
    notes: Vec<String>,
    help: Vec<String>,
    fixes: Vec<FixLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rendered: Option<&'d str>,
}

#[derive(Serialize)]
struct SummaryLine {
    v: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    errors: usize,
    warnings: usize,
    infos: usize,
    files: usize,
    ok: bool,
}

/// One diagnostic as one line of JSON, without a line end. `rendered` is the same thing as a person would read it.
pub fn line(diagnostic: &Diagnostic, sources: &Sources, rendered: Option<&str>) -> String {
    encode(&diagnostic_line(diagnostic, sources, rendered))
}

fn diagnostic_line<'d>(
    diagnostic: &Diagnostic,
    sources: &Sources,
    rendered: Option<&'d str>,
) -> DiagnosticLine<'d> {
    let labels =
        std::iter::once((&diagnostic.at, true)).chain(diagnostic.also.iter().map(|also| (also, false)));
    DiagnosticLine {
        v: VERSION,
        kind: "diagnostic",
        level: diagnostic.severity.word(),
        code: diagnostic.code.id(),
        title: diagnostic.code.title(),
        message: visible(&diagnostic.message).into_owned(),
        url: format!("docs/errors/{}.md", diagnostic.code),
        file: sources.get(diagnostic.at.span.source).map(|source| source.path.clone()).unwrap_or_default(),
        spans: labels.filter_map(|(label, primary)| span_line(label, primary, sources)).collect(),
        notes: diagnostic.notes.iter().map(|note| visible(note).into_owned()).collect(),
        help: diagnostic.help.iter().map(|help| visible(help).into_owned()).collect(),
        fixes: diagnostic.fixes.iter().map(|fix| fix_line(fix, sources)).collect(),
        rendered,
    }
}

/// The last line: how many of what in how many files, and whether the exit code says so.
pub fn summary(diagnostics: &[Diagnostic], files: usize) -> String {
    encode(&tally(diagnostics, files))
}

fn tally(diagnostics: &[Diagnostic], files: usize) -> SummaryLine {
    let count = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    SummaryLine {
        v: VERSION,
        kind: "summary",
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        infos: count(Severity::Info),
        files,
        ok: count(Severity::Error) == 0,
    }
}

/// What a round of `kf check --watch` found.
#[derive(Clone, Copy, Debug)]
pub struct Round<'r> {
    /// Counted from 1.
    pub number: usize,
    /// The files that changed since the round before.
    pub changed: &'r [String],
    /// How long it took, from reading the files on.
    pub milliseconds: f64,
    /// What kept the files from being checked, as a person reads it.
    pub failure: Option<&'r str>,
    /// What was found in them.
    pub diagnostics: &'r [Diagnostic],
    /// Their texts.
    pub sources: &'r Sources,
    /// How many there are.
    pub files: usize,
}

#[derive(Serialize)]
struct RoundLine<'r> {
    v: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    round: usize,
    changed: &'r [String],
    milliseconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'r str>,
    diagnostics: Vec<DiagnosticLine<'r>>,
    summary: SummaryLine,
}

/// A round as one line of JSON, without a line end; its diagnostics and its summary are the objects of other lines.
pub fn round(round: &Round<'_>) -> String {
    let mut summary = tally(round.diagnostics, round.files);
    summary.ok &= round.failure.is_none();
    encode(&RoundLine {
        v: VERSION,
        kind: "round",
        round: round.number,
        changed: round.changed,
        milliseconds: round.milliseconds,
        failure: round.failure,
        diagnostics: round.diagnostics.iter().map(|one| diagnostic_line(one, round.sources, None)).collect(),
        summary,
    })
}

fn span_line(label: &Label, primary: bool, sources: &Sources) -> Option<SpanLine> {
    let source = sources.get(label.span.source)?;
    let range = |unit| columns(source, label.span, unit);
    let place = |offset: u32| source.lines.place(&source.text, offset as usize, Unit::Bytes);
    Some(SpanLine {
        file: source.path.clone(),
        primary,
        label: visible(&label.text).into_owned(),
        byte: Range { start: label.span.start, end: label.span.end },
        line: Range { start: place(label.span.start).line, end: place(label.span.end).line },
        col: range(Unit::Chars),
        col_byte: range(Unit::Bytes),
        col_utf16: range(Unit::Utf16),
    })
}

fn columns(source: &Source, span: Span, unit: Unit) -> Range<u32> {
    let column = |offset: u32| source.lines.place(&source.text, offset as usize, unit).column;
    Range { start: column(span.start), end: column(span.end) }
}

fn fix_line(fix: &Fix, sources: &Sources) -> FixLine {
    let edit = |edit: &Edit| {
        let source = sources.get(edit.span.source)?;
        let byte = Range { start: edit.span.start, end: edit.span.end };
        Some(EditLine { file: source.path.clone(), byte, text: edit.text.clone() })
    };
    let title = visible(&fix.title).into_owned();
    FixLine { title, safe: fix.safe, edits: fix.edits.iter().filter_map(edit).collect() }
}

fn encode(line: &impl Serialize) -> String {
    // Only strings and numbers: nothing here can fail to serialise.
    serde_json::to_string(line).unwrap_or_default()
}
