//! `kf drop`: deployed datasets out of a database.

use super::consent::Agreed;
use super::database::{Database, block_on};
use super::deploy::all;
use super::named::Named;
use super::patience::Patience;
use super::{Exit, Failure, Outcome, plan, steps, terminal};
use crate::deploy::connect::Session;
use crate::deploy::{Consent, Removal, prepare_removal, remove};

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
    #[command(flatten)]
    named: Named,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    agreed: Agreed,
    #[command(flatten)]
    patience: Patience,
    #[command(flatten)]
    database: Database,
}

pub(super) fn run(args: &Args) -> Outcome {
    let command = format!("kf drop {}", args.named.datasets.join(" "));
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
    let mut removal = prepare_removal(session, &args.named.find(session).await?).await?;
    removal.manner.patience = args.patience.into();
    Ok(removal)
}
