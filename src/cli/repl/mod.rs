//! `kf repl`: calls and queries at a prompt, or a line at a time from a pipe.

mod commands;
mod history;
mod line;
mod names;
mod prompt;
mod state;

use std::io::{BufRead, IsTerminal};

use super::call::As;
use super::database::Database;
use super::{Exit, Failure, Outcome};
use state::{Next, State};

/// A prompt for calls and queries on a database
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf repl                            on the project's own database
  kf repl --db postgres://host/name
  echo 'ens.get_ownership()' | kf repl

At the prompt:
  ens.create_wallet('w1', 0xab)      a call, as the language writes it; `$id := 'w1'` by name
  SELECT n.id FROM ens.names AS n;   a look into tables; nothing can be written
  @caller := '0xab'                  who calls from here on
  .help                              everything else

Each line is a transaction of its own. From a pipe, the first error ends the run.
Exit codes: 0 fine · from a pipe, those of the line that failed: 2 it is wrong · 4 database · 5 the called action raised")]
pub(super) struct Args {
    /// Who calls: @caller
    #[arg(long, value_name = "ID", env = "KF_CALLER", default_value = "local")]
    caller: String,
    /// How the caller comes in; `owner` is a user who owns the dataset
    #[arg(long = "as", value_enum, value_name = "ROLE", default_value = "public")]
    role: As,
    #[command(flatten)]
    database: Database,
}

pub(super) fn run(args: &Args) -> Outcome {
    let mut state = State::new(args.database.choose()?, args.caller.clone(), args.role.into())?;
    match std::io::stdin().is_terminal() {
        true => prompt::run(&mut state),
        false => piped(&mut state, std::io::stdin().lock()),
    }
}

/// Runs what `from` holds; the first error ends it.
fn piped(state: &mut State, from: impl BufRead) -> Outcome {
    let mut input = String::new();
    for line in from.lines() {
        let line = line.map_err(|error| Failure::usage(format!("cannot read the input: {error}")))?;
        input.push_str(&line);
        input.push('\n');
        if line::is_complete(&input) && state.run(&std::mem::take(&mut input))? == Next::Leave {
            return Ok(Exit::Fine);
        }
    }
    state.run(&input).map(|_| Exit::Fine)
}
