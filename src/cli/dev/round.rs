use std::collections::BTreeSet;
use std::io;
use std::time::{Duration, Instant};

use super::clients::Clients;
use super::database::{Deployed, Scratch, reasons};
use super::reach::{Pending, needed};
use super::told::Round;
use super::{Args, rendered};
use crate::cli::Failure;
use crate::cli::config::Config;
use crate::cli::project::{self, Input, Reach};
use crate::cli::test;
use crate::cli::watch::Watch;
use crate::deploy::DeployError;
use crate::diagnostics::Severity;
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

    /// One round, which is told if there is something new; gives what became of telling it. None if it was ended from
    /// outside.
    pub fn round(&mut self, watch: &mut Watch, changed: &[String]) -> Option<io::Result<()>> {
        let began = Instant::now();
        let read = self.read();
        let seen = read.as_ref().ok().map(|(input, options)| Seen::of(input, options));
        if seen.is_some() && self.seen == seen {
            return Some(Ok(()));
        }
        self.pending.all |= self.seen.as_ref().map(|it| &it.options) != seen.as_ref().map(|it| &it.options);
        self.seen = seen;
        self.number += 1;
        let mut round = Round::new(self.number, changed, self.args.format, began);
        let done = match read {
            Ok((input, options)) => self.work(watch, &input, &options, &mut round),
            Err(failure) => {
                round.events.check(changed, Err(&failure), began.elapsed());
                round.block.line("check", "not read", Some(began.elapsed()));
                Err(Stopped::Told(Box::new(failure)))
            }
        };
        match done {
            Ok(fine) => Some(round.end(fine, None)),
            Err(Stopped::Asked) => None,
            Err(Stopped::Told(failure)) => Some(round.end(false, Some(&failure))),
        }
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
        round: &mut Round<'_>,
    ) -> Result<bool, Stopped> {
        let Some(made) = self.check(input, options, round) else {
            round.block.line("deploy", "left as it was", None);
            return Ok(false);
        };
        let deployed = self.deploy(watch, input, &made.compilation, round)?;
        let written = deployed && self.clients(input, round);
        let passed = self.args.no_tests || self.test(watch, input, made, round)?;
        Ok(deployed && written && passed)
    }

    /// Checks and compiles; none if there are errors.
    fn check(&mut self, input: &Input, options: &Options, round: &mut Round<'_>) -> Option<TestCompilation> {
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
        round.checked(input, diagnostics);
        let wrong = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        (!wrong).then_some(made)
    }

    fn deploy(
        &mut self,
        watch: &mut Watch,
        input: &Input,
        made: &Compilation,
        round: &mut Round<'_>,
    ) -> Result<bool, Stopped> {
        let began = Instant::now();
        let scripts = input.project.scripts()?;
        let deployed = watch.within(self.scratch.deploy(&scripts, &made.packages, self.args.reset));
        match deployed.ok_or(Stopped::Asked)?? {
            Deployed::Done(changed) => {
                round.events.deployed(&changed, began.elapsed());
                round.block.line("deploy", &changed.summary(), Some(began.elapsed()));
                Ok(true)
            }
            Deployed::Refused { reasons: errors, lossy } => {
                let failures = reasons(errors);
                round.events.refused(&failures, lossy, began.elapsed());
                failures.iter().for_each(|failure| round.block.wrong(&rendered(failure)));
                let way = if lossy { "left as it was; `kf dev --reset` makes it anew" } else { "refused" };
                round.block.line("deploy", way, Some(began.elapsed()));
                Ok(false)
            }
        }
    }

    /// Writes the clients that kf.toml lists; true if they are as they should be.
    fn clients(&mut self, input: &Input, round: &mut Round<'_>) -> bool {
        let (began, paths) = (Instant::now(), &self.args.paths.paths);
        if input.project.config.clients.is_empty() {
            return true;
        }
        if !input.project.is_all_of(paths) {
            round.block.line("clients", "left as they were: they are of the whole project", None);
            return true;
        }
        let written = self.clients.write(input, paths);
        round.events.clients(&written, began.elapsed());
        let summary = match &written {
            Ok(written) => written.summary(),
            Err(failure) => {
                round.block.wrong(&rendered(failure));
                "not written".to_owned()
            }
        };
        round.block.line("clients", &summary, Some(began.elapsed()));
        written.is_ok()
    }

    fn test(
        &mut self,
        watch: &mut Watch,
        input: &Input,
        made: TestCompilation,
        round: &mut Round<'_>,
    ) -> Result<bool, Stopped> {
        let began = Instant::now();
        let count = made.tests.len();
        let tests: Vec<Test> = self.pending.of(made.tests);
        if tests.is_empty() {
            let none = if count == 0 { "no tests" } else { "none reached" };
            round.events.tests(0, count, &[], began.elapsed());
            round.block.line("tests", none, None);
            self.pending.ran(BTreeSet::new());
            return Ok(true);
        }
        let packages = needed(&made.compilation.packages, &tests);
        let settings = self.scratch.settings()?;
        let ran = watch.within(test::again(&settings, input, &packages, &tests, self.timeout));
        let ran = ran.ok_or(Stopped::Asked)??;
        round.tested(&ran, tests.len(), count, began.elapsed());
        let passed = ran.failed.is_empty();
        self.pending.ran(ran.failed.into_iter().collect());
        Ok(passed)
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
