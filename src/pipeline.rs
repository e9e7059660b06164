//! The stages in a row. The command line, a node and an editor all come in here.

mod lost;
mod read;
mod workspace;

use std::collections::BTreeMap;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::hir::Program;
use crate::interface::{Interface, Options, Package, Point, StatementKind, Test};
use crate::language::{Name, limits};
use crate::lower;
use crate::source::{Deep, SourceId, Sources, roomy};
use crate::syntax::ast::Ast;

pub use workspace::Workspace;

/// What checking finds: the program as far as it makes sense, and what to say about it.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    asts: Deep<Vec<Ast>>,
    program: Deep<Program>,
    diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// Everything there is to say, in source order.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// True if nothing may be emitted.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The syntax trees, in the order of the sources.
    pub fn asts(&self) -> &[Ast] {
        self.asts.get().map_or(&[], Vec::as_slice)
    }

    /// The checked program; sound only if there are no errors.
    pub fn program(&self) -> Option<&Program> {
        self.program.get()
    }
}

/// What compiling gives: packages in deployment order if there are no errors, else none.
#[derive(Clone, Debug, Default)]
pub struct Compilation {
    /// Everything there is to say, in source order.
    pub diagnostics: Vec<Diagnostic>,
    /// One for each schema that is not only imported, importees before importers.
    pub packages: Vec<Package>,
    /// What the schemas that are only imported were found to be.
    pub imported: Vec<Interface>,
}

/// Parses, declares, checks and applies the rules. The sources are one program: they may import one another.
///
/// A pure function of its arguments. Never panics and needs no more than a few KiB of the caller's stack, whatever
/// the sources contain.
pub fn check(sources: &Sources, options: &Options) -> Checked {
    let mut workspace = Workspace::new();
    workspace.check(sources, options);
    workspace.into_checked()
}

/// Checks, and lowers and prints what has no errors. A schema that would become far more SQL than its size is worth,
/// by views inside views, is reported and nothing is given.
pub fn compile(sources: &Sources, options: &Options) -> Compilation {
    emit(&check(sources, options), sources, options)
}

fn emit(checked: &Checked, sources: &Sources, options: &Options) -> Compilation {
    let mut diagnostics = checked.diagnostics().to_vec();
    let mut packages = match checked.program() {
        Some(program) if !checked.has_errors() => roomy(|| lower::package(program, sources, options)),
        _ => Vec::new(),
    };
    for package in &mut packages {
        package.manifest.extern_files = extern_files(package, checked, sources);
    }
    let oversized: Vec<Diagnostic> =
        packages.iter().filter_map(|package| oversized(package, checked.asts())).collect();
    if !oversized.is_empty() {
        diagnostics.extend(oversized);
        packages.clear();
    }
    let schemas = checked.program().map_or(&[][..], |program| &program.schemas);
    let imported = schemas.iter().filter(|it| it.imported).map(|it| it.interface.clone()).collect();
    Compilation { diagnostics, packages, imported }
}

/// What compiling tests gives; nothing but diagnostics if there are errors.
#[derive(Clone, Debug, Default)]
pub struct TestCompilation {
    /// What is under test.
    pub compilation: Compilation,
    /// In the order of schemas, files and source.
    pub tests: Vec<Test>,
    /// What tests may come through, with the files it is in; nothing unless `coverage` was asked for.
    pub points: Vec<(SourceId, Point)>,
}

/// Compiles schemas together with their tests. `options.coverage` makes packages that tell what they come through.
pub fn compile_tests(sources: &Sources, options: &Options) -> TestCompilation {
    with_tests(&check(sources, options), sources, options)
}

fn with_tests(checked: &Checked, sources: &Sources, options: &Options) -> TestCompilation {
    let compilation = emit(checked, sources, options);
    let Some(program) = checked.program().filter(|_| !checked.has_errors()) else {
        return TestCompilation { compilation, ..TestCompilation::default() };
    };
    let tests = roomy(|| lower::tests(program, sources, options));
    let points =
        if options.coverage { roomy(|| lower::points(program, sources, options)) } else { Vec::new() };
    TestCompilation { compilation, tests, points }
}

/// The texts of the interface files that a package's source names.
fn extern_files(package: &Package, checked: &Checked, sources: &Sources) -> BTreeMap<Name, String> {
    let schema = checked.program().and_then(|program| program.schema(&package.interface.dbid));
    let used = schema.into_iter().flat_map(|schema| &schema.externs).map(|used| &used.name);
    let declares = |ast: &&Ast, name: &Name| ast.interface.as_ref().is_some_and(|it| it.name.name == *name);
    let text = |name: &Name| {
        let ast = checked.asts().iter().find(|ast| declares(ast, name))?;
        Some((name.clone(), sources.get(ast.source)?.text.clone()))
    };
    used.filter_map(text).collect()
}

/// A report that a package is larger than its source accounts for, if it is.
fn oversized(package: &Package, asts: &[Ast]) -> Option<Diagnostic> {
    let kinds = package.statements.iter().map(|statement| statement.kind);
    let functions = kinds.filter(|kind| *kind == StatementKind::Function).count();
    let most = limits::output_bytes(package.source.len(), functions);
    let own = package.statements.iter().filter(|statement| !statement.kind.is_api());
    let found: usize = own.map(|statement| statement.sql.len()).sum();
    let name =
        asts.iter().filter_map(|ast| ast.name.as_ref()).find(|name| name.name == package.interface.name)?;
    let message =
        format!("`{}` becomes {found} bytes of SQL; at most {most} are allowed for its size", name.name);
    let report = Diagnostic::new(Code::ExpansionTooLarge, name.span, message)
        .label("expands too far")
        .help("read fewer views inside one another");
    (found > most).then_some(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each view reads the one before it three times, and the first is wide: nine levels are twenty thousand SELECTs.
    fn tower(levels: usize) -> String {
        let mut text = String::from(
            "database tower; table t { id int primary }\naction v0() private view { SELECT t.id FROM t; }\n",
        );
        for level in 1..=levels {
            let below = level - 1;
            text.push_str(&format!(
                "action v{level}() public view {{ SELECT a.id FROM v{below}() AS a JOIN v{below}() AS b ON a.id = b.id \
                 JOIN v{below}() AS c ON c.id = a.id; }}\n"
            ));
        }
        text
    }

    #[test]
    fn what_expands_too_far_is_not_emitted() {
        let compiled = |levels| {
            let mut sources = Sources::new();
            sources.add("tower.kf", tower(levels));
            compile(&sources, &Options::default())
        };
        assert_eq!(compiled(3).packages.len(), 1);
        let refused = compiled(7);
        let codes: Vec<Code> = refused.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        assert!(codes.contains(&Code::ExpansionTooLarge), "{codes:?}");
        assert!(refused.packages.is_empty());
    }
}
