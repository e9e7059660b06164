//! `kf check`: is everything right?

use std::path::{Path, PathBuf};

use super::project::{self, Input, Paths};
use super::report::Reporting;
use super::{Failure, Outcome};
use crate::Options;

/// Check schemas: names, types, access, order; nothing is written and no database is needed
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf check                           the current project
  kf check schemas notes.kf          a folder and a file
  kf check --format json             JSON Lines for scripts
  kf check --format short --stdin-filename notes.kf - < buffer
                                     an editor's unsaved text of notes.kf

Exit codes: 0 no errors · 1 errors · 2 a path or kf.toml is wrong")]
pub(super) struct Args {
    #[command(flatten)]
    paths: Paths,
    /// Read standard input as the text of P; P's saved neighbours serve its imports
    #[arg(long, value_name = "P")]
    stdin_filename: Option<PathBuf>,
    #[command(flatten)]
    reporting: Reporting,
}

pub(super) fn run(args: &Args) -> Outcome {
    let input = input(&args.paths.paths, args.stdin_filename.as_deref())?;
    let mut diagnostics = if input.diagnostics.is_empty() {
        let options = Options { profile: input.project.config.profile, ..Options::default() };
        crate::check(&input.sources, &options).diagnostics().to_vec()
    } else {
        input.diagnostics
    };
    args.reporting.raise(&mut diagnostics);
    Ok(args.reporting.print(&diagnostics, &input.sources, input.sources.len()))
}

/// The sources to work on: `-` is standard input, under the name that `--stdin-filename` gives it.
fn input(paths: &[PathBuf], stdin_name: Option<&Path>) -> Result<Input, Failure> {
    let dash = |path: &PathBuf| path.as_os_str() == "-";
    match (paths, stdin_name) {
        ([], Some(name)) => project::load_stdin(name),
        ([only], Some(name)) if dash(only) => project::load_stdin(name),
        (_, Some(_)) => {
            Err(Failure::usage("`--stdin-filename` reads one source").help("write `-` as the only PATH"))
        }
        (paths, None) if paths.iter().any(dash) => {
            let failure = Failure::usage("`-` reads standard input, which has no name");
            Err(failure.help("say which file it is: `--stdin-filename notes.kf -`"))
        }
        (paths, None) => project::load(paths),
    }
}
