//! `kf drop`: deployed datasets out of a database.

use std::time::Duration;

use super::consent::Agreed;
use super::database::{Database, block_on};
use super::deploy::all;
use super::{Exit, Failure, Outcome, plan, steps, terminal};
use crate::deploy::connect::Session;
use crate::deploy::registry;
use crate::deploy::{Consent, Removal, prepare_removal, remove};
use crate::interface::Dbid;

/// Drop deployed datasets with their rows, functions and versions; nothing is left of them
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf drop notes                      if it has no rows
  kf drop notes --dry-run            what would go, with how many rows
  kf drop notes --yes=delete-data    rows and all
  kf drop ens club                   what is imported together with what imports it

What another dataset imports is not dropped before that. It is one transaction, and cannot be taken back.
Exit codes: 0 dropped · 2 no such dataset · 3 consent is needed · 4 it is still imported, or the database failed")]
pub(super) struct Args {
    /// Name, OWNER.NAME or DBID
    #[arg(value_name = "DATASET", required = true)]
    datasets: Vec<String>,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    agreed: Agreed,
    /// How long to try to get what calls, deploys and other transactions hold, before giving up
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    lock_timeout: u16,
    #[command(flatten)]
    database: Database,
}

pub(super) fn run(args: &Args) -> Outcome {
    let command = format!("kf drop {}", args.datasets.join(" "));
    block_on(async {
        let mut session = args.database.choose()?.session().await?;
        let removal = prepared(&session, args).await?;
        if args.dry_run {
            terminal::print(&steps::text(&removal.plan, &command, terminal::style_of_stdout()));
            let missing = Consent::BREAKING.missing(&removal.plan);
            let is_free = removal.plan.breaks.is_empty() && missing.is_empty();
            return Ok(if is_free { Exit::Fine } else { plan::exit(&removal.plan) });
        }
        let consent = args.agreed.to(&removal.plan, &command);
        let spinner = terminal::spinner("dropping");
        remove(&mut session, &removal, consent).await.map_err(all)?;
        drop(spinner);
        for dataset in &removal.plan.datasets {
            terminal::print(&format!("dropped   {}, which had version {}\n", dataset.name, dataset.base));
        }
        Ok(Exit::Fine)
    })
}

async fn prepared(session: &Session, args: &Args) -> Result<Removal, Failure> {
    if !registry::check(session).await? {
        return Err(registry::nothing_deployed().into());
    }
    let mut dbids: Vec<Dbid> = Vec::new();
    for name in &args.datasets {
        dbids.push(registry::find(&session.client, name).await?);
    }
    let mut removal = prepare_removal(session, &dbids).await?;
    removal.manner.patience = Duration::from_secs(args.lock_timeout.into());
    Ok(removal)
}
