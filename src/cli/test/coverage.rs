//! What tests came through: counts beside the source, percentages, and the format of lcov.

use std::collections::BTreeMap;

use super::Report;
use crate::diagnostics::render::{Ink, Style};
use crate::diagnostics::visible;
use crate::interface::{Point, PointKind};
use crate::source::{SourceId, Sources};

/// What was come through in one schema file.
pub(super) struct File<'r> {
    /// Its path.
    path: &'r str,
    /// Its text.
    text: &'r str,
    /// By line.
    lines: BTreeMap<u32, Line>,
    /// Line, name and count of each action.
    actions: Vec<(u32, &'r str, u64)>,
}

/// What was come through on one line.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Line {
    /// Of the statements that begin on it, the most often run; none if none begins.
    hits: Option<u64>,
    /// How often each way of each branch on it was taken: block, way, count.
    branches: Vec<(u32, u32, u64)>,
}

impl File<'_> {
    /// Lines with statements: those that ran, and all.
    fn lines(&self) -> (usize, usize) {
        let hits: Vec<u64> = self.lines.values().filter_map(|line| line.hits).collect();
        (hits.iter().filter(|hits| **hits > 0).count(), hits.len())
    }

    /// Ways of branches: those that were taken, and all.
    fn branches(&self) -> (usize, usize) {
        let all: Vec<u64> =
            self.lines.values().flat_map(|line| &line.branches).map(|(_, _, taken)| *taken).collect();
        (all.iter().filter(|taken| **taken > 0).count(), all.len())
    }
}

/// Puts the hits of all tests where they belong.
pub(super) fn files<'r>(
    sources: &'r Sources,
    points: &'r [(SourceId, Point)],
    report: &Report<'_>,
) -> Vec<File<'r>> {
    let mut hits: BTreeMap<&str, u64> = BTreeMap::new();
    for (key, count) in report.results.iter().flat_map(|result| &result.outcome.hits) {
        *hits.entry(key).or_default() += count;
    }
    let mut files: BTreeMap<u32, File<'r>> = BTreeMap::new();
    for (id, point) in points {
        let Some(source) = sources.get(*id) else { continue };
        let file = files.entry(id.0).or_insert_with(|| File {
            path: &source.path,
            text: &source.text,
            lines: BTreeMap::new(),
            actions: Vec::new(),
        });
        let count = hits.get(point.key().as_str()).copied().unwrap_or(0);
        let line = file.lines.entry(point.at.line).or_default();
        match point.kind {
            PointKind::Action => {
                line.hits = line.hits.max(Some(count));
                file.actions.push((point.at.line, point.action.as_str(), count));
            }
            PointKind::Statement => line.hits = line.hits.max(Some(count)),
            PointKind::Branch(way) => line.branches.push((point.at.start, way, count)),
        }
    }
    files.into_values().collect()
}

/// The sources with counts, then the percentages.
pub(super) fn text(files: &[File<'_>], style: Style) -> String {
    let mut text = String::new();
    for file in files {
        text.push_str(&format!("\n{}\n", style.paint(Ink::Strong, &visible(file.path))));
        for (number, words) in (1u32..).zip(file.text.lines()) {
            text.push_str(&listed(file.lines.get(&number), words, style));
        }
    }
    text.push('\n');
    for file in files {
        text.push_str(&format!("{}: {}\n", visible(file.path), share(file)));
    }
    text
}

/// `   4  1/2 │ if $n > 3 {`
fn listed(line: Option<&Line>, words: &str, style: Style) -> String {
    let bar = if style.unicode { '│' } else { '|' };
    let hits = line.and_then(|line| line.hits).map_or_else(String::new, |hits| hits.to_string());
    let branches = line.map_or(&[][..], |line| &line.branches);
    let taken = branches.iter().filter(|(_, _, taken)| *taken > 0).count();
    let ways = if branches.is_empty() { String::new() } else { format!("{taken}/{}", branches.len()) };
    let text = format!("{hits:>7} {ways:>5} {bar} {}", visible(words).replace("<U+0009>", "    "));
    let missed = line.is_some_and(|line| line.hits == Some(0));
    match (missed, taken < branches.len()) {
        (true, _) => style.paint(Ink::Error, text.trim_end()) + "\n",
        (false, true) => style.paint(Ink::Warning, text.trim_end()) + "\n",
        (false, false) => format!("{}\n", text.trim_end()),
    }
}

/// `8 of 10 lines (80 %), 3 of 4 branches (75 %)`
fn share(file: &File<'_>) -> String {
    let words = |(some, all): (usize, usize), what: &str| {
        format!("{some} of {all} {what} ({} %)", (some * 100).checked_div(all).unwrap_or(100))
    };
    match file.branches() {
        (_, 0) => words(file.lines(), "lines"),
        branches => format!("{}, {}", words(file.lines(), "lines"), words(branches, "branches")),
    }
}

/// The numbers for programs: `[{"path","lines":{"hit","all"},"branches":{..}}]`
pub(super) fn json(files: &[File<'_>]) -> serde_json::Value {
    let pair = |(hit, all): (usize, usize)| serde_json::json!({"hit": hit, "all": all});
    let one = |file: &File<'_>| serde_json::json!({"path": file.path, "lines": pair(file.lines()), "branches": pair(file.branches())});
    files.iter().map(one).collect()
}

/// What `genhtml` and editors read.
pub(super) fn lcov(files: &[File<'_>]) -> String {
    files.iter().map(record).collect()
}

fn record(file: &File<'_>) -> String {
    let mut text = format!("TN:\nSF:{}\n", file.path);
    for (line, name, _) in &file.actions {
        text.push_str(&format!("FN:{line},{name}\n"));
    }
    for (_, name, count) in &file.actions {
        text.push_str(&format!("FNDA:{count},{name}\n"));
    }
    let called = file.actions.iter().filter(|(_, _, count)| *count > 0).count();
    text.push_str(&format!("FNF:{}\nFNH:{called}\n", file.actions.len()));
    for (number, line) in &file.lines {
        for (block, way, taken) in &line.branches {
            let ran = line.hits != Some(0);
            let taken = if ran { taken.to_string() } else { "-".to_owned() };
            text.push_str(&format!("BRDA:{number},{block},{way},{taken}\n"));
        }
    }
    let (taken, branches) = file.branches();
    text.push_str(&format!("BRF:{branches}\nBRH:{taken}\n"));
    for (number, line) in &file.lines {
        text.extend(line.hits.map(|hits| format!("DA:{number},{hits}\n")));
    }
    let (hit, lines) = file.lines();
    text + &format!("LF:{lines}\nLH:{hit}\nend_of_record\n")
}
