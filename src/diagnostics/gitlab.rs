//! GitLab's code quality report: one JSON array.

use serde::Serialize;

use super::fingerprint::Fingerprints;
use super::report::{Region, Report};
use super::{Diagnostic, Severity, visible};
use crate::source::Unit;

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// The report: an empty array where nothing was found.
pub fn report(found: &Report<'_>) -> String {
    let mut names = Fingerprints::default();
    let issues: Vec<Issue> =
        found.diagnostics.iter().filter_map(|diagnostic| issue(diagnostic, found, &mut names)).collect();
    serde_json::to_string_pretty(&issues).unwrap_or_default() + "\n"
}

fn issue(diagnostic: &Diagnostic, found: &Report<'_>, names: &mut Fingerprints) -> Option<Issue> {
    let region = Region::of(found.sources, diagnostic.at.span, Unit::Chars)?;
    let (name, count) = names.next(diagnostic, found.sources);
    Some(Issue {
        description: visible(&diagnostic.message).into_owned(),
        check_name: diagnostic.code.id(),
        fingerprint: format!("{name}{count}"),
        severity: match diagnostic.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Info => "info",
        },
        location: Location {
            path: region.path.to_owned(),
            lines: Lines { begin: region.start.line, end: region.end.line },
        },
    })
}
