//! `kf compile`: the SQL of schemas, and what else the compiler knows about them.

use std::path::PathBuf;

use clap::ValueEnum;

use super::project::{self, Input, Paths, Reaching};
use super::report::Reporting;
use super::{Exit, Outcome, saved};
use crate::diagnostics::Diagnostic;
use crate::interface::{Options, Package};
use crate::source::roomy;
use crate::{Checked, check, compile};

/// What is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Emit {
    /// PostgreSQL: schemas, tables, one function per action, grants
    Sql,
    /// What importers see, as JSON
    Interface,
    /// What every action reads, writes and calls, as JSON
    Manifest,
    /// The syntax trees, for work on kf itself
    Ast,
    /// The checked program, for work on kf itself
    Hir,
}

/// Compile schemas to SQL; faults go to stderr
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf compile                         the current project's SQL
  kf compile notes.kf -o notes.sql   into a file
  kf compile --emit manifest         what each action reads, writes and calls

The same sources give the same bytes.
Exit codes: 0 compiled · 1 errors, nothing is written · 2 a path or kf.toml is wrong")]
pub(super) struct Args {
    #[command(flatten)]
    paths: Paths,
    /// Write to FILE instead of stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What to write
    #[arg(long, value_enum, value_name = "WHAT", default_value = "sql")]
    emit: Emit,
    #[command(flatten)]
    reaching: Reaching,
    #[command(flatten)]
    reporting: Reporting,
}

pub(super) fn run(args: &Args) -> Outcome {
    let mut input = project::load(&args.paths.paths)?;
    let make = |input: &Input, options: &Options| Ok(made(input, args.emit, options));
    match args.reporting.made(&mut input, &args.reaching.reach(), make)? {
        Ok(text) => saved::output(args.output.as_deref(), &text).map(|()| Exit::Fine),
        Err(wrong) => Ok(wrong),
    }
}

/// What there is to say, and what to write if none of it is an error.
fn made(input: &Input, emit: Emit, options: &Options) -> (Vec<Diagnostic>, String) {
    if matches!(emit, Emit::Ast | Emit::Hir) {
        let checked = check(&input.sources, options);
        return (checked.diagnostics().to_vec(), roomy(|| trees(emit, input, &checked)));
    }
    let compilation = compile(&input.sources, options);
    let text = packages(emit, &asked(input, &compilation.packages));
    (compilation.diagnostics, text)
}

/// The packages of what was asked for, not of what that imports, in the order they are deployed.
pub(super) fn asked<'c>(input: &Input, packages: &'c [Package]) -> Vec<&'c Package> {
    let asked = input.sources.iter().filter(|(id, _)| input.is_asked(*id));
    let paths: Vec<&str> = asked.map(|(_, source)| source.path.as_str()).collect();
    packages.iter().filter(|package| paths.contains(&package.path.as_str())).collect()
}

fn packages(emit: Emit, packages: &[&Package]) -> String {
    match emit {
        Emit::Interface => json(packages.iter().map(|package| &package.interface)),
        Emit::Manifest => json(packages.iter().map(|package| &package.manifest)),
        _ => packages.iter().map(|package| package.sql()).collect(),
    }
}

fn trees(emit: Emit, input: &Input, checked: &Checked) -> String {
    if emit == Emit::Ast {
        return checked.asts().iter().take(input.asked).map(|ast| format!("{ast:#?}\n")).collect();
    }
    let schemas = checked.program().map_or(&[][..], |program| &program.schemas);
    schemas
        .iter()
        .filter(|schema| input.is_asked(schema.source))
        .map(|schema| format!("{schema:#?}\n"))
        .collect()
}

/// One JSON array, indented.
fn json<T: serde::Serialize>(values: impl Iterator<Item = T>) -> String {
    serde_json::to_string_pretty(&values.collect::<Vec<T>>()).unwrap_or_default() + "\n"
}
