//! What tests found against what was kept, beside what they expect.

use std::collections::BTreeMap;
use std::path::Path;

use super::rows;
use super::snapshots::{self, Kept};
use crate::cli::Failure;
use crate::cli::project::Input;
use crate::deploy::testing::{Outcome, Taken, Unmet};
use crate::interface::{BodyLine, Test};

/// What became of a test, snapshots included.
pub(super) struct Compared {
    /// What the run said.
    pub outcome: Outcome,
    /// Snapshots that differ.
    pub changed: Vec<Changed>,
}

/// A snapshot that is not as it was kept.
pub(super) struct Changed {
    /// Where it is expected.
    pub at: BodyLine,
    /// What was kept; none if nothing was.
    pub kept: Option<Vec<String>>,
    /// What was found.
    pub found: Vec<String>,
}

impl Compared {
    /// True if all was as expected.
    pub fn passed(&self) -> bool {
        self.outcome.unmet.is_empty() && self.changed.is_empty()
    }
}

/// Compares what was taken with what is kept, or keeps it if `update`. Gives the files that were written too.
pub(super) fn compare(
    input: &Input,
    tests: &[Test],
    outcomes: Vec<Outcome>,
    update: bool,
) -> Result<(Vec<Compared>, Vec<String>), Failure> {
    let mut files: BTreeMap<&str, Kept> = BTreeMap::new();
    let mut results = Vec::new();
    for outcome in outcomes {
        let Some(test) = tests.get(outcome.index) else { continue };
        let kept = match files.entry(&test.path) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(Kept::read(&snapshots::file(&test.path))?)
            }
        };
        let changed = one(kept, test, &outcome, update);
        results.push(Compared { outcome, changed });
    }
    let mut written = Vec::new();
    for (path, mut kept) in files {
        if !update {
            continue;
        }
        let file = snapshots::file(path);
        let before = Kept::read(&file)?;
        if is_whole(input, path, tests) {
            let titles: Vec<&str> = of(tests, path).map(|test| test.title.as_str()).collect();
            kept.retain(&titles);
        }
        if kept != before {
            kept.write(&file)?;
            written.push(shown(&file));
        }
    }
    Ok((results, written))
}

fn one(kept: &mut Kept, test: &Test, outcome: &Outcome, update: bool) -> Vec<Changed> {
    let mut changed = Vec::new();
    // What an error cut short says nothing of the snapshots behind it.
    let complete = !outcome.unmet.iter().any(|it| matches!(it, Unmet::Raised(_) | Unmet::TimedOut { .. }));
    if update && complete {
        kept.forget(&test.title);
    }
    for (number, taken) in (1..).zip(&outcome.snapshots) {
        let key = snapshots::key(&test.title, number);
        let found = lines(taken);
        if update {
            kept.put(key, found);
        } else if kept.get(&key) != Some(&found) {
            changed.push(Changed { at: taken.at, kept: kept.get(&key).cloned(), found });
        }
    }
    changed
}

fn lines(taken: &Taken) -> Vec<String> {
    let rows = taken.rows.iter().map(|row| rows::row(row, &taken.columns));
    std::iter::once(rows::head(&taken.columns)).chain(rows).collect()
}

fn of<'t>(tests: &'t [Test], path: &str) -> impl Iterator<Item = &'t Test> {
    tests.iter().filter(move |test| test.path == path)
}

/// True if every test of the file was run.
fn is_whole(input: &Input, path: &str, tests: &[Test]) -> bool {
    let text = input.sources.iter().find(|(_, source)| source.path == path).map(|(id, _)| id);
    let mut sink = crate::diagnostics::Sink::new();
    let ast = text.map(|id| crate::syntax::parse(&input.sources, id, &mut sink));
    let written = ast.and_then(|ast| ast.tests).map_or(0, |file| file.tests.len());
    of(tests, path).count() == written
}

fn shown(file: &Path) -> String {
    file.to_string_lossy().into_owned()
}
