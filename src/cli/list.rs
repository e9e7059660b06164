//! `kf list`: what is deployed.

use clap::ValueEnum;
use comfy_table::{Table, presets};
use serde_json::json;

use super::database::{Database, block_on};
use super::{Exit, Outcome, terminal};
use crate::deploy::registry::{self, Listed};
use crate::diagnostics::visible;

/// List the datasets that are deployed
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf list                            in the project's database
  kf list --db postgres://host/name  in another
  kf list --format json              one array, for scripts

`kf show DATASET` says more about one of them.")]
pub(super) struct Args {
    #[command(flatten)]
    database: Database,
    /// How the list is printed
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

/// How the list is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// `[{"name","dbid","owner","version","deployed_at","actions","importers","pending"}]`
    Json,
}

pub(super) fn run(args: &Args) -> Outcome {
    let listed = block_on(async {
        let session = args.database.choose()?.session().await?;
        Ok(registry::list(&session).await?)
    })?;
    terminal::print(&match args.format {
        Format::Table => table(&listed),
        Format::Json => as_json(&listed),
    });
    Ok(Exit::Fine)
}

fn table(listed: &[Listed]) -> String {
    if listed.is_empty() {
        return "no datasets\n".to_owned();
    }
    let style = terminal::style_of_stdout();
    let mut table = Table::new();
    table.load_preset(if style.unicode { presets::UTF8_FULL_CONDENSED } else { presets::ASCII_MARKDOWN });
    table.set_header(["name", "owner", "version", "deployed (UTC)", "actions", "importers", "dbid"]);
    for it in listed {
        let cells = [
            it.name.clone(),
            it.owner.clone().unwrap_or_else(|| "network".to_owned()),
            it.version.to_string(),
            it.deployed_at.clone(),
            it.actions.to_string(),
            it.importers.to_string(),
            it.dbid.clone(),
        ];
        table.add_row(cells.iter().map(|cell| visible(cell).into_owned()));
    }
    let pending = listed.iter().filter(|it| it.pending > 0).map(|it| {
        let plural = if it.pending == 1 { "" } else { "s" };
        format!("{} step{plural} pending in `{}`, `kf deploy` finishes them\n", it.pending, visible(&it.name))
    });
    let plural = if listed.len() == 1 { "" } else { "s" };
    format!("{table}\n{} dataset{plural}\n{}", listed.len(), pending.collect::<String>())
}

fn as_json(listed: &[Listed]) -> String {
    let one = |it: &Listed| {
        json!({"name": it.name, "dbid": it.dbid, "owner": it.owner, "version": it.version,
               "deployed_at": it.deployed_at, "actions": it.actions, "importers": it.importers,
               "pending": it.pending})
    };
    let all: Vec<serde_json::Value> = listed.iter().map(one).collect();
    format!("{}\n", serde_json::Value::Array(all))
}
