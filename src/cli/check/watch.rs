//! `kf check --watch`: once more after every change.

use std::io;
use std::time::Instant;

use super::Args;
use crate::Workspace;
use crate::cli::config::Lints;
use crate::cli::project::Input;
use crate::cli::report::{Format, Reporting};
use crate::cli::watch::Watch;
use crate::cli::{Exit, Failure, Outcome, terminal};
use crate::diagnostics::render::Style;
use crate::diagnostics::{Diagnostic, json};
use crate::interface::Options;
use crate::source::Sources;

/// So many files that changed are named.
const SHOWN: usize = 3;

/// Checks, and checks again after every change, until somebody asks for the end or nobody reads any more.
pub(super) fn run(args: &Args) -> Outcome {
    allowed(args)?;
    let mut watch = Watch::begin(args.texts.paths())?;
    let mut rounds = Rounds { args, workspace: Workspace::new(), number: 0, seen: None };
    let mut changed = Vec::new();
    loop {
        if rounds.round(&changed).is_err() {
            return Ok(Exit::Fine);
        }
        let Some(next) = watch.next()? else { return Ok(Exit::Fine) };
        changed = next;
        watch.look()?;
    }
}

fn allowed(args: &Args) -> Result<(), Failure> {
    if args.texts.stdin()?.is_some() {
        return Err(Failure::usage("`--watch` watches files, and standard input is none")
            .help("leave out `--stdin-filename`"));
    }
    let format = args.reporting.format;
    if format.is_whole() && format != Format::Json {
        let failure = Failure::usage("`--watch` cannot report as one document: it does not end");
        return Err(failure.help("`--report FORMAT=FILE` writes the file again in every round"));
    }
    Ok(())
}

/// What a round looks at: if it is what the round before looked at, there is nothing to say.
#[derive(PartialEq, Eq)]
struct Seen {
    texts: Vec<(String, String)>,
    options: Options,
    lints: Lints,
    failure: Option<String>,
}

struct Rounds<'a> {
    args: &'a Args,
    workspace: Workspace,
    number: usize,
    seen: Option<Seen>,
}

/// One round, to be told.
struct Round<'r> {
    number: usize,
    changed: &'r [String],
    milliseconds: f64,
    found: &'r Result<(Input, Vec<Diagnostic>), Failure>,
}

impl Rounds<'_> {
    /// Checks what is there now, and tells it if it is another thing than before.
    fn round(&mut self, changed: &[String]) -> io::Result<()> {
        let began = Instant::now();
        let read = self.read();
        let seen = Seen::of(&read, self.args);
        if self.seen.as_ref() == Some(&seen) {
            return Ok(());
        }
        let found = read.map(|input| {
            let diagnostics = self.check(&input, &seen.options);
            (input, diagnostics)
        });
        self.number += 1;
        self.seen = Some(seen);
        let milliseconds = began.elapsed().as_secs_f64() * 1e3;
        Round { number: self.number, changed, milliseconds, found: &found }.tell(&self.args.reporting)
    }

    fn read(&self) -> Result<Input, Failure> {
        let mut input = self.args.texts.load()?;
        if input.diagnostics.is_empty() {
            input.reach(&self.args.reaching.reach())?;
        }
        Ok(input)
    }

    fn check(&mut self, input: &Input, options: &Options) -> Vec<Diagnostic> {
        let mut diagnostics = input.diagnostics.clone();
        if diagnostics.is_empty() {
            diagnostics = self.workspace.check(&input.sources, options).diagnostics().to_vec();
        }
        self.args.reporting.explain(&mut diagnostics, input);
        diagnostics
    }
}

impl Seen {
    fn of(read: &Result<Input, Failure>, args: &Args) -> Seen {
        let input = match read {
            Ok(input) => input,
            Err(failure) => {
                let failure = Some(failure.render(Style::PLAIN));
                return Seen {
                    texts: Vec::new(),
                    options: Options::default(),
                    lints: Lints::default(),
                    failure,
                };
            }
        };
        let texts = input.sources.iter().map(|(_, source)| (source.path.clone(), source.text.clone()));
        let options = input.options(args.reaching.reach().owner.as_ref());
        Seen { texts: texts.collect(), options, lints: input.project.config.lints.clone(), failure: None }
    }
}

impl Round<'_> {
    fn tell(&self, reporting: &Reporting) -> io::Result<()> {
        if let Ok((input, diagnostics)) = self.found
            && let Err(failure) = reporting.keep(&input.report(diagnostics))
        {
            failure.show();
        }
        match reporting.format {
            Format::Json => terminal::tell(&(self.json() + "\n")),
            Format::Human | Format::Short => {
                terminal::tell(&format!("{}{}\n", terminal::clear(), self.head()))?;
                self.body(reporting)?;
                terminal::tell(&format!("{}\n", self.foot()))
            }
            _ => self.body(reporting),
        }
    }

    fn body(&self, reporting: &Reporting) -> io::Result<()> {
        match self.found {
            Ok((input, diagnostics)) => terminal::tell(&reporting.text(&input.report(diagnostics))),
            Err(failure) => {
                failure.show();
                Ok(())
            }
        }
    }

    /// `round 2: notes.kf changed`
    fn head(&self) -> String {
        match self.changed {
            [] => format!("round {}: all files", self.number),
            changed => format!("round {}: {} changed", self.number, some(changed)),
        }
    }

    /// `round 2: checked in 4 ms, waiting for changes`
    fn foot(&self) -> String {
        let done = if self.found.is_ok() { "checked" } else { "not checked" };
        format!("round {}: {done} in {:.0} ms, waiting for changes", self.number, self.milliseconds.ceil())
    }

    fn json(&self) -> String {
        let nothing = Sources::new();
        let failure = self.found.as_ref().err().map(|failure| failure.render(Style::PLAIN));
        let found = self.found.as_ref().ok();
        let report = found.map(|(input, diagnostics)| input.report(diagnostics));
        json::round(&json::Round {
            number: self.number,
            changed: self.changed,
            milliseconds: self.milliseconds,
            failure: failure.as_deref(),
            diagnostics: report.map_or(&[], |report| report.diagnostics),
            sources: report.map_or(&nothing, |report| report.sources),
            files: report.map_or(0, |report| report.files),
        })
    }
}

/// The first few of some names.
fn some(names: &[String]) -> String {
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
