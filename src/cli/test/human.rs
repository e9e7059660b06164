//! Results for people.

use super::compare::{Changed, Compared};
use super::diff::{Line, diff};
use super::{Report, rows};
use crate::deploy::call::{Fault, Place};
use crate::deploy::testing::Unmet;
use crate::diagnostics::render::{self, Ink, Style};
use crate::diagnostics::{Label, visible};
use crate::interface::{BodyLine, Test};
use crate::source::{Sources, Span};

/// Lines of a difference that are shown.
const SHOWN: usize = 60;

/// All results by file, then what failed, then the counts.
pub(super) fn text(report: &Report<'_>, style: Style) -> String {
    let mut text = String::new();
    let mut file = "";
    for (test, result) in report.tests.iter().zip(&report.results) {
        if test.path != file {
            file = &test.path;
            text.push_str(&format!("{}\n", visible(file)));
        }
        text.push_str(&format!("  {} {}\n", mark(result.passed(), style), visible(&test.title)));
    }
    text.push('\n');
    for (test, result) in report.tests.iter().zip(&report.results).filter(|(_, result)| !result.passed()) {
        text.push_str(&failure(report, test, result, style));
    }
    for file in &report.written {
        text.push_str(&format!("wrote {}\n", visible(file)));
    }
    text + &tally(report, style)
}

fn mark(passed: bool, style: Style) -> String {
    match (passed, style.unicode) {
        (true, true) => style.paint(Ink::Good, "✓"),
        (true, false) => style.paint(Ink::Good, "ok"),
        (false, true) => style.paint(Ink::Error, "✗"),
        (false, false) => style.paint(Ink::Error, "FAILED"),
    }
}

/// `3 tests: 2 passed, 1 failed (0.4 s)`
fn tally(report: &Report<'_>, style: Style) -> String {
    let (count, failed) = (report.results.len(), report.failed());
    let plural = if count == 1 { "" } else { "s" };
    let passed = count - failed;
    let counts = match failed {
        0 => style.paint(Ink::Good, &format!("{passed} passed")),
        _ => format!("{passed} passed, {}", style.paint(Ink::Error, &format!("{failed} failed"))),
    };
    format!("{count} test{plural}: {counts} ({:.1} s)\n", report.took.as_secs_f64())
}

/// Everything that was not as expected in one test.
pub(super) fn failure(report: &Report<'_>, test: &Test, result: &Compared, style: Style) -> String {
    let title = format!("{}: {}", test.schema, test.title);
    let mut text = String::new();
    for unmet in &result.outcome.unmet {
        text.push_str(&one(report, test, &title, unmet, style));
        text.push('\n');
    }
    for changed in &result.changed {
        text.push_str(&snapshot(report, test, &title, changed, style));
        text.push('\n');
    }
    for notice in &result.outcome.notices {
        text.push_str(&style.paint(Ink::Quiet, &format!("notice: {}", visible(notice))));
        text.push('\n');
    }
    text
}

fn one(report: &Report<'_>, test: &Test, title: &str, unmet: &Unmet, style: Style) -> String {
    let frame = |at: BodyLine, message: &str, label: &str, notes: &[String]| {
        framed(report, test, at, &format!("{title}: {message}"), label, notes, style)
    };
    match unmet {
        Unmet::Condition { at, sides } => {
            let words: Vec<String> = sides.iter().map(|(cell, ty)| rows::cell(cell, ty)).collect();
            let label = match words.as_slice() {
                [left, right] => format!("left is {left}, right is {right}"),
                _ => "not true".to_owned(),
            };
            frame(*at, "expected a condition to hold", &label, &[])
        }
        Unmet::Rows { at, columns, found, wanted, unordered } => {
            let list = |rows: &[Vec<_>]| {
                let mut lines: Vec<String> = rows.iter().map(|row| rows::row(row, columns)).collect();
                if *unordered {
                    lines.sort();
                }
                lines
            };
            let (wanted, found) = (list(wanted), list(found));
            let label = format!("{} expected, {} found", rows_of(wanted.len()), found.len());
            let table = differences(&wanted, &found, Some(rows::head(columns)), style);
            frame(*at, "other rows were found", &label, &[]) + &table
        }
        Unmet::NotRaised { at, wanted } => {
            frame(*at, &format!("expected {wanted}"), "nothing was raised", &[])
        }
        Unmet::RaisedOther { at, wanted, fault } => {
            let label = format!("raised {}: {}", fault.code, fault.message);
            frame(*at, &format!("expected {wanted}"), &label, &calls(fault, test))
        }
        Unmet::Raised(fault) => raised(report, test, title, fault, style),
        Unmet::TimedOut { fault, limit } => {
            let message = format!("stopped after {} s", limit.as_secs_f64());
            frame(unmet.at(test), &message, "was running", &calls(fault, test))
        }
    }
}

fn rows_of(count: usize) -> String {
    format!("{count} row{}", if count == 1 { "" } else { "s" })
}

/// An error nobody expected: at its place, with the calls that led there from the test.
fn raised(report: &Report<'_>, test: &Test, title: &str, fault: &Fault, style: Style) -> String {
    let message = format!("{title}: {}", fault.message);
    let mut places = fault.trace.iter();
    let Some((first, at)) = places.next().and_then(|place| Some((place, place.at?))) else {
        let word = format!("failed[{}]", fault.code);
        return render::bare(Ink::Error, &word, &message, fault.help.as_deref(), style);
    };
    let mut sources = Sources::new();
    let own = source_of(report, &first.path).unwrap_or_else(|| first.source.clone());
    let id = sources.add(first.path.clone(), own);
    let span = Span::new(id, at.start as usize, at.end as usize);
    let label = if first.path == test.path {
        "raised here".to_owned()
    } else {
        format!("in {}.{}", first.dataset, first.action)
    };
    let notes: Vec<String> = places.map(|place| called_by(place, test)).collect();
    let told = render::Told { message: &message, notes: &notes, help: fault.help.as_deref() };
    render::told(
        &format!("failed[{}]", fault.code),
        &sources,
        Some(&Label { span, text: label }),
        told,
        style,
    )
}

fn called_by(place: &Place, test: &Test) -> String {
    let line = place.at.map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
    if place.path == test.path {
        return format!("called by the test at {}{line}", place.path);
    }
    format!("called by {}.{} at {}{line}", place.dataset, place.action, place.path)
}

/// `in notes.write at notes.kf:7:3`
fn calls(fault: &Fault, test: &Test) -> Vec<String> {
    let call = |place: &Place| {
        let line = place.at.map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
        format!("in {}.{} at {}{line}", place.dataset, place.action, place.path)
    };
    fault.calls(test).map(call).collect()
}

fn snapshot(report: &Report<'_>, test: &Test, title: &str, changed: &Changed, style: Style) -> String {
    let message = match changed.kept {
        Some(_) => format!("{title}: the snapshot is another"),
        None => format!("{title}: no snapshot is kept"),
    };
    let label = "`kf test --update` keeps what was found";
    let text = framed(report, test, changed.at, &message, label, &[], style);
    text + &differences(changed.kept.as_deref().unwrap_or_default(), &changed.found, None, style)
}

/// The statement of the test with what is wrong.
fn framed(
    report: &Report<'_>,
    test: &Test,
    at: BodyLine,
    message: &str,
    label: &str,
    notes: &[String],
    style: Style,
) -> String {
    let mut sources = Sources::new();
    let id = sources.add(test.path.clone(), source_of(report, &test.path).unwrap_or_default());
    let span = Span::new(id, at.start as usize, at.end as usize);
    let label = Label { span, text: visible(label).into_owned() };
    let told = render::Told { message, notes, help: None };
    render::told("failed", &sources, Some(&label), told, style)
}

fn source_of(report: &Report<'_>, path: &str) -> Option<String> {
    let found = report.input.sources.iter().find(|(_, source)| source.path == path);
    found.map(|(_, source)| source.text.clone())
}

fn differences(wanted: &[String], found: &[String], head: Option<String>, style: Style) -> String {
    let mut text = style.paint(Ink::Quiet, "  - expected, + found") + "\n";
    text.extend(head.map(|head| format!("    {head}\n")));
    let lines = diff(wanted, found);
    for line in lines.iter().take(SHOWN) {
        text.push_str(&match line {
            Line::Both(line) => format!("    {line}\n"),
            Line::Missing(line) => style.paint(Ink::Error, &format!("  - {line}")) + "\n",
            Line::Extra(line) => style.paint(Ink::Good, &format!("  + {line}")) + "\n",
        });
    }
    if lines.len() > SHOWN {
        text.push_str(&format!("    and {} more\n", lines.len() - SHOWN));
    }
    text
}
