//! `kf show`: one dataset as the database remembers it.

mod tree;
mod versions;

use super::database::{Database, block_on};
use super::{Exit, Failure, Outcome, terminal};
use crate::deploy::connect::Session;
use crate::deploy::registry::{self, Graph, Shown};
use crate::diagnostics::render::{Ink, Style};
use crate::diagnostics::visible;
use crate::interface::Dbid;

/// Show a deployed dataset: what it is, its source, its SQL, what it imports and who imports it
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf show ens                        what it is, with its actions
  kf show 0xab.ens --source          the source it was made of
  kf show ens --graph                what it imports and who imports it, directly or not
  kf show ens --version 2 --source   the source of an earlier version

A name that several owners use is written OWNER.NAME, or as the DBID that `kf list` shows.")]
pub(super) struct Args {
    /// Name, OWNER.NAME or DBID
    #[arg(value_name = "DATASET")]
    dataset: String,
    /// As this version was, which `--versions` lists; with --source, --sql, --interface or --manifest
    #[arg(long, value_name = "VERSION", requires = "What")]
    version: Option<i32>,
    #[command(flatten)]
    what: What,
    #[command(flatten)]
    database: Database,
}

#[derive(clap::Args, Debug)]
#[group(multiple = false)]
struct What {
    /// The source it was made of
    #[arg(long)]
    source: bool,
    /// The SQL that made it
    #[arg(long)]
    sql: bool,
    /// What importers see, as JSON
    #[arg(long)]
    interface: bool,
    /// What every action reads, writes and calls, as JSON
    #[arg(long)]
    manifest: bool,
    /// What it imports and who imports it, as a tree
    #[arg(long, conflicts_with = "version")]
    graph: bool,
    /// The versions it had, for `kf rollback --to`
    #[arg(long, conflicts_with = "version")]
    versions: bool,
}

pub(super) fn run(args: &Args) -> Outcome {
    let text = block_on(async {
        let session = args.database.choose()?.session().await?;
        shown(&session, args).await
    })?;
    terminal::print(&text);
    Ok(Exit::Fine)
}

async fn shown(session: &Session, args: &Args) -> Result<String, Failure> {
    if !registry::check(session).await? {
        return Err(registry::nothing_deployed().into());
    }
    let dbid = registry::find(&session.client, &args.dataset).await?;
    let style = terminal::style_of_stdout();
    let what = &args.what;
    if what.graph {
        return Ok(tree::text(&dbid, &registry::graph(session, &dbid).await?, style));
    }
    if what.versions {
        return Ok(versions::table(&registry::versions(&session.client, &dbid).await?, style));
    }
    let mut shown = registry::show(session, &dbid).await?;
    if let Some(version) = args.version {
        shown = versions::earlier(session, &dbid, shown, version).await?;
    }
    Ok(match what {
        What { source: true, .. } => shown.source,
        What { sql: true, .. } => shown.sql.iter().map(|sql| format!("{sql}\n\n")).collect(),
        What { interface: true, .. } => json(&shown.interface),
        What { manifest: true, .. } => json(&shown.manifest),
        _ => summary(&dbid, &shown, &registry::graph(session, &dbid).await?, style),
    })
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

fn summary(dbid: &Dbid, shown: &Shown, graph: &Graph, style: Style) -> String {
    let names = |of: Option<&Vec<String>>| {
        let names: Vec<&str> = of.into_iter().flatten().map(|dbid| tree::name(graph, dbid)).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    let block = shown.height.map(|height| format!(", after block {height}")).unwrap_or_default();
    let facts = [
        ("dbid", dbid.to_string()),
        ("owner", shown.owner.clone().unwrap_or_else(|| "none, a network schema".to_owned())),
        ("version", format!("{}, deployed {} UTC{block}", shown.version, shown.deployed_at)),
        ("compiler", format!("kf {}", shown.compiler)),
        ("source", shown.path.clone()),
        ("interface", shown.interface_hash.clone()),
        ("sql", shown.sql_hash.clone()),
        ("imports", names(graph.imports.get(dbid.as_str()))),
        ("importers", names(graph.importers.get(dbid.as_str()))),
    ];
    let left = shown.pending.iter().map(|left| ("pending", left.clone()));
    let mut text = format!("{}\n", style.paint(Ink::Strong, shown.interface.name.as_str()));
    for (word, fact) in facts.into_iter().chain(left) {
        text.push_str(&format!("  {}{}\n", style.paint(Ink::Quiet, &format!("{word:<11}")), visible(&fact)));
    }
    text.push_str(&format!("{}\n", style.paint(Ink::Strong, "actions")));
    for (name, signature) in &shown.interface.actions {
        text.push_str(&format!("  {}\n", visible(&signature.render(name.as_str()))));
    }
    text
}
