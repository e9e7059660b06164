//! `kf explain`: the page of a code, or the list of all of them.

use super::{Exit, Failure, Outcome, markdown, runtime, terminal};
use crate::diagnostics::render::{Ink, Style};
use crate::diagnostics::{Code, nearest};

/// What a code means, with a bad and a good example
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf explain                         every code
  kf explain KF0201                  a fault that `kf check` reports
  kf explain KF004                   an error that a call can end with")]
pub(super) struct Args {
    /// A code, such as KF0201; without it, all codes are listed
    code: Option<String>,
}

pub(super) fn run(args: &Args) -> Outcome {
    let style = terminal::style_of_stdout();
    let text = match &args.code {
        Some(code) => markdown::render(page(code)?, style),
        None => list(style),
    };
    terminal::print(&text);
    Ok(Exit::Fine)
}

fn page(code: &str) -> Result<&'static str, Failure> {
    let wanted = code.trim().to_ascii_uppercase();
    let compile = Code::ALL.iter().find(|code| code.id() == wanted).map(|code| code.explain());
    let run_time = || runtime::ALL.iter().find(|code| code.id == wanted).map(|code| code.page);
    compile.or_else(run_time).ok_or_else(|| unknown(code, &wanted))
}

fn unknown(code: &str, wanted: &str) -> Failure {
    let known = Code::ALL.iter().map(|code| code.id()).chain(runtime::ALL.iter().map(|code| code.id));
    let failure = Failure::usage(format!("no code `{code}`"));
    match nearest(wanted, known) {
        Some(near) => failure.help(format!("did you mean `{near}`? `kf explain` lists every code")),
        None => failure.help("`kf explain` lists every code"),
    }
}

/// The rooms of the table, by the digits after `KF`.
const GROUPS: &[(&str, &str)] = &[
    ("KF01", "Characters, syntax, limits"),
    ("KF02", "Names"),
    ("KF03", "Types and shapes"),
    ("KF04", "Queries, order, slips"),
    ("KF05", "Access and guards"),
    ("KF06", "Imports"),
    ("KF07", "Deploying"),
    ("KF08", "Calling"),
];

fn list(style: Style) -> String {
    let mut text = String::new();
    for (prefix, heading) in GROUPS {
        let mut codes = Code::ALL.iter().filter(|code| code.id().starts_with(prefix)).peekable();
        if codes.peek().is_none() {
            continue;
        }
        text.push_str(&format!("{}\n", style.paint(Ink::Strong, heading)));
        for code in codes {
            let word = style.paint(Ink::of(code.severity()), &format!("{:7}", code.severity().word()));
            text.push_str(&format!("  {}  {word}  {}\n", code.id(), code.title()));
        }
        text.push('\n');
    }
    text.push_str(&format!("{}\n", style.paint(Ink::Strong, "Raised by a call, as SQLSTATE")));
    for code in runtime::ALL {
        text.push_str(&format!("  {:6}  {}\n", code.id, code.title()));
    }
    text
}
