//! `kf events`: what oracles have brought, and what became of it.

use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;
use clap::builder::PossibleValuesParser;
use serde_json::{Value, json};

use super::database::{Database, block_on};
use super::{Exit, Failure, Outcome, terminal};
use crate::deploy::connect::Session;
use crate::diagnostics::visible;
use crate::node::events::{self, Listed, STATES};
use crate::oracle::EventId;

/// Events from outside: list, show, retry
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf events list --state rejected    what its actions refused, with the reason
  kf events list --config node.toml  of the node that this file describes
  kf events show 9f86d0..            all of one event
  kf events retry 9f86d0..           the same calls again, as a new event

A node need not run. `retry` is for events that were rejected or have expired; in a network every
validator has to do it.")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// The latest events with their states
    List(List),
    /// Everything that is known of an event, as JSON
    Show(One),
    /// Submit a rejected or expired event again, as a new one without a place on a topic
    Retry(One),
}

/// Whose events.
#[derive(clap::Args, Debug)]
struct Place {
    /// The node's file: its database, or the PostgreSQL beside it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    database: Database,
}

impl Place {
    async fn session(&self) -> Result<Session, Failure> {
        self.database.choose_by(self.config.as_deref())?.session().await
    }
}

#[derive(clap::Args, Debug)]
struct List {
    /// Only events in this state
    #[arg(long, value_name = "STATE", value_parser = PossibleValuesParser::new(STATES))]
    state: Option<String>,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u32,
    /// How the list is printed
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// `[{"id","state","height","reason","submission"}]`
    Json,
}

#[derive(clap::Args, Debug)]
struct One {
    /// Its id: 64 hexadecimal digits
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(args: &Args) -> Outcome {
    match &args.command {
        Command::List(args) => list(args),
        Command::Show(args) => show(args),
        Command::Retry(args) => retry(args),
    }
}

fn list(args: &List) -> Outcome {
    let listed = block_on(async {
        let session = args.place.session().await?;
        Ok(events::list(&session.client, args.state.as_deref(), args.limit.into()).await?)
    })?;
    terminal::print(&match args.format {
        Format::Table if listed.is_empty() => "no events\n".to_owned(),
        Format::Table => listed.iter().map(line).collect(),
        Format::Json => format!("{}\n", listed.iter().map(as_json).collect::<Value>()),
    });
    Ok(Exit::Fine)
}

/// `rejected        12  9f86..  ledger.deposit  KF001`
fn line(event: &Listed) -> String {
    let height = event.height.map_or_else(|| "-".to_owned(), |height| height.to_string());
    let targets = event.submission.targets.iter();
    let targets: Vec<String> = targets.map(|it| format!("{}.{}", it.dbid, it.action)).collect();
    let reason = event.reason.as_ref().map(|reason| format!("  {reason}")).unwrap_or_default();
    let line = format!("{:<10} {height:>8}  {}  {}{reason}", event.state, event.id, targets.join(", "));
    format!("{}\n", visible(&line))
}

fn as_json(event: &Listed) -> Value {
    let Listed { id, state, height, reason, submission } = event;
    json!({"id": id.to_string(), "state": state, "height": height, "reason": reason, "submission": submission})
}

fn show(args: &One) -> Outcome {
    let id = id(args)?;
    let shown = block_on(async {
        let session = args.place.session().await?;
        Ok(events::show(&session.client, id).await?)
    })?;
    terminal::print(&format!("{shown:#}\n"));
    Ok(Exit::Fine)
}

fn retry(args: &One) -> Outcome {
    let id = id(args)?;
    let again = block_on(async {
        let session = args.place.session().await?;
        Ok(events::retry(&session.client, id).await?)
    })?;
    terminal::print(&format!("{again}\n"));
    Ok(Exit::Fine)
}

fn id(args: &One) -> Result<EventId, Failure> {
    let wrong = |error| Failure::usage(format!("`{}` is no event: {error}", args.id));
    EventId::from_str(&args.id).map_err(wrong)
}
