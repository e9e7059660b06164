//! `kf deploy`: packages into a database, with what was done for each.

use serde::Deserialize;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::consent::Agreed;
use super::database::block_on;
use super::interrupt::stoppable;
use super::making::Making;
use super::patience::Patience;
use super::{Exit, Failure, Outcome, terminal};
use crate::deploy::connect::Session;
use crate::deploy::registry::{Weaker, weaker};
use crate::deploy::{DeployError, Done, Outcome as Deployed, Plan, apply, ensure, prepare};
use crate::diagnostics::{Code, visible};
use crate::interface::Dbid;

/// Deploy schemas and what they import, in dependency order; what is unchanged is left alone
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf deploy                                    the current project, into a database of its own
  kf deploy --db postgresql://me@host/name     into a database somewhere else
  kf deploy notes.kf --owner 0xab              owned by 0xab
  kf deploy --yes=breaking                     though callers may have to change
  kf deploy --plan p.json                      what `kf plan -o p.json` said, or nothing

One transaction for each dataset; those that are deployed, import each other and change go together. Deployed datasets
that import what changes are compiled anew and go with it.
Exit codes: 0 deployed · 1 errors, nothing is deployed · 2 a path or kf.toml is wrong · 3 consent is needed ·
4 the database refused")]
pub(super) struct Args {
    #[command(flatten)]
    making: Making,
    #[command(flatten)]
    agreed: Agreed,
    /// Do what this plan says, or nothing if something else would be done by now
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    #[command(flatten)]
    patience: Patience,
}

pub(super) fn run(args: &Args) -> Outcome {
    let made = match args.making.packages()? {
        Ok(made) => made,
        Err(wrong) => return Ok(wrong),
    };
    let kept = args.plan.as_deref().map(read).transpose()?;
    let chosen = args.making.database.choose()?;
    let outcomes = block_on(async {
        let mut session = chosen.session().await?;
        ensure(&mut session).await?;
        say_weaker(&session).await?;
        let mut prepared = prepare(&session, &made.compilation.packages).await.map_err(all)?;
        prepared.manner.patience = args.patience.into();
        if let Some(kept) = &kept {
            kept.compare(&prepared.plan)?;
        }
        let consent = args.agreed.to(&prepared.plan, "kf deploy");
        let spinner = terminal::spinner("deploying");
        let mut count = 0;
        let mut tell = |outcome: &Deployed| {
            count += 1;
            spinner.say(format!("deployed {count} of {}", prepared.packages.len()));
            terminal::print(&line(outcome));
        };
        let canceller = session.canceller();
        match stoppable(&canceller, apply(&mut session, &prepared, consent, &mut tell)).await {
            (Err(_), true) => Err(interrupted()),
            (outcome, _) => outcome.map_err(all),
        }
    })?;
    terminal::print(&tally(&outcomes));
    args.making.pin(&made)?;
    Ok(Exit::Fine)
}

fn interrupted() -> Failure {
    let message = "interrupted: nothing was deployed but what is listed above";
    DeployError::new(Code::DatabaseFailed, message).help("run the same again to go on").into()
}

/// Says that there is one role, on stderr: nothing else about a database changes what a deploy is worth.
async fn say_weaker(session: &Session) -> Result<(), Failure> {
    let found = weaker(session).await?;
    for it in found.iter().filter(|it| matches!(it, Weaker::OneRole(_))) {
        let note = format!("note: {}; see docs/guide/deploying.md\n", visible(&it.to_string()));
        let _ = std::io::stderr().write_all(note.as_bytes());
    }
    Ok(())
}

/// What a kept plan is known by.
#[derive(Deserialize)]
struct Kept {
    hash: String,
    datasets: Vec<KeptDataset>,
}

#[derive(Deserialize)]
struct KeptDataset {
    dbid: Dbid,
    base: i32,
}

fn read(path: &Path) -> Result<Kept, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", path.display())))?;
    let kept = serde_json::from_str(&text);
    kept.map_err(|error| Failure::usage(format!("`{}` is no plan: {error}", path.display())))
}

impl Kept {
    /// That the same is done now.
    fn compare(&self, plan: &Plan) -> Result<(), Failure> {
        if self.hash == plan.hash {
            return Ok(());
        }
        let base = |dbid: &Dbid| plan.datasets.iter().find(|it| it.dbid == *dbid).map(|it| it.base);
        let moved = self.datasets.iter().find(|kept| base(&kept.dbid).is_some_and(|base| base != kept.base));
        let message = match moved {
            Some(kept) => format!("`{}` was deployed by somebody else since the plan was made", kept.dbid),
            None => {
                "the sources, or what they are deployed beside, changed since the plan was made".to_owned()
            }
        };
        let error = DeployError::new(Code::DeployConflict, message);
        Err(error.help("look at `kf plan` again").into())
    }
}

/// `created ens, version 1`
pub(super) fn line(outcome: &Deployed) -> String {
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
pub(super) fn all(mut errors: Vec<DeployError>) -> Failure {
    let last = errors.pop();
    for error in errors {
        Failure::from(error).show();
    }
    last.map_or_else(|| Failure::new(Exit::Database, "nothing was deployed"), Failure::from)
}
