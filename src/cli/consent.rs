//! Asking whoever deploys to agree to what is not safe.

use std::io::{BufRead, IsTerminal, Write};

use clap::ValueEnum;

use super::{steps, terminal};
use crate::deploy::{Change, Consent, Plan};
use crate::migrate::Verdict;

/// The flag of commands that change what is deployed.
#[derive(clap::Args, Debug)]
pub(super) struct Agreed {
    /// Agree to what is not safe, instead of being asked
    #[arg(long, value_name = "WHAT", value_enum, value_delimiter = ',')]
    yes: Vec<Yes>,
}

/// What may be agreed to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Yes {
    /// Callers may be refused what they were given
    Breaking,
    /// Rows and values may go for good
    DeleteData,
}

impl Agreed {
    /// What was agreed to on the command line; the rest is asked for where somebody can answer. `command` is what does it.
    pub(super) fn to(&self, plan: &Plan, command: &str) -> Consent {
        let mut consent = Consent {
            breaking: self.yes.contains(&Yes::Breaking) || drops(plan),
            delete_data: self.yes.contains(&Yes::DeleteData),
        };
        let missing = consent.missing(plan);
        let is_possible = plan.verdict() != Verdict::Refused;
        if missing.is_empty() || !is_possible || !std::io::stdin().is_terminal() {
            return consent;
        }
        say(&steps::text(plan, command, terminal::style_of_stderr()));
        for word in missing {
            let (given, question) = match word {
                "breaking" => (&mut consent.breaking, "callers may be refused what they were given. go on?"),
                _ => (&mut consent.delete_data, "rows or values go for good. go on?"),
            };
            *given = ask(question);
            if !*given {
                break;
            }
        }
        consent
    }
}

/// A drop is asked for by its name: that callers find nothing any more is no surprise.
fn drops(plan: &Plan) -> bool {
    plan.datasets.iter().any(|dataset| dataset.change == Change::Drop)
}

/// True if the answer is yes. No answer is a no.
pub(super) fn ask(question: &str) -> bool {
    say(&format!("{question} [y/N] "));
    let mut answer = String::new();
    if !matches!(std::io::stdin().lock().read_line(&mut answer), Ok(1..)) {
        say("\n");
    }
    ["y", "yes"].contains(&answer.trim().to_lowercase().as_str())
}

fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
