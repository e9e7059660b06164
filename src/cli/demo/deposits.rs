//! `kf demo deposits`: what was deposited on a chain and what a node that is killed again and again credits.

use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;

use tokio::signal::unix::{SignalKind, signal};

use super::script::Script;
use super::stage::Stage;
use super::{problems, show};
use crate::cli::{Exit, Failure, Outcome, terminal};

/// Deposits on a local EVM chain appear in `accounts`, however often the node is killed
///
/// Starts anvil, an escrow on it, and `kf node run`. Deposits are made; some are equal to others, some are taken away by
/// a reorganisation before they are final. Meanwhile the node is killed and started again. In the end every balance and
/// their sum must be the chain's.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf demo deposits
  kf demo deposits --anvil node_modules/.bin/anvil --seed 7
  kf demo deposits --kills 50 --deposits 1000 --keep

`npm install --global @foundry-rs/anvil` brings anvil.
Exit codes: 0 all is equal · 2 anvil is missing, or something could not be run · 101 something differs")]
pub(super) struct Args {
    /// The program that runs the chain
    #[arg(long, value_name = "PATH", env = "KF_ANVIL", default_value = "anvil")]
    anvil: PathBuf,
    /// How often the node is killed
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(..=1000))]
    kills: u32,
    /// How many deposits stay; those that a reorganisation takes away come on top
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    deposits: u32,
    /// What is done, and when [default: by chance]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Keep the folder, with the logs
    #[arg(long)]
    keep: bool,
}

pub(super) fn run(args: &Args) -> Outcome {
    let seed = args.seed.unwrap_or_else(|| RandomState::new().hash_one(()) % 1_000_000);
    let script = Script { kills: args.kills, deposits: args.deposits, seed };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| problems::system("cannot begin", &error))?;
    terminal::print(&show::title(&script, terminal::style_of_stdout()));
    let (stage, outcome) = runtime.block_on(on_stage(args, &script));
    let left = stage.map(|stage| stage.clear(args.keep)).unwrap_or(Ok(()));
    outcome.and(left)?;
    Ok(Exit::Fine)
}

/// Sets the stage and plays, until the end or a signal. What was begun is given back in any case, to be ended.
async fn on_stage(args: &Args, script: &Script) -> (Option<Stage>, Result<(), Failure>) {
    let mut stage = None;
    let outcome = tokio::select! {
        outcome = play(args, script, &mut stage) => outcome,
        outcome = interrupted() => outcome,
    };
    (stage, outcome)
}

async fn play(args: &Args, script: &Script, stage: &mut Option<Stage>) -> Result<(), Failure> {
    let stage = stage.insert(Stage::new()?);
    let mut cast = {
        let _spinner = terminal::spinner("starting PostgreSQL, anvil and a node");
        stage.set(&args.anvil).await?
    };
    terminal::print(&show::stage(stage.path(), &cast.escrow));
    script.play(&mut cast).await
}

async fn interrupted() -> Result<(), Failure> {
    let listen = |kind| signal(kind).map_err(|error| problems::system("cannot listen for signals", &error));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Err(problems::interrupted())
}
