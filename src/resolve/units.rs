use std::collections::BTreeMap;

use super::problems;
use crate::diagnostics::Sink;
use crate::hir::{ExternUse, Import};
use crate::interface::{Dbid, Imported, Options};
use crate::language::limits;
use crate::language::{Ident, Name};
use crate::syntax::ast::Ast;

/// A file with its schema's name and identity.
pub(super) struct Unit<'a> {
    pub ast: &'a Ast,
    pub name: &'a Ident,
    pub dbid: Dbid,
    /// What is known of a file that is only there for others to import.
    pub imported: Option<&'a Imported>,
    pub imports: Vec<Import>,
    pub externs: Vec<ExternUse>,
    pub broken_imports: Vec<Name>,
}

/// The files that have a name, with the identities they are deployed under: of those to be emitted the first of each
/// name, and of those that are only imported the first of each identity that is left.
pub(super) fn named<'a>(asts: &'a [Ast], options: &'a Options, sink: &mut Sink) -> Vec<Unit<'a>> {
    let mut taken: BTreeMap<Dbid, &Ident> = BTreeMap::new();
    let mut units = Vec::new();
    for (ast, name) in asts.iter().filter_map(|ast| Some((ast, ast.name.as_ref()?))) {
        if options.imported.contains_key(&ast.source) {
            continue;
        }
        let dbid = Dbid::of(&name.name, options.owner.as_ref());
        if let Some(earlier) = taken.get(&dbid) {
            sink.report(problems::duplicate("schema", name, earlier.span));
        } else if dbid.pg_schema().len() > limits::NAME_BYTES {
            sink.report(problems::schema_name_too_long(name));
        } else {
            taken.insert(dbid.clone(), name);
            units.push(unit(ast, name, dbid, None));
        }
    }
    for (ast, name) in asts.iter().filter_map(|ast| Some((ast, ast.name.as_ref()?))) {
        let Some(imported) = options.imported.get(&ast.source) else { continue };
        let dbid = Dbid::of(&name.name, imported.owner.as_ref());
        if taken.insert(dbid.clone(), name).is_none() {
            units.push(unit(ast, name, dbid, Some(imported)));
        }
    }
    units
}

fn unit<'a>(ast: &'a Ast, name: &'a Ident, dbid: Dbid, imported: Option<&'a Imported>) -> Unit<'a> {
    let (imports, externs, broken_imports) = (Vec::new(), Vec::new(), Vec::new());
    Unit { ast, name, dbid, imported, imports, externs, broken_imports }
}
