use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::block::Block;
use super::clients::Clients;
use super::database::{Deployed, Scratch, reasons, summary};
use super::reach::{Pending, needed};
use super::{Args, rendered};
use crate::cli::config::Config;
use crate::cli::project::{self, Input, Reach};
use crate::cli::test::{self, Ran};
use crate::cli::watch::Watch;
use crate::cli::{Failure, terminal};
use crate::deploy::DeployError;
use crate::diagnostics::{Severity, render};
use crate::interface::{Options, Test};
use crate::source::SourceId;
use crate::{Compilation, TestCompilation, Workspace};

/// What a round looks at: if it is what the round before looked at, there is nothing to do.
#[derive(PartialEq, Eq)]
struct Seen {
    texts: Vec<(String, String)>,
    options: Options,
    config: Config,
}

/// What goes on from round to round.
pub(super) struct Developing<'a> {
    args: &'a Args,
    timeout: Duration,
    scratch: Scratch,
    workspace: Workspace,
    number: usize,
    /// What the last round looked at, unless it could not be read.
    seen: Option<Seen>,
    pending: Pending,
    clients: Clients,
}

impl<'a> Developing<'a> {
    pub fn new(args: &'a Args, timeout: Duration, scratch: Scratch) -> Developing<'a> {
        let (workspace, pending, clients) = (Workspace::new(), Pending::all(), Clients::default());
        Developing { args, timeout, scratch, workspace, number: 0, seen: None, pending, clients }
    }

    /// One round, as it is told: nothing if there is nothing new. None if it was ended from outside.
    pub fn round(&mut self, watch: &mut Watch, changed: &[String]) -> Option<Option<String>> {
        let began = Instant::now();
        let read = self.read();
        let seen = read.as_ref().ok().map(|(input, options)| Seen::of(input, options));
        if seen.is_some() && self.seen == seen {
            return Some(None);
        }
        self.pending.all |= self.seen.as_ref().map(|it| &it.options) != seen.as_ref().map(|it| &it.options);
        self.seen = seen;
        self.number += 1;
        let mut block = Block::new(self.number, changed);
        let done = match read {
            Ok((input, options)) => self.work(watch, &input, &options, &mut block, began),
            Err(failure) => {
                block.line("check", "not read", Some(began.elapsed()));
                Err(Stopped::Told(Box::new(failure)))
            }
        };
        let fine = match done {
            Ok(fine) => fine,
            Err(Stopped::Asked) => return None,
            Err(Stopped::Told(failure)) => {
                block.wrong(&rendered(&failure));
                false
            }
        };
        Some(Some(terminal::clear().to_owned() + &block.text(fine, began.elapsed())))
    }

    fn read(&self) -> Result<(Input, Options), Failure> {
        let mut input = project::load_with_tests(&self.args.paths.paths)?;
        if input.diagnostics.is_empty() {
            input.reach(&Reach::default())?;
        }
        let options = test::options(&input);
        Ok((input, options))
    }

    /// Check, deploy, clients, tests; true if all is well.
    fn work(
        &mut self,
        watch: &mut Watch,
        input: &Input,
        options: &Options,
        block: &mut Block,
        began: Instant,
    ) -> Result<bool, Stopped> {
        let Some(made) = self.check(input, options, block, began) else {
            block.line("deploy", "left as it was", None);
            return Ok(false);
        };
        let deployed = self.deploy(watch, &made.compilation, block)?;
        let written = deployed && self.clients(input, block);
        let passed = self.args.no_tests || self.test(watch, input, made, block)?;
        Ok(deployed && written && passed)
    }

    /// Writes the clients that kf.toml lists; true if they are as they should be.
    fn clients(&mut self, input: &Input, block: &mut Block) -> bool {
        let (began, paths) = (Instant::now(), &self.args.paths.paths);
        if input.project.config.clients.is_empty() {
            return true;
        }
        if !input.project.is_all_of(paths) {
            block.line("clients", "left as they were: they are of the whole project", None);
            return true;
        }
        match self.clients.write(input, paths) {
            Ok(written) => block.line("clients", &written.summary(), Some(began.elapsed())),
            Err(failure) => {
                block.wrong(&rendered(&failure));
                block.line("clients", "not written", Some(began.elapsed()));
                return false;
            }
        }
        true
    }

    /// Checks and compiles; none if there are errors.
    fn check(
        &mut self,
        input: &Input,
        options: &Options,
        block: &mut Block,
        began: Instant,
    ) -> Option<TestCompilation> {
        let mut made = TestCompilation::default();
        made.compilation.diagnostics.clone_from(&input.diagnostics);
        if input.diagnostics.is_empty() {
            made = self.workspace.compile_tests(&input.sources, options);
            let changed: BTreeSet<SourceId> = self.workspace.read_again().collect();
            if let Some(program) = self.workspace.checked().program() {
                self.pending.take_in(program, &changed);
            }
        }
        let diagnostics = &mut made.compilation.diagnostics;
        input.explain(diagnostics);
        input.project.config.lints.apply(diagnostics);
        let style = terminal::style_of_stdout();
        block.wrong(&render::human(diagnostics, &input.sources, style));
        let tally = render::tally(diagnostics, input.files(), render::Style::PLAIN);
        block.line("check", tally.trim_end(), Some(began.elapsed()));
        let wrong = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        (!wrong).then_some(made)
    }

    fn deploy(&mut self, watch: &mut Watch, made: &Compilation, block: &mut Block) -> Result<bool, Stopped> {
        let began = Instant::now();
        let deployed = watch.within(self.scratch.deploy(&made.packages, self.args.reset));
        match deployed.ok_or(Stopped::Asked)?? {
            Deployed::Done(outcomes, anew) => {
                let anew = if anew { "database made anew; " } else { "" };
                block.line("deploy", &format!("{anew}{}", summary(&outcomes)), Some(began.elapsed()));
                Ok(true)
            }
            Deployed::Refused { reasons: errors, lossy } => {
                block.wrong(&reasons(errors));
                let way = if lossy { "left as it was; `kf dev --reset` makes it anew" } else { "refused" };
                block.line("deploy", way, Some(began.elapsed()));
                Ok(false)
            }
        }
    }

    fn test(
        &mut self,
        watch: &mut Watch,
        input: &Input,
        made: TestCompilation,
        block: &mut Block,
    ) -> Result<bool, Stopped> {
        let began = Instant::now();
        let count = made.tests.len();
        let tests: Vec<Test> = self.pending.of(made.tests);
        if tests.is_empty() {
            let none = if count == 0 { "no tests" } else { "none reached" };
            block.line("tests", none, None);
            self.pending.ran(BTreeSet::new());
            return Ok(true);
        }
        let packages = needed(&made.compilation.packages, &tests);
        let settings = self.scratch.settings()?;
        let ran = watch.within(test::again(&settings, input, &packages, &tests, self.timeout));
        let Ran { text, failed } = ran.ok_or(Stopped::Asked)??;
        let (of_all, bad) = (tests.len(), failed.len());
        block.wrong(&text);
        let counts = match bad {
            0 => format!("{of_all} of {count} ran: all passed"),
            bad => format!("{of_all} of {count} ran: {bad} failed"),
        };
        block.line("tests", &counts, Some(began.elapsed()));
        self.pending.ran(failed.into_iter().collect());
        Ok(bad == 0)
    }
}

/// Why a round went no further.
enum Stopped {
    /// Somebody asked for the end.
    Asked,
    /// Something that is to be told.
    Told(Box<Failure>),
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Stopped {
        Stopped::Told(Box::new(failure))
    }
}

impl From<DeployError> for Stopped {
    fn from(error: DeployError) -> Stopped {
        Failure::from(error).into()
    }
}

impl Seen {
    fn of(input: &Input, options: &Options) -> Seen {
        let texts = input.sources.iter().map(|(_, source)| (source.path.clone(), source.text.clone()));
        Seen { texts: texts.collect(), options: options.clone(), config: input.project.config.clone() }
    }
}
