//! The stages in a row. The command line, a node and an editor all come in here.

use crate::diagnostics::{Diagnostic, Severity, Sink};
use crate::hir::Program;
use crate::interface::{Options, Package};
use crate::source::{Deep, Sources, roomy};
use crate::syntax::ast::Ast;
use crate::{lower, resolve, rules, syntax, types};

/// What checking finds: the program as far as it makes sense, and what to say about it.
#[derive(Clone, Debug)]
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
#[derive(Clone, Debug)]
pub struct Compilation {
    /// Everything there is to say, in source order.
    pub diagnostics: Vec<Diagnostic>,
    /// One for each schema, importees before importers.
    pub packages: Vec<Package>,
}

/// Parses, declares, checks and applies the rules. The sources are one program: they may import one another.
///
/// A pure function of its arguments. Never panics and needs no more than a few KiB of the caller's stack, whatever
/// the sources contain.
pub fn check(sources: &Sources, options: &Options) -> Checked {
    roomy(|| {
        let mut sink = Sink::new();
        let asts: Vec<Ast> = sources.iter().map(|(id, _)| syntax::parse(sources, id, &mut sink)).collect();
        let catalog = resolve::declare(&asts, options, &mut sink);
        let program = types::check(catalog, options, &mut sink);
        rules::run(&program, &asts, sources, options, &mut sink);
        Checked { asts: Deep::new(asts), program: Deep::new(program), diagnostics: sink.into_sorted() }
    })
}

/// Checks, and lowers and prints what has no errors.
pub fn compile(sources: &Sources, options: &Options) -> Compilation {
    let checked = check(sources, options);
    let packages = match checked.program() {
        Some(program) if !checked.has_errors() => roomy(|| lower::package(program, sources, options)),
        _ => Vec::new(),
    };
    Compilation { diagnostics: checked.diagnostics.clone(), packages }
}
