//! `kf fix`: the fixes that diagnostics offer, applied.

mod rounds;

use std::io::Write;
use std::path::Path;

use super::project::{Input, Reaching, Texts};
use super::report::Reporting;
use super::{Exit, Outcome, saved, terminal};
use crate::source::Sources;
use rounds::{Fixed, Rounds};

/// Apply the fixes that `kf check` offers
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf fix                             what is safe, in the current project
  kf fix --diff notes.kf             what would change there; nothing is written
  kf fix --unsafe                    and what is only likely: misspelt names
  kf fix --stdin-filename notes.kf - < buffer
                                     an editor's text, mended, on stdout

Safe fixes cannot change a meaning the author had. Fixes are applied until none is left; what is left then is reported.
Exit codes: 0 no errors are left · 1 errors are left, or with --diff and --dry-run something would change ·
2 a path or kf.toml is wrong, or a file changed meanwhile")]
pub(super) struct Args {
    #[command(flatten)]
    texts: Texts,
    /// Apply what is likely too, such as the nearest known name for an unknown one
    #[arg(long = "unsafe")]
    all: bool,
    /// List what would be fixed and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print what would change and write nothing
    #[arg(long)]
    diff: bool,
    #[command(flatten)]
    reaching: Reaching,
    #[command(flatten)]
    reporting: Reporting,
}

pub(super) fn run(args: &Args) -> Outcome {
    let mut input = args.texts.load()?;
    let reach = args.reaching.reach();
    if input.diagnostics.is_empty() {
        input.reach(&reach)?;
    }
    let before = input.sources.clone();
    let rounds = Rounds { all: args.all, reporting: &args.reporting };
    let (mut left, fixed) = rounds.run(&mut input, &reach);
    input.explain(&mut left);
    tell(&fixed, args.dry_run || args.diff);
    let exit = write(args, &input, &before)?;
    // Where stdout is the text, the report goes beside it.
    let report = input.report(&left);
    let found = match args.diff || args.texts.are_typed() {
        true => args.reporting.print_beside(&report)?,
        false => args.reporting.print(&report)?,
    };
    Ok(if found == Exit::Fine { exit } else { found })
}

/// What is fixed, a line each, on stderr.
fn tell(fixed: &[Fixed], only_would: bool) {
    let word = if only_would { "would fix" } else { "fixed" };
    let lines: String = fixed.iter().map(|fixed| format!("{word} {fixed}\n")).collect();
    let _ = std::io::stderr().write_all(lines.as_bytes());
}

/// Writes or shows the texts that changed, and says what the process ends with if nothing else is wrong.
fn write(args: &Args, input: &Input, before: &Sources) -> Outcome {
    let pairs = before.iter().zip(input.sources.iter()).map(|((_, old), (_, new))| (old, new));
    let changed: Vec<_> = pairs.filter(|(old, new)| old.text != new.text).collect();
    if args.diff || args.dry_run {
        for (old, new) in changed.iter().filter(|_| args.diff) {
            terminal::print(&saved::diff(&old.path, &old.text, &new.text));
        }
        return Ok(if changed.is_empty() { Exit::Fine } else { Exit::Source });
    }
    if args.texts.are_typed() {
        terminal::print(input.sources.iter().next().map_or("", |(_, source)| source.text.as_str()));
        return Ok(Exit::Fine);
    }
    for (old, _) in &changed {
        saved::still(Path::new(&old.path), &old.path, &old.text)?;
    }
    for (old, new) in &changed {
        let path = Path::new(&old.path);
        saved::replace(path, new.text.as_bytes()).map_err(|error| saved::unwritable(path, &error))?;
    }
    Ok(Exit::Fine)
}
