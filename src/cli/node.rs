//! `kf node`: a node, alone or under CometBFT.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::database::Chosen;
use super::{Exit, Failure, Outcome};
use crate::connectors;
use crate::deploy::embedded::Embedded;
use crate::diagnostics::visible;
use crate::node::{NodeConfig, NodeError, Say, Trouble};
use crate::oracle::Registry;

/// A node, alone or under CometBFT: blocks, oracles, an HTTP API
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf node run                                 as node.toml in this folder says
  kf node run --config chains/main.toml
  curl -s localhost:7557/v1/status            where it is")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Run a node until SIGINT or SIGTERM
    Run(Run),
}

#[derive(clap::Args, Debug)]
#[command(after_help = "\
A PostgreSQL of the node's own is under `.kf` beside node.toml; it is started, and runs on afterwards.
Exit codes: 0 stopped by a signal · 1 a genesis schema has errors · 2 node.toml or a file is wrong ·
4 the database, or another genesis")]
struct Run {
    /// The node's file
    #[arg(long, value_name = "FILE", default_value = "node.toml")]
    config: PathBuf,
    /// Address of the database, as libpq takes it [default: `database` in node.toml, else a PostgreSQL of the node's own]
    #[arg(long = "db", value_name = "URL", env = "KF_DATABASE_URL", hide_env_values = true)]
    url: Option<String>,
}

pub(super) fn run(args: &Args) -> Outcome {
    let Command::Run(args) = &args.command;
    let environment = |name: &str| std::env::var(name).ok();
    let config = NodeConfig::read(&args.config, &environment)?;
    let address = chosen(args.url.clone(), &args.config, config.database.clone()).address()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::usage(format!("cannot begin: {error}")))?;
    let registry = connectors::register(Registry::new());
    let outcome = runtime.block_on(crate::node::run(config, &address, &registry, say()));
    // What a client or a program still holds must not keep the process.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    outcome?;
    Ok(Exit::Fine)
}

/// The database of the node whose file is `config` and says `database`; `url` comes first.
pub(super) fn chosen(url: Option<String>, config: &Path, database: Option<String>) -> Chosen {
    let beside = config.parent().unwrap_or(Path::new(""));
    match url.filter(|url| !url.is_empty()).or(database) {
        Some(url) => Chosen::Given(url),
        None => Chosen::Embedded(Embedded::at(&beside.join(".kf"))),
    }
}

/// A line on stderr.
fn say() -> Say {
    Arc::new(|line: &str| {
        let _ = std::io::stderr().write_all(format!("{}\n", visible(line)).as_bytes());
    })
}

impl From<NodeError> for Failure {
    fn from(error: NodeError) -> Failure {
        let exit = match error.trouble {
            Trouble::Config => Exit::Usage,
            Trouble::Source => Exit::Source,
            Trouble::Database => Exit::Database,
        };
        let mut failure = Failure::new(exit, error.message);
        failure.notes = error.notes;
        failure.help = error.help;
        failure
    }
}
