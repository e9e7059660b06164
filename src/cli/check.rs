//! `kf check`: is everything right?

use std::path::{Path, PathBuf};

use super::project::{self, Input, Paths, Reaching};
use super::report::Reporting;
use super::{Failure, Outcome};

/// Check schemas: names, types, access, order; nothing is written and no database is needed
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf check                           the current project
  kf check schemas notes.kf          a folder and a file
  kf check --db postgres://host/name imports that are nowhere else are taken from that database
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
    reaching: Reaching,
    #[command(flatten)]
    reporting: Reporting,
}

pub(super) fn run(args: &Args) -> Outcome {
    let mut input = input(&args.paths.paths, args.stdin_filename.as_deref())?;
    let reach = args.reaching.reach();
    let mut diagnostics = if input.diagnostics.is_empty() {
        input.reach(&reach)?;
        crate::check(&input.sources, &input.options(reach.owner.as_ref())).diagnostics().to_vec()
    } else {
        input.diagnostics.clone()
    };
    input.explain(&mut diagnostics);
    args.reporting.raise(&mut diagnostics, &input.project.config.lints);
    args.reporting.print(&input.report(&diagnostics))
}

/// The sources to work on: `-` is standard input, under the name that `--stdin-filename` gives it.
pub(super) fn input(paths: &[PathBuf], stdin_name: Option<&Path>) -> Result<Input, Failure> {
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
        (paths, None) => project::load_with_tests(paths),
    }
}
