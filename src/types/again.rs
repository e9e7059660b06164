//! The same program once more, after some of its texts changed: a schema is checked again if its own text, its tests, what
//! it is bound to or an interface it imports is another one.

use std::collections::{BTreeMap, BTreeSet};

use super::externs::{self, Externs};
use crate::diagnostics::{Diagnostic, Sink};
use crate::hir::{Import, Program, Schema};
use crate::interface::{Dbid, Interface};
use crate::language::Name;
use crate::resolve::{Catalog, SchemaItems};
use crate::source::SourceId;

/// What is remembered of a check beside the program it made.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    schemas: BTreeMap<Dbid, Kept>,
    externs: Externs,
    /// The schemas that the last check looked into, in the order of the program.
    pub checked: Vec<Dbid>,
}

/// What is remembered of a schema, beside what the program has of it.
#[derive(Clone, Debug)]
struct Kept {
    broken_imports: Vec<Name>,
    broken_tables: Vec<Name>,
    tests: Vec<SourceId>,
    said: Vec<Diagnostic>,
}

/// Checks as [`check`](super::check) does, and takes from `before` the schemas for which nothing changed.
///
/// `before` and `memory` are of one earlier check; `is_same` says of a source whether its tree is the one it had then. What
/// comes back, and what is reported, is what a first check of `catalog` would give.
pub fn check_again(
    catalog: Catalog<'_>,
    before: Program,
    memory: &mut Memory,
    is_same: &dyn Fn(SourceId) -> bool,
    sink: &mut Sink,
) -> Program {
    let declared = externs::declare(&catalog.externs, sink);
    let known = std::mem::take(&mut memory.schemas);
    let mut again =
        Again { known, changed: BTreeSet::new(), is_same, earlier: &memory.externs, declared: &declared };
    let mut before: BTreeMap<Dbid, Schema> =
        before.schemas.into_iter().map(|schema| (schema.dbid.clone(), schema)).collect();
    let mut interfaces: BTreeMap<Dbid, Interface> = BTreeMap::new();
    let (mut program, mut schemas, mut checked) = (Program::default(), BTreeMap::new(), Vec::new());
    for items in catalog.schemas {
        let known = (before.remove(&items.dbid), again.known.remove(&items.dbid));
        let (schema, kept) = match known {
            (Some(schema), Some(kept)) if again.is_unchanged(&items, &schema, &kept) => (schema, kept),
            (earlier, _) => {
                checked.push(items.dbid.clone());
                again.check(&items, earlier.as_ref(), &interfaces)
            }
        };
        sink.absorb(&kept.said);
        interfaces.insert(schema.dbid.clone(), schema.interface.clone());
        schemas.insert(schema.dbid.clone(), kept);
        program.schemas.push(schema);
    }
    *memory = Memory { schemas, externs: declared, checked };
    program
}

/// One check after another.
struct Again<'a> {
    known: BTreeMap<Dbid, Kept>,
    /// The schemas looked at so far whose interface is another one than before.
    changed: BTreeSet<Dbid>,
    is_same: &'a dyn Fn(SourceId) -> bool,
    /// The externs before.
    earlier: &'a Externs,
    /// The externs now.
    declared: &'a Externs,
}

impl Again<'_> {
    /// True if the schema would be found to be what it was found to be before.
    fn is_unchanged(&self, items: &SchemaItems<'_>, schema: &Schema, kept: &Kept) -> bool {
        let same_import = |(one, other): (&Import, &Import)| {
            (&one.alias, &one.dbid, one.span) == (&other.alias, &other.dbid, other.span)
        };
        let same_extern = |name| self.earlier.get(name) == self.declared.get(name);
        let tests = sources_of_tests(items);
        items.source == schema.source
            && (self.is_same)(items.source)
            && items.imported == schema.imported
            && items.name == schema.name
            && items.imports.len() == schema.imports.len()
            && items.imports.iter().zip(&schema.imports).all(same_import)
            && items.imports.iter().all(|import| !self.changed.contains(&import.dbid))
            && items.externs == schema.externs
            && items.externs.iter().all(|bound| same_extern(&bound.name))
            && items.tables == schema.tables
            && items.broken_imports == kept.broken_imports
            && items.broken_tables == kept.broken_tables
            && tests == kept.tests
            && tests.iter().all(|source| (self.is_same)(*source))
    }

    fn check(
        &mut self,
        items: &SchemaItems<'_>,
        earlier: Option<&Schema>,
        interfaces: &BTreeMap<Dbid, Interface>,
    ) -> (Schema, Kept) {
        let mut said = Sink::new();
        let schema = super::check_schema(items, interfaces, self.declared, &mut said);
        if earlier.is_none_or(|earlier| earlier.interface != schema.interface) {
            self.changed.insert(schema.dbid.clone());
        }
        let kept = Kept {
            broken_imports: items.broken_imports.clone(),
            broken_tables: items.broken_tables.clone(),
            tests: sources_of_tests(items),
            said: said.into_reported(),
        };
        (schema, kept)
    }
}

fn sources_of_tests(items: &SchemaItems<'_>) -> Vec<SourceId> {
    items.tests.iter().map(|file| file.schema.span.source).collect()
}
