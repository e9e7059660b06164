//! `kf plan`: what a deploy would do, and nothing done.

use std::path::PathBuf;

use super::database::block_on;
use super::deploy::all;
use super::making::Making;
use super::report::Format;
use super::{Exit, Failure, Outcome, steps, terminal};
use crate::deploy::{Plan, prepare};
use crate::migrate::Verdict;

/// What a deploy would do: every step, whom it breaks, what it takes away
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf plan                              the current project against its own database
  kf plan --db postgresql://me@host/x  against another
  kf plan -o p.json                    and keep it: `kf deploy --plan p.json` does that and nothing else

Exit codes: 0 nothing to do, or all of it safe · 1 errors · 2 a path or kf.toml is wrong · 3 consent is needed ·
4 it cannot be done, or the database failed")]
pub(super) struct Args {
    #[command(flatten)]
    making: Making,
    /// Keep the plan in a file, as JSON
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Outcome {
    let made = match args.making.packages()? {
        Ok(made) => made,
        Err(wrong) => return Ok(wrong),
    };
    let chosen = args.making.database.choose()?;
    let prepared = block_on(async {
        let session = chosen.session().await?;
        // Rows are counted, and there may be many.
        let _spinner = terminal::spinner("comparing with what is deployed");
        prepare(&session, &made.compilation.packages).await.map_err(all)
    })?;
    let json = serde_json::to_string_pretty(&prepared.plan).unwrap_or_default() + "\n";
    if let Some(path) = &args.output {
        std::fs::write(path, &json)
            .map_err(|error| Failure::usage(format!("cannot write `{}`: {error}", path.display())))?;
    }
    match args.making.reporting.format {
        Format::Json => terminal::print(&json),
        _ => {
            terminal::print(&steps::text(&prepared.plan, "kf deploy", terminal::style_of_stdout()));
        }
    }
    Ok(exit(&prepared.plan))
}

/// What a process ends with that only looked.
pub(super) fn exit(plan: &Plan) -> Exit {
    match plan.verdict() {
        Verdict::Safe => Exit::Fine,
        Verdict::Breaking | Verdict::Destructive => Exit::Consent,
        Verdict::Refused => Exit::Database,
    }
}
