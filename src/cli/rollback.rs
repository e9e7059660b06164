//! `kf rollback`: deployed datasets as they were before.

use clap::ValueEnum;

use super::consent::Agreed;
use super::database::{Database, block_on};
use super::deploy::{self, all};
use super::named::Named;
use super::patience::Patience;
use super::{Exit, Failure, Outcome, plan, steps, terminal};
use crate::deploy::connect::Session;
use crate::deploy::{Change, Outcome as Deployed, Plan, Prepared, apply, ensure, prepare_back};

/// Return deployed datasets to the version before; rows stay, and what was renamed gets its old name
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf rollback ens                    to what it was before its last change
  kf rollback ens --dry-run          what that would do, as `kf plan` says it
  kf rollback ens --to 3             to version 3, whether it is earlier or was itself gone back from
  kf rollback 0xab.ens club          two that only go together

Going back is a deploy like any other and makes a new version; once more goes one version further back. Datasets that
import what changes are compiled anew and go with it.
Exit codes: 0 done, or nothing to do · 2 no such dataset · 3 consent is needed · 4 it cannot be done, or the database
failed")]
pub(super) struct Args {
    #[command(flatten)]
    named: Named,
    /// The version to go back to, as `kf show DATASET --versions` lists them [default: the last one with another source]
    #[arg(long, value_name = "VERSION")]
    to: Option<i32>,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    agreed: Agreed,
    #[command(flatten)]
    patience: Patience,
    /// How the plan of --dry-run is printed
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    #[command(flatten)]
    database: Database,
}

/// How a plan is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// As `kf plan -o` keeps it
    Json,
}

pub(super) fn run(args: &Args) -> Outcome {
    if args.to.is_some() && args.named.datasets.len() > 1 {
        return Err(Failure::usage("`--to` is a version of one dataset, and several are named"));
    }
    block_on(async {
        let mut session = args.database.choose()?.session().await?;
        let prepared = prepared(&mut session, args).await?;
        if args.dry_run {
            terminal::print(&shown(&prepared.plan, args));
            return Ok(plan::exit(&prepared.plan));
        }
        let consent = args.agreed.to(&prepared.plan, &command(args));
        let _spinner = terminal::spinner("going back");
        let mut tell = |outcome: &Deployed| terminal::print(&line(outcome, &prepared.plan));
        apply(&mut session, &prepared, consent, &mut tell).await.map_err(all)?;
        Ok(Exit::Fine)
    })
}

async fn prepared(session: &mut Session, args: &Args) -> Result<Prepared, Failure> {
    let dbids = args.named.find(session).await?;
    if !args.dry_run {
        ensure(session).await?;
    }
    let mut prepared = prepare_back(session, &dbids, args.to).await.map_err(all)?;
    prepared.manner.patience = args.patience.into();
    Ok(prepared)
}

fn shown(plan: &Plan, args: &Args) -> String {
    match args.format {
        Format::Human => steps::text(plan, &command(args), terminal::style_of_stdout()),
        Format::Json => serde_json::to_string_pretty(plan).unwrap_or_default() + "\n",
    }
}

/// What to type to have it done.
fn command(args: &Args) -> String {
    let to = args.to.map_or_else(String::new, |to| format!(" --to {to}"));
    format!("kf rollback {}{to}", args.named.datasets.join(" "))
}

/// `returned  ens, version 4, as version 2 was`
fn line(outcome: &Deployed, plan: &Plan) -> String {
    let planned = plan.datasets.iter().find(|it| it.dbid == outcome.dbid);
    let earlier = planned.filter(|it| it.change != Change::Unchanged).and_then(|it| it.returns);
    match earlier {
        Some(earlier) => {
            format!("returned  {}, version {}, as version {earlier} was\n", outcome.name, outcome.version)
        }
        None => deploy::line(outcome),
    }
}
