//! `kf dev`: after every change check, deploy into a database that goes with the process, and run the tests it reaches.

mod block;
mod clients;
mod database;
mod events;
mod reach;
mod round;
mod told;

use clap::ValueEnum;

use super::project::Paths;
use super::watch::Watch;
use super::{Exit, Failure, Outcome, terminal};
use database::Scratch;
use round::Developing;

/// Watch the project: check it, deploy it into a scratch database, run its tests, write its clients after every change
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf dev                             the current project, until Ctrl-C
  kf dev --format json               for editors: a line for each check, deploy, .. that was done
  kf dev --reset                     and the database anew where a change would lose rows
  kf call --db URL notes.read 1      a call from elsewhere, at the address that kf dev says

The database is a PostgreSQL of its own that ends with the command. What it holds is kept from round to round, as
`kf deploy` keeps it; where a change would lose rows it is left as it was, or with --reset made anew. Tests that a change
reaches run in databases of their own, and so do those that failed the last time. Clients that kf.toml lists are kept up to
date.
Exit codes: 0 ended by Ctrl-C or SIGTERM · 2 a path is wrong, or the folder is gone · 4 no PostgreSQL")]
pub(super) struct Args {
    #[command(flatten)]
    paths: Paths,
    /// Make the database anew where a change would lose rows or cannot be made
    #[arg(long)]
    reset: bool,
    /// Run no tests
    #[arg(long)]
    no_tests: bool,
    /// How long one test may take
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0)]
    timeout: f64,
    /// How rounds are told
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

/// How rounds are told on stdout.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// A line of JSON for each thing that happened; docs/guide/watching.md describes them
    Json,
}

pub(super) fn run(args: &Args) -> Outcome {
    let timeout = super::test::timeout(args.timeout)?;
    let mut watch = Watch::begin(args.paths.paths.as_slice())?;
    let scratch = {
        let _spinner = terminal::spinner("starting PostgreSQL");
        Scratch::start()?
    };
    let url = match args.format {
        Format::Human => format!("database {}\n", scratch.url()),
        Format::Json => events::database(&scratch.url()),
    };
    let mut developing = Developing::new(args, timeout, scratch);
    let mut changed = Vec::new();
    if terminal::tell(&url).is_err() {
        return Ok(Exit::Fine);
    }
    loop {
        match developing.round(&mut watch, &changed) {
            Some(told) if told.is_ok() => {}
            _ => return Ok(Exit::Fine),
        }
        let Some(next) = watch.next()? else { return Ok(Exit::Fine) };
        changed = next;
        watch.look()?;
    }
}

/// As it is shown.
fn rendered(failure: &Failure) -> String {
    failure.render(terminal::style_of_stdout())
}
