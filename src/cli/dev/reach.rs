//! Which tests a change reaches: those of the schemas that changed and of all that import them, and those whose own file
//! changed.

use std::collections::BTreeSet;

use crate::hir::Program;
use crate::interface::{Dbid, Package, Test};
use crate::source::SourceId;

/// Tests that have to run: what changed since they last ran.
#[derive(Debug)]
pub(super) struct Pending {
    /// Whose tests have to run.
    schemas: BTreeSet<Dbid>,
    /// True before anything ran, and when the rules are others: all of them.
    pub all: bool,
}

impl Pending {
    /// Nothing ran yet.
    pub fn all() -> Pending {
        Pending { schemas: BTreeSet::new(), all: true }
    }

    /// Takes in that `changed` are other texts now.
    pub fn take_in(&mut self, program: &Program, changed: &BTreeSet<SourceId>) {
        let mut reached: BTreeSet<Dbid> = BTreeSet::new();
        // importees come before importers
        for schema in &program.schemas {
            let imports_reached = schema.imports.iter().any(|import| reached.contains(&import.dbid));
            if changed.contains(&schema.source) || imports_reached {
                reached.insert(schema.dbid.clone());
            }
            let mut tests = schema.tests.iter().map(|test| test.title_span.source);
            if tests.any(|source| changed.contains(&source)) {
                self.schemas.insert(schema.dbid.clone());
            }
        }
        self.schemas.extend(reached);
    }

    /// The tests among `tests` that have to run.
    pub fn of(&self, tests: Vec<Test>) -> Vec<Test> {
        tests.into_iter().filter(|test| self.all || self.schemas.contains(&test.dbid)).collect()
    }

    /// They ran; those of `failed` have to run again.
    pub fn ran(&mut self, failed: BTreeSet<Dbid>) {
        *self = Pending { schemas: failed, all: false };
    }
}

/// The packages that `tests` need: those under test and what they import, in the order of `packages`.
pub(super) fn needed(packages: &[Package], tests: &[Test]) -> Vec<Package> {
    let mut wanted: BTreeSet<&Dbid> = tests.iter().map(|test| &test.dbid).collect();
    // importers come after importees
    for package in packages.iter().rev() {
        if wanted.contains(&package.interface.dbid) {
            wanted.extend(package.manifest.imports.keys());
        }
    }
    packages.iter().filter(|package| wanted.contains(&package.interface.dbid)).cloned().collect()
}
