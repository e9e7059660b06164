//! What goes wrong in a demo, in words.

use std::fmt::Display;
use std::io::{Error, ErrorKind};
use std::path::Path;
use std::process::ExitStatus;

use crate::cli::{Exit, Failure};

pub(super) fn system(what: &str, error: &Error) -> Failure {
    Failure::usage(format!("{what}: {error}"))
}

pub(super) fn file(verb: &str, path: &Path, error: &Error) -> Failure {
    Failure::usage(format!("cannot {verb} `{}`: {error}", path.display()))
}

pub(super) fn not_run(program: &Path, error: &Error) -> Failure {
    let failure = Failure::usage(format!("cannot run `{}`: {error}", program.display()));
    match error.kind() {
        ErrorKind::NotFound => failure.help(
            "`npm install --global @foundry-rs/anvil` brings anvil; `--anvil` or KF_ANVIL says where it is",
        ),
        _ => failure,
    }
}

/// The last lines of a log, for whoever has to find out.
fn tail(said: &str) -> Vec<String> {
    let lines: Vec<&str> = said.lines().collect();
    lines.iter().skip(lines.len().saturating_sub(8)).map(|line| (*line).to_owned()).collect()
}

fn name(log: &Path) -> String {
    log.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

pub(super) fn ended(log: &Path, status: ExitStatus, said: &str) -> Failure {
    let mut failure = Failure::usage(format!("`{}` has ended by itself: {status}", name(log)));
    failure.notes = tail(said);
    failure
}

pub(super) fn silent(log: &Path, said: &str) -> Failure {
    let mut failure = Failure::usage(format!("`{}` does not say that it is ready", name(log)));
    failure.notes = tail(said);
    failure
}

pub(super) fn chain(error: impl Display) -> Failure {
    Failure::usage(format!("the chain does not answer: {error}"))
}

pub(super) fn unexpected(what: &str) -> Failure {
    Failure::usage(format!("the chain answers something that is no {what}"))
}

pub(super) fn node(error: impl Display) -> Failure {
    Failure::usage(format!("the node does not answer: {error}"))
}

pub(super) fn interrupted() -> Failure {
    Failure::usage("interrupted: everything was stopped")
}

/// What is in `accounts` is not what is on the chain; each difference is a note.
pub(super) fn differs(differences: Vec<String>) -> Failure {
    let mut failure = Failure::new(Exit::Bug, "`accounts` is not what the chain says");
    failure.notes = differences;
    failure.help("`--seed` with the number above does the same again, `--keep` keeps the logs")
}
