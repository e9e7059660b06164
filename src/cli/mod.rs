//! Floor 14: the command `kf`. Reports go to stdout, progress and failures to stderr.

mod answer;
mod call;
mod check;
mod client;
mod compile;
mod completions;
pub mod config;
mod consent;
pub mod database;
mod db;
mod demo;
mod deploy;
mod dev;
mod doc;
mod drop;
mod events;
mod explain;
mod exposing;
mod failure;
mod fix;
mod fmt;
mod graph;
mod help;
mod import;
mod init;
mod interrupt;
mod list;
mod making;
mod man;
mod markdown;
mod named;
mod node;
mod openapi;
mod panics;
mod patience;
mod plan;
mod plans;
pub mod project;
mod repl;
pub mod report;
mod rollback;
mod runtime;
pub mod saved;
mod schema;
mod show;
mod steps;
pub mod terminal;
mod test;
pub mod verbose;
mod watch;

pub use failure::{Exit, Failure, Outcome};

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Checks, compiles, deploys and calls schemas that import each other.
#[derive(Parser, Debug)]
#[command(name = "kf", version, about = help::ABOUT, help_template = help::TEMPLATE, after_help = help::AFTER)]
#[command(subcommand_required = true, arg_required_else_help = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Init(init::Args),
    Check(check::Args),
    Fix(fix::Args),
    Fmt(fmt::Args),
    Test(test::Args),
    Dev(dev::Args),
    Compile(compile::Args),
    Import(import::Args),
    Plan(plan::Args),
    Deploy(deploy::Args),
    Rollback(rollback::Args),
    Drop(drop::Args),
    Openapi(openapi::Args),
    Graph(graph::Args),
    Doc(doc::Args),
    Client(client::Args),
    Call(call::Args),
    Repl(repl::Args),
    List(list::Args),
    Show(show::Args),
    Db(db::Args),
    Node(node::Args),
    Events(events::Args),
    Demo(demo::Args),
    Explain(explain::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    ExitCode::from(run(std::env::args_os()))
}

/// Runs `arguments`, the first of which is the program's name, and returns the exit code: 0 fine, 1 the source has
/// errors, 2 usage, configuration or files, 3 consent is needed, 4 database, 5 the called action raised, 101 our bug.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let parsed = match Cli::try_parse_from(arguments) {
        Ok(parsed) => parsed,
        Err(wrong) => {
            // A closed stdout is not a fault of ours.
            let _ = wrong.print();
            return if wrong.use_stderr() { Exit::Usage.code() } else { Exit::Fine.code() };
        }
    };
    match panics::caught(|| dispatch(parsed.command)) {
        Some(Ok(exit)) => exit.code(),
        Some(Err(failure)) => {
            failure.show();
            failure.exit.code()
        }
        None => panics::EXIT_CODE,
    }
}

fn dispatch(command: Command) -> Outcome {
    match command {
        Command::Init(args) => init::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Fix(args) => fix::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Dev(args) => dev::run(&args),
        Command::Fmt(args) => fmt::run(&args),
        Command::Compile(args) => compile::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Plan(args) => plan::run(&args),
        Command::Deploy(args) => deploy::run(&args),
        Command::Rollback(args) => rollback::run(&args),
        Command::Drop(args) => drop::run(&args),
        Command::Openapi(args) => openapi::run(&args),
        Command::Graph(args) => graph::run(&args),
        Command::Doc(args) => doc::run(&args),
        Command::Client(args) => client::run(&args),
        Command::Call(args) => call::run(&args),
        Command::Repl(args) => repl::run(&args),
        Command::List(args) => list::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Db(args) => db::run(&args),
        Command::Node(args) => node::run(&args),
        Command::Events(args) => events::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::{Cli, help};

    /// The template is written by hand, so it could forget one.
    #[test]
    fn help_lists_every_command() {
        for command in Cli::command().get_subcommands() {
            let line = format!("\n  {} ", command.get_name());
            assert!(help::TEMPLATE.contains(&line), "kf --help does not list `{}`", command.get_name());
        }
    }
}
