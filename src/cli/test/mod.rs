//! `kf test`: tests written in the language, run against a database that is made for them.

mod again;
mod compare;
mod coverage;
mod diff;
mod human;
mod json;
mod junit;
mod rows;
mod select;
mod snapshots;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::ValueEnum;

use super::database::{Chosen, block_on};
use super::project::{self, Input, Paths, Reach};
use super::verbose::Verbosity;
use super::{Exit, Failure, Outcome as Ended, terminal};
use crate::deploy::connect::Settings;
use crate::deploy::embedded::Embedded;
use crate::deploy::testing::{self, Contents, Outcome, Scratch};
use crate::diagnostics::Severity;
use crate::diagnostics::render;
use crate::interface::{Options, Test};
use crate::{TestCompilation, compile_tests};
use compare::Compared;

pub(super) use again::{Ran, again};

/// Run tests: each in a transaction that is rolled back, in databases made for them
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf test                            every test of the current project
  kf test notes.kft                  those of one file
  kf test --filter owner             those whose title has `owner` in it
  kf test --update                   keep what `matches snapshot` finds
  kf test --coverage                 and what of the schemas they came through
  kf test --format junit             for CI

Tests are files `*.kft` beside the schemas; docs/guide/testing.md says how to write them. They run in databases that are
made for them in the project's own PostgreSQL, or on the server of --db, and go with the run.
Exit codes: 0 all passed · 1 a test failed, or the sources have errors · 2 no tests, a path or kf.toml is wrong ·
4 the database")]
pub(super) struct Args {
    #[command(flatten)]
    paths: Paths,
    /// Only tests whose `schema: title` has TEXT in it, in any case
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// How many tests run at a time [default: as many as there are processors]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// How long one test may take
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0)]
    timeout: f64,
    /// How results are reported
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// Write what `matches snapshot` finds into the files beside the tests
    #[arg(long)]
    update: bool,
    /// Show what the tests came through: lines with counts, and branches
    #[arg(long)]
    coverage: bool,
    /// Write what the tests came through into FILE, as lcov does
    #[arg(long, value_name = "FILE")]
    coverage_lcov: Option<PathBuf>,
    /// A server to make the databases on, as libpq takes it [default: a PostgreSQL of the project's own]
    #[arg(long = "db", value_name = "URL")]
    server: Option<String>,
    #[command(flatten)]
    verbosity: Verbosity,
}

/// How results are reported on stdout.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// A line for each test and one for all of them
    Json,
    /// JUnit's XML, a suite for each file
    Junit,
}

/// Everything there is to report.
struct Report<'r> {
    input: &'r Input,
    tests: &'r [Test],
    /// In the order of `tests`.
    results: Vec<Compared>,
    /// How long all of it took.
    took: Duration,
    /// Snapshots that were written, by file.
    written: Vec<String>,
}

impl Args {
    fn covers(&self) -> bool {
        self.coverage || self.coverage_lcov.is_some()
    }
}

impl Report<'_> {
    fn failed(&self) -> usize {
        self.results.iter().filter(|result| !result.passed()).count()
    }
}

pub(super) fn run(args: &Args) -> Ended {
    args.verbosity.begin();
    let mut input = project::load_with_tests(&args.paths.paths)?;
    let made = match compile(&mut input, args.covers())? {
        Ok(made) => made,
        Err(wrong) => return Ok(wrong),
    };
    let asked = |test: &Test| input.sources.iter().any(|(id, it)| it.path == test.path && input.is_asked(id));
    let tests = select::select(made.tests, asked, args.filter.as_deref())?;
    let began = Instant::now();
    let outcomes = execute(args, &input, &made.compilation.packages, &tests)?;
    let (results, written) = compare::compare(&input, &tests, outcomes, args.update)?;
    let report = Report { input: &input, tests: &tests, results, took: began.elapsed(), written };
    let covered = coverage::files(&input.sources, &made.points, &report);
    if let Some(path) = &args.coverage_lcov {
        std::fs::write(path, coverage::lcov(&covered)).map_err(|error| {
            Failure::usage(format!("cannot write `{}`: {}", path.display(), project::reason(&error)))
        })?;
    }
    let style = terminal::style_of_stdout();
    terminal::print(&match args.format {
        Format::Human if args.coverage => human::text(&report, style) + &coverage::text(&covered, style),
        Format::Human => human::text(&report, style),
        Format::Json => json::text(&report, &covered),
        Format::Junit => junit::text(&report),
    });
    Ok(if report.failed() > 0 { Exit::Source } else { Exit::Fine })
}

/// What schemas are compiled with where nothing else is: what is deployed elsewhere is deployed too, and gateways see nothing.
pub(super) fn options(input: &Input) -> Options {
    let mut options = Options { expose: None, ..input.options(None) };
    options.imported.retain(|_, imported| imported.owner.is_some());
    options
}

/// How long one test may take.
///
/// # Errors
/// A number that is no length of time.
pub(super) fn timeout(seconds: f64) -> Result<Duration, Failure> {
    let timeout = Duration::try_from_secs_f64(seconds).ok().filter(|limit| !limit.is_zero());
    timeout.ok_or_else(|| Failure::usage("--timeout is not a number of seconds above 0"))
}

/// Compiles schemas and tests; none if there are errors, which were reported, with what the process ends with.
fn compile(input: &mut Input, coverage: bool) -> Result<Result<TestCompilation, Exit>, Failure> {
    let mut made = TestCompilation::default();
    made.compilation.diagnostics.clone_from(&input.diagnostics);
    if input.diagnostics.is_empty() {
        input.reach(&Reach::default())?;
        let options = Options { coverage, ..options(input) };
        made = compile_tests(&input.sources, &options);
    }
    let diagnostics = &mut made.compilation.diagnostics;
    input.explain(diagnostics);
    input.project.config.lints.apply(diagnostics);
    diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    if diagnostics.is_empty() {
        return Ok(Ok(made));
    }
    let style = terminal::style_of_stderr();
    let text =
        render::human(diagnostics, &input.sources, style) + &render::tally(diagnostics, input.files(), style);
    let _ = std::io::stderr().write_all(text.as_bytes());
    Ok(Err(Exit::Source))
}

/// Runs the tests in databases that are made for them.
fn execute(
    args: &Args,
    input: &Input,
    packages: &[crate::Package],
    tests: &[Test],
) -> Result<Vec<Outcome>, Failure> {
    let timeout = timeout(args.timeout)?;
    let scripts = input.project.scripts()?;
    let contents = Contents { scripts: &scripts, packages, tests };
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = args.jobs.unwrap_or_else(processors).clamp(1, tests.len().clamp(1, 64));
    let chosen = match &args.server {
        Some(url) => Chosen::Given(url.clone()),
        None => Chosen::Embedded(Embedded::at(&input.project.root.join(".kf"))),
    };
    block_on(async {
        let server = Settings::from_environment(&chosen.address()?)?;
        if matches!(chosen, Chosen::Embedded(_)) {
            testing::sweep(&server, &select::is_left).await?;
        }
        let spinner = terminal::spinner("making databases");
        let name = select::scratch_name();
        let scratch = Scratch::make(&server, &name, contents, jobs).await.map_err(super::deploy::all)?;
        let (mut outcomes, count) = (Vec::new(), tests.len());
        let mut tell = |outcome| {
            outcomes.push(outcome);
            spinner.say(format!("ran {} of {count}", outcomes.len()));
        };
        let ran = tokio::select! {
            ran = testing::run(&scratch, Arc::new(tests.to_vec()), timeout, &mut tell) => ran.map_err(Failure::from),
            _ = tokio::signal::ctrl_c() => Err(Failure::new(Exit::Database, "interrupted")),
        };
        let removed = scratch.remove().await;
        ran?;
        removed?;
        outcomes.sort_by_key(|outcome| outcome.index);
        Ok(outcomes)
    })
}
