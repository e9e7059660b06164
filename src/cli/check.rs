//! `kf check`: is everything right?

mod watch;

use super::Outcome;
use super::project::{Reaching, Texts};
use super::report::Reporting;

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
  kf check --watch                   again after every change, until Ctrl-C

Exit codes: 0 no errors · 1 errors · 2 a path or kf.toml is wrong")]
pub(super) struct Args {
    #[command(flatten)]
    texts: Texts,
    /// Stay, and check again what a change reaches
    #[arg(long)]
    watch: bool,
    #[command(flatten)]
    reaching: Reaching,
    #[command(flatten)]
    reporting: Reporting,
}

pub(super) fn run(args: &Args) -> Outcome {
    if args.watch {
        return watch::run(args);
    }
    let mut input = args.texts.load()?;
    let reach = args.reaching.reach();
    let mut diagnostics = if input.diagnostics.is_empty() {
        input.reach(&reach)?;
        crate::check(&input.sources, &input.options(reach.owner.as_ref())).diagnostics().to_vec()
    } else {
        input.diagnostics.clone()
    };
    args.reporting.explain(&mut diagnostics, &input);
    args.reporting.print(&input.report(&diagnostics))
}
