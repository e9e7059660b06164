//! `kf schema`: what machine-readable output looks like.

use clap::ValueEnum;

use super::{Exit, Outcome, terminal};

/// What is described.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum What {
    /// A line of `--format json`
    Diagnostics,
}

/// Print the JSON Schema of what `kf` writes for machines
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf schema diagnostics              a line of `kf check --format json`

Fields may be added; a change of meaning raises `v`.")]
pub(super) struct Args {
    /// What to describe
    #[arg(value_enum, value_name = "WHAT")]
    what: What,
}

pub(super) fn run(args: &Args) -> Outcome {
    let text = match args.what {
        What::Diagnostics => crate::diagnostics::json::SCHEMA,
    };
    terminal::print(text);
    Ok(Exit::Fine)
}
