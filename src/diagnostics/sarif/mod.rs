//! SARIF 2.1.0: code scanning, and editors that read it. Columns count characters; ends are exclusive.

mod place;
mod rule;

use serde::Serialize;

use super::fingerprint::Fingerprints;
use super::report::{Report, fixes_of_one_text, whole_message};
use super::{Code, Diagnostic, Severity, visible};
use place::{Fix, Location};
use rule::{Rule, Text, rules};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Outcome>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

/// SARIF's `result`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: Prints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Prints {
    primary_location_line_hash: String,
}

/// One log with one run; its rules are the codes that were told.
pub fn log(found: &Report<'_>) -> String {
    let mut codes: Vec<Code> = found.diagnostics.iter().map(|it| it.code).collect();
    codes.sort();
    codes.dedup();
    let mut names = Fingerprints::default();
    let results = found.diagnostics.iter().map(|it| outcome(it, found, &codes, &mut names)).collect();
    let driver = Driver { name: "kf", semantic_version: env!("CARGO_PKG_VERSION"), rules: rules(&codes) };
    let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
}

/// SARIF's word for a severity.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn outcome(it: &Diagnostic, found: &Report<'_>, codes: &[Code], names: &mut Fingerprints) -> Outcome {
    let (name, count) = names.next(it, found.sources);
    let related = it.also.iter().enumerate();
    let related = related.filter_map(|(id, also)| {
        Some(Location::of(also.span, found.sources)?.saying(id, visible(&also.text).into_owned()))
    });
    Outcome {
        rule_id: it.code.id(),
        rule_index: codes.binary_search(&it.code).unwrap_or_default(),
        level: level(it.severity),
        message: Text { text: whole_message(it) },
        locations: Location::of(it.at.span, found.sources).into_iter().collect(),
        related_locations: related.collect(),
        partial_fingerprints: Prints { primary_location_line_hash: format!("{name}:{count}") },
        fixes: fixes_of_one_text(it)
            .filter_map(|(title, _, edits)| Fix::of(visible(title).into_owned(), edits, found.sources))
            .collect(),
    }
}
