//! `kf demo`: parts that work together, shown on this machine.

mod anvil;
mod book;
mod chance;
mod compare;
mod deposits;
mod escrow;
mod folder;
mod killing;
mod node;
mod problems;
mod process;
mod script;
mod show;
mod stage;

use super::Outcome;

/// A story with real programs on this machine: deposits
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf demo deposits                   tokens from an EVM chain, by a node that is killed 20 times
  kf demo deposits --kills 3 --seed 7

Everything happens in a temporary folder and is stopped and deleted at the end.")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    Deposits(deposits::Args),
}

pub(super) fn run(args: &Args) -> Outcome {
    let Command::Deposits(args) = &args.command;
    deposits::run(args)
}
