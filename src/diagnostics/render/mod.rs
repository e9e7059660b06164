//! Diagnostics for people. The snippets are drawn by miette, which no other room of the house names.

mod excerpt;
mod frame;
mod paint;

pub use paint::{Ink, Style, wrap};

use std::collections::BTreeMap;

use super::{Diagnostic, Fix, Label, Severity, visible};
use crate::source::{Source, SourceId, Sources, Unit};

/// How many diagnostics a person is shown; the rest is counted.
pub const SHOWN: usize = 50;
/// Lines between two labels of one frame; what is farther from the primary one follows in a frame of its own.
const NEAR: u32 = 4;

/// All `diagnostics`, each followed by an empty line; past [`SHOWN`] the least severe are counted instead.
pub fn human(diagnostics: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let mut text = String::new();
    for diagnostic in worst(diagnostics) {
        text.push_str(&one(diagnostic, sources, style));
        text.push('\n');
    }
    let hidden = diagnostics.len().saturating_sub(SHOWN);
    if hidden > 0 {
        text.push_str(&style.paint(Ink::Quiet, &format!("and {hidden} more")));
        text.push('\n');
    }
    text
}

/// The [`SHOWN`] most severe, in the order they came in.
fn worst(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut order: Vec<(usize, &Diagnostic)> = diagnostics.iter().enumerate().collect();
    order.sort_by_key(|(place, diagnostic)| (diagnostic.severity, *place));
    order.truncate(SHOWN);
    order.sort_by_key(|(place, _)| *place);
    order.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

/// One diagnostic: what is wrong, where, and what to do about it. Ends with a line end.
pub fn one(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let ink = Ink::of(diagnostic.severity);
    let mut text = header(diagnostic, style);
    for (source, labels) in frames(diagnostic, sources) {
        text.push_str(&frame::draw(source, &labels, ink, style));
    }
    for note in &diagnostic.notes {
        text.push_str(&style.remark("note", &visible(note)));
    }
    if let Some(help) = &diagnostic.help {
        text.push_str(&style.remark("help", &visible(help)));
    }
    for fix in diagnostic.fixes.iter().filter(|fix| !said_by_help(diagnostic, fix)) {
        text.push_str(&style.remark("fix", &visible(&fix.title)));
    }
    text
}

/// What a fault outside the language says.
#[derive(Clone, Copy, Debug)]
pub struct Told<'t> {
    /// What is wrong.
    pub message: &'t str,
    /// Facts.
    pub notes: &'t [String],
    /// What to do about it.
    pub help: Option<&'t str>,
}

/// A fault outside the language, such as one in `kf.toml` or of a call: shown like a diagnostic behind `word`, which is
/// `error` or `error[KF0711]`.
pub fn told(word: &str, sources: &Sources, at: Option<&Label>, told: Told<'_>, style: Style) -> String {
    let mut text = style.headline(Ink::Error, word, &visible(told.message));
    if let Some((at, source)) = at.and_then(|at| Some((at, sources.get(at.span.source)?))) {
        text.push_str(&frame::draw(source, &[(at, true)], Ink::Error, style));
    }
    for note in told.notes {
        text.push_str(&style.remark("note", &visible(note)));
    }
    text + &told.help.map(|help| style.remark("help", &visible(help))).unwrap_or_default()
}

/// `error: message` with help below it, for what has no place in a source.
pub fn bare(ink: Ink, word: &str, message: &str, help: Option<&str>, style: Style) -> String {
    let text = style.headline(ink, word, &visible(message));
    text + &help.map(|help| style.remark("help", &visible(help))).unwrap_or_default()
}

/// `error[KF0202]: unknown column` and the message below it, or the message alone where it says the title anyway.
fn header(diagnostic: &Diagnostic, style: Style) -> String {
    let ink = Ink::of(diagnostic.severity);
    let kind = format!("{}[{}]", diagnostic.severity.word(), diagnostic.code);
    let message = visible(&diagnostic.message);
    let title = diagnostic.code.title();
    if message.starts_with(title) {
        return style.headline(ink, &kind, &message);
    }
    style.headline(ink, &kind, title) + &style.bullet(ink, diagnostic.severity, &message)
}

/// What is drawn together: first the primary label with those near it, then the rest of its source, then each other
/// source.
fn frames<'d>(diagnostic: &'d Diagnostic, sources: &'d Sources) -> Vec<(&'d Source, Vec<(&'d Label, bool)>)> {
    let Some(first) = sources.get(diagnostic.at.span.source) else { return Vec::new() };
    let (mut near, mut far) = (vec![(&diagnostic.at, true)], Vec::new());
    let mut others: BTreeMap<SourceId, Vec<(&Label, bool)>> = BTreeMap::new();
    for label in &diagnostic.also {
        if label.span.source != diagnostic.at.span.source {
            others.entry(label.span.source).or_default().push((label, false));
        } else if line(first, label).abs_diff(line(first, &diagnostic.at)) <= NEAR {
            near.push((label, false));
        } else {
            far.push((label, false));
        }
    }
    let rest = (!far.is_empty()).then_some((first, far));
    let others = others.into_iter().filter_map(|(id, labels)| Some((sources.get(id)?, labels)));
    std::iter::once((first, near)).chain(rest).chain(others).collect()
}

fn line(source: &Source, label: &Label) -> u32 {
    source.lines.place(&source.text, label.span.start as usize, Unit::Bytes).line
}

/// True if the help already names what the fix writes ("did you mean `name`?").
fn said_by_help(diagnostic: &Diagnostic, fix: &Fix) -> bool {
    let Some(help) = &diagnostic.help else { return false };
    fix.edits.iter().all(|edit| help.contains(&format!("`{}`", edit.text)))
}

/// The counts of a finished run: `2 errors, 1 warning in 3 files`.
pub fn tally(diagnostics: &[Diagnostic], files: usize, style: Style) -> String {
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let mut parts = Vec::new();
    for (severity, word) in
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "remark")]
    {
        let count = diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
        if count > 0 {
            parts.push(style.paint(Ink::of(severity), &plural(count, word)));
        }
    }
    let found = if parts.is_empty() { style.paint(Ink::Good, "no faults") } else { parts.join(", ") };
    format!("{found} in {}\n", plural(files, "file"))
}
