//! `kf fmt`: sources in the one style.

use super::project::{self, Schema, Texts};
use super::{Exit, Failure, Outcome, saved, terminal};
use crate::Sources;
use crate::diagnostics::{Sink, render};
use crate::format::{FormatError, format};

/// Write schemas and tests in the one style: comments stay, and what they compile to does too
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf fmt                             the current project
  kf fmt --check                     only say which files are not in the style, for CI
  kf fmt --diff notes.kf             show what would change
  kf fmt --stdin-filename notes.kf - < buffer
                                     an editor's text in, the formatted text out

A file with errors of syntax is left as it is.
Exit codes: 0 all are in the style now · 1 errors of syntax; with --check or --diff, a file is not in the style · 2 a path is wrong")]
pub(super) struct Args {
    #[command(flatten)]
    texts: Texts,
    /// Write nothing; name the files that are not in the style
    #[arg(long, conflicts_with = "stdin_filename")]
    check: bool,
    /// Write nothing; show what would change
    #[arg(long, conflicts_with = "stdin_filename")]
    diff: bool,
}

pub(super) fn run(args: &Args) -> Outcome {
    if let Some(name) = args.texts.stdin()? {
        let text = project::text_of_stdin(name)?;
        return Ok(match formatted(&text)? {
            Ok(formatted) => {
                terminal::print(&formatted);
                Exit::Fine
            }
            Err(report) => report.show(),
        });
    }
    let mut tally = Tally::default();
    for schema in project::schemas(args.texts.paths())? {
        one(args, &schema, &mut tally)?;
    }
    Ok(tally.tell(args.check || args.diff))
}

/// What came of the files.
#[derive(Default)]
struct Tally {
    files: usize,
    changed: usize,
    wrong: usize,
}

impl Tally {
    /// The last line, and what the process ends with.
    fn tell(&self, dry: bool) -> Exit {
        let files = if self.files == 1 { "file" } else { "files" };
        let verb = if dry { "not in the style" } else { "formatted" };
        let mut line = match (self.changed, self.wrong) {
            (0, 0) => format!("{} {files} in the style", self.files),
            (changed, _) => format!("{changed} of {} {files} {verb}", self.files),
        };
        if self.wrong > 0 {
            line.push_str(&format!(", {} with errors of syntax", self.wrong));
        }
        eprintln!("{line}");
        if self.wrong > 0 || (dry && self.changed > 0) { Exit::Source } else { Exit::Fine }
    }
}

fn one(args: &Args, schema: &Schema, tally: &mut Tally) -> Result<(), Failure> {
    tally.files += 1;
    let new = match formatted(schema)? {
        Ok(new) => new,
        Err(report) => {
            report.show();
            tally.wrong += 1;
            return Ok(());
        }
    };
    if new == schema.text {
        return Ok(());
    }
    tally.changed += 1;
    if args.diff {
        terminal::print(&saved::diff(&schema.shown, &schema.text, &new));
    } else {
        terminal::print(&format!("{}\n", schema.shown));
    }
    if !args.check && !args.diff {
        schema.replace(&new)?;
    }
    Ok(())
}

/// Why a file was left as it is.
struct Report(String);

impl Report {
    fn show(&self) -> Exit {
        eprint!("{}", self.0);
        Exit::Source
    }
}

/// The text in the one style, or what is wrong with it.
fn formatted(schema: &Schema) -> Result<Result<String, Report>, Failure> {
    match format(&schema.text) {
        Ok(text) => Ok(Ok(text)),
        Err(FormatError::Syntax) => Ok(Err(faults(schema))),
        Err(FormatError::Changed) => {
            let failure =
                Failure::usage(format!("`{}` was not formatted: {}", schema.shown, FormatError::Changed));
            Err(failure.help("this is a fault of `kf fmt`; the file is as it was"))
        }
    }
}

fn faults(schema: &Schema) -> Report {
    let mut sources = Sources::new();
    let id = sources.add(schema.shown.clone(), schema.text.clone());
    let mut sink = Sink::new();
    crate::syntax::parse(&sources, id, &mut sink);
    Report(render::human(&sink.into_sorted(), &sources, terminal::style_of_stderr()))
}
