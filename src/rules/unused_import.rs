use std::collections::BTreeSet;

use super::facts::Facts;
use super::problems;
use crate::diagnostics::Sink;
use crate::hir::Schema;
use crate::language::Name;
use crate::syntax::walk;

/// Imports whose alias no action calls. Silent where an action could not be read.
pub(super) fn check(facts: &Facts<'_>, schema: &Schema, sink: &mut Sink) {
    if schema.imports.is_empty() && schema.externs.is_empty() {
        return;
    }
    let Some(called) = called_aliases(facts, schema) else { return };
    for import in schema.imports.iter().filter(|import| !called.contains(&import.alias)) {
        sink.report(problems::unused_import(import));
    }
    for bound in schema.externs.iter().filter(|bound| !called.contains(&bound.alias)) {
        sink.report(problems::unused_extern(bound));
    }
}

fn called_aliases<'a>(facts: &Facts<'a>, schema: &Schema) -> Option<BTreeSet<&'a Name>> {
    let mut called = BTreeSet::new();
    for action in schema.actions.iter().filter(|action| action.is_written()) {
        let ast = facts.ast(schema, action).filter(|ast| !ast.incomplete)?;
        walk::calls(ast, &mut |call| called.extend(call.alias.as_ref().map(|alias| &alias.name)));
    }
    Some(called)
}
