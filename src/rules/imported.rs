use std::collections::BTreeSet;

use super::problems;
use crate::diagnostics::{Diagnostic, Severity, Sink};
use crate::hir::{Import, Program, Schema};
use crate::interface::{Dbid, Options};

/// Takes back what was said about sources that are only imported. What matters of it is said once for each, where it is
/// imported: that it does not compile, or that its interface is not the one that was relied on. Those that import
/// such a one are not looked at.
pub(super) fn settle(program: &Program, options: &Options, sink: &mut Sink) {
    if options.imported.is_empty() {
        return;
    }
    let about = sink.take(|diagnostic| options.imported.contains_key(&diagnostic.at.span.source));
    let mut reported: BTreeSet<&Dbid> = BTreeSet::new();
    for schema in program.schemas.iter().filter(|schema| schema.imported) {
        let rests_on_reported = schema.imports.iter().any(|import| reported.contains(&import.dbid));
        let found = if rests_on_reported { None } else { complaint(program, schema, options, &about) };
        if rests_on_reported || found.is_some() {
            reported.insert(&schema.dbid);
        }
        found.into_iter().for_each(|found| sink.report(found));
    }
}

fn complaint(
    program: &Program,
    schema: &Schema,
    options: &Options,
    about: &[Diagnostic],
) -> Option<Diagnostic> {
    let import = import_of(program, &schema.dbid)?;
    let is_error = |it: &&Diagnostic| it.severity == Severity::Error && it.at.span.source == schema.source;
    if let Some(error) = about.iter().filter(is_error).min_by_key(|error| error.at.span) {
        return Some(problems::import_broken(import, schema, error));
    }
    let pinned = options.imported.get(&schema.source)?.pinned.as_ref()?;
    let differs = schema.interface.hash() != pinned.interface;
    differs.then(|| problems::import_changed(import, schema, pinned))
}

/// Where a schema to be emitted imports `dbid`, or imports what imports it.
fn import_of<'p>(program: &'p Program, dbid: &Dbid) -> Option<&'p Import> {
    let imports = || program.emitted().flat_map(|schema| &schema.imports);
    imports().find(|import| import.dbid == *dbid).or_else(|| imports().find(|it| reaches(program, it, dbid)))
}

fn reaches(program: &Program, import: &Import, dbid: &Dbid) -> bool {
    let mut seen: BTreeSet<&Dbid> = BTreeSet::new();
    let mut open = vec![&import.dbid];
    while let Some(at) = open.pop() {
        if at == dbid {
            return true;
        }
        if seen.insert(at) {
            open.extend(program.schema(at).into_iter().flat_map(|it| &it.imports).map(|it| &it.dbid));
        }
    }
    false
}
