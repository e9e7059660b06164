//! `kf deploy`: packages into a database, with what was done for each.

use super::database::{Database, block_on};
use super::project::{self, Paths, Reach};
use super::report::Reporting;
use super::{Exit, Failure, Outcome, terminal};
use crate::deploy::{DeployError, Done, Outcome as Deployed, deploy_packages};
use crate::interface::{Owner, Package};
use crate::{Compilation, compile};

/// Deploy schemas and what they import, in dependency order; what is unchanged is left alone
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf deploy                                    the current project, into a database of its own
  kf deploy --db postgresql://me@host/name     into a database somewhere else
  kf deploy notes.kf --owner 0xab              owned by 0xab

One transaction for each dataset; those that are deployed, import each other and change go together.
Exit codes: 0 deployed · 1 errors, nothing is deployed · 2 a path or kf.toml is wrong · 4 the database refused")]
pub(super) struct Args {
    #[command(flatten)]
    paths: Paths,
    #[command(flatten)]
    database: Database,
    /// Who will own the schemas; without an owner they are network schemas, known by their names
    #[arg(long, value_name = "ID")]
    owner: Option<String>,
    /// Every import must be in kf.lock, which is not changed
    #[arg(long)]
    locked: bool,
    #[command(flatten)]
    reporting: Reporting,
}

pub(super) fn run(args: &Args) -> Outcome {
    let mut input = project::load(&args.paths.paths)?;
    let owner = args.owner.clone().map(Owner);
    let mut compilation = Compilation { diagnostics: input.diagnostics.clone(), ..Compilation::default() };
    if input.diagnostics.is_empty() {
        let database = Some(args.database.choose()?);
        input.reach(&Reach { owner: owner.clone(), database, locked: args.locked, ..Reach::default() })?;
        compilation = compile(&input.sources, &input.options(owner.as_ref()));
    }
    let Compilation { mut diagnostics, packages, imported } = compilation;
    input.explain(&mut diagnostics);
    args.reporting.raise(&mut diagnostics);
    match args.reporting.print_beside(&diagnostics, &input.sources, input.files()) {
        Exit::Fine => {}
        wrong => return Ok(wrong),
    }
    let exit = install(&packages, &args.database)?;
    if !args.locked {
        input.pinned(&imported).write(&input.project.root)?;
    }
    Ok(exit)
}

/// Deploys `packages`, which come in dependency order, and reports on stdout. Each line is printed when its dataset is
/// committed.
pub fn install(packages: &[Package], database: &Database) -> Outcome {
    let chosen = database.choose()?;
    let outcomes = block_on(async {
        let mut session = chosen.session().await?;
        let spinner = terminal::spinner("deploying");
        let mut count = 0;
        let mut tell = |outcome: &Deployed| {
            count += 1;
            spinner.say(format!("deployed {count} of {}", packages.len()));
            terminal::print(&line(outcome));
        };
        deploy_packages(&mut session, packages, &mut tell).await.map_err(all)
    })?;
    terminal::print(&tally(&outcomes));
    Ok(Exit::Fine)
}

/// `created ens, version 1`
fn line(outcome: &Deployed) -> String {
    let done = match outcome.done {
        Done::Created => "created",
        Done::Updated => "updated",
        Done::Unchanged => "unchanged",
    };
    format!("{done:<10}{}, version {}\n", outcome.name, outcome.version)
}

/// `2 datasets: 1 created, 1 unchanged`
fn tally(outcomes: &[Deployed]) -> String {
    let of = |done: Done| outcomes.iter().filter(|outcome| outcome.done == done).count();
    let counts =
        [(of(Done::Created), "created"), (of(Done::Updated), "updated"), (of(Done::Unchanged), "unchanged")];
    let parts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let plural = if outcomes.len() == 1 { "" } else { "s" };
    format!("{} dataset{plural}: {}\n", outcomes.len(), parts.join(", "))
}

/// Shows every reason but the last, which is what the command ends with.
fn all(mut errors: Vec<DeployError>) -> Failure {
    let last = errors.pop();
    for error in errors {
        Failure::from(error).show();
    }
    last.map_or_else(|| Failure::new(Exit::Database, "nothing was deployed"), Failure::from)
}
