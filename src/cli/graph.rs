//! `kf graph`: pictures of a project.

use std::path::PathBuf;

use clap::ValueEnum;

use super::project::{self, Input, Paths, Reaching};
use super::report::{self, ColumnUnit, Reporting};
use super::{Exit, Failure, Outcome, saved};
use crate::diagnostics::nearest;
use crate::graph::{self, Graph, MOST_BOXES, MOST_LINES};
use crate::hir::Program;

/// What a picture shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Kind {
    /// Tables with columns, types and keys, and foreign keys between them
    Tables,
    /// Actions, what they call, and the tables they read and write
    Calls,
    /// Datasets, externs, and who imports which
    Imports,
}

/// How a picture is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// A picture for browsers, light and dark
    Svg,
    /// For pages whose Markdown draws Mermaid
    Mermaid,
    /// For Graphviz
    Dot,
}

/// Draw the project's tables, calls or imports
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf graph -o tables.svg                   tables and foreign keys
  kf graph --kind calls -o calls.svg       who calls whom, who reads and writes what
  kf graph --format mermaid                for a page in Markdown
  kf graph --only ens --format dot | dot -Tpng > ens.png

The same sources give the same bytes.
Exit codes: 0 drawn · 1 errors, nothing is written · 2 a path, a name or kf.toml is wrong, or it is too large to draw")]
pub(super) struct Args {
    #[command(flatten)]
    paths: Paths,
    /// What to draw
    #[arg(long, value_enum, default_value = "tables")]
    kind: Kind,
    /// How to write it
    #[arg(long, value_enum, default_value = "svg")]
    format: Format,
    /// Draw this dataset and what it is connected with
    #[arg(long, value_name = "DATASET")]
    only: Option<String>,
    /// Write to FILE instead of stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    reaching: Reaching,
    /// How faults are reported, on stderr
    #[arg(long, value_enum, value_name = "FORMAT", env = "KF_FORMAT", default_value = "human")]
    faults: report::Format,
    /// Warnings count as errors
    #[arg(long)]
    deny_warnings: bool,
}

pub(super) fn run(args: &Args) -> Outcome {
    let mut input = project::load(&args.paths.paths)?;
    let checked = match args.reporting().made(&mut input, &args.reaching.reach(), report::checked)? {
        Ok(checked) => checked,
        Err(wrong) => return Ok(wrong),
    };
    let Some(program) = checked.program() else { return Ok(Exit::Source) };
    saved::output(args.output.as_deref(), &drawn(args, &input, program)?)?;
    Ok(Exit::Fine)
}

impl Args {
    fn reporting(&self) -> Reporting {
        let (format, deny_warnings) = (self.faults, self.deny_warnings);
        Reporting { format, kept: Vec::new(), column_unit: ColumnUnit::Chars, deny_warnings }
    }
}

fn drawn(args: &Args, input: &Input, program: &Program) -> Result<String, Failure> {
    let kind = match args.kind {
        Kind::Tables => graph::Kind::Tables,
        Kind::Calls => graph::Kind::Calls,
        Kind::Imports => graph::Kind::Imports,
    };
    let graph = match &args.only {
        Some(only) => about_one(program, kind, only)?,
        None => graph::about(program, kind, &|schema| input.is_asked(schema.source)),
    };
    match args.format {
        Format::Svg => {
            fits(&graph)?;
            Ok(graph::svg(&graph))
        }
        Format::Mermaid => Ok(graph::mermaid(&graph)),
        Format::Dot => Ok(graph::dot(&graph)),
    }
}

fn about_one(program: &Program, kind: graph::Kind, only: &str) -> Result<Graph, Failure> {
    if program.schemas.iter().any(|schema| graph::is_called(schema, only)) {
        return Ok(graph::of(program, kind, Some(only)));
    }
    let names = || program.schemas.iter().map(|schema| schema.name.as_str());
    let failure = Failure::usage(format!("no dataset `{only}` here"));
    Err(match nearest(only, names()) {
        Some(name) => failure.help(format!("did you mean `{name}`?")),
        None => failure.help(format!("there are {}", listed(names()))),
    })
}

/// `` `a`, `b` `` and how many more.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    const MOST: usize = 10;
    let all: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let more = all.len().saturating_sub(MOST);
    let shown: Vec<String> = all.into_iter().take(MOST).collect();
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// That a picture can be laid out.
fn fits(graph: &Graph) -> Result<(), Failure> {
    if graph.fits() {
        return Ok(());
    }
    let (boxes, lines) = (graph.nodes.len(), graph.edges.len());
    let mut failure = Failure::usage(format!("{boxes} boxes and {lines} lines are too many for one picture"));
    failure.notes.push(format!("{MOST_BOXES} boxes and {MOST_LINES} lines are the most"));
    Err(failure.help("draw one dataset with `--only DATASET`, or give Graphviz what `--format dot` writes"))
}
