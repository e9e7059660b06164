use std::collections::BTreeMap;

use super::{SchemaItems, problems};
use crate::diagnostics::Sink;
use crate::syntax::ast::{Ast, TestFile};

/// Gives every file of tests to the schema it is about.
pub(super) fn attach<'a>(asts: &'a [Ast], schemas: &mut [SchemaItems<'a>], sink: &mut Sink) {
    for file in asts.iter().filter_map(|ast| ast.tests.as_ref()) {
        let known: Vec<String> = schemas.iter().map(|schema| schema.name.to_string()).collect();
        let own = schemas.iter_mut().filter(|schema| !schema.imported);
        match own.into_iter().find(|schema| schema.name == file.schema.name) {
            Some(schema) => schema.tests.push(file),
            // A schema that could not be read was reported, and has no name then.
            None if asts.iter().any(is_nameless) => {}
            None => sink.report(problems::unknown_tested(&file.schema, &known)),
        }
    }
    schemas.iter().for_each(|schema| check_titles(&schema.tests, sink));
}

fn is_nameless(ast: &Ast) -> bool {
    ast.name.is_none() && ast.interface.is_none() && ast.tests.is_none()
}

/// Reports tests of one schema that share a title.
fn check_titles(files: &[&TestFile], sink: &mut Sink) {
    let mut taken = BTreeMap::new();
    for test in files.iter().flat_map(|file| &file.tests) {
        if let Some(earlier) = taken.get(&test.title) {
            sink.report(problems::duplicate_test(&test.title, test.title_span, *earlier));
        } else {
            taken.insert(&test.title, test.title_span);
        }
    }
}
