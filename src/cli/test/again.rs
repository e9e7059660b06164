use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Report, compare, human, json, select};
use crate::cli::project::Input;
use crate::cli::{Failure, terminal};
use crate::deploy::connect::Settings;
use crate::deploy::testing::{self, Contents, Scratch};
use crate::interface::{Dbid, Package, Test};

/// What running some tests came to.
pub(in crate::cli) struct Ran {
    /// What is to be said of those that failed.
    pub text: String,
    /// The same, an object for each as `kf test --format json` has them.
    pub objects: Vec<Value>,
    /// The schema of each test that failed.
    pub failed: Vec<Dbid>,
}

/// Runs `tests` of `input` with `packages`, what they need, in a database of their own on the server of `settings`.
///
/// # Errors
/// A database that cannot be made or talked to, snapshots that cannot be read.
pub(in crate::cli) async fn again(
    settings: &Settings,
    input: &Input,
    packages: &[Package],
    tests: &[Test],
    timeout: Duration,
) -> Result<Ran, Failure> {
    let began = Instant::now();
    let name = select::scratch_name();
    let scripts = input.project.scripts()?;
    let contents = Contents { scripts: &scripts, packages, tests };
    let made = Scratch::make(settings, &name, contents, 1).await;
    let scratch = made.map_err(crate::cli::deploy::all)?;
    let mut outcomes = Vec::new();
    let mut tell = |outcome| outcomes.push(outcome);
    let ran = testing::run(&scratch, Arc::new(tests.to_vec()), timeout, &mut tell).await;
    let removed = scratch.remove().await;
    ran?;
    removed?;
    outcomes.sort_by_key(|outcome| outcome.index);
    let (results, written) = compare::compare(input, tests, outcomes, false)?;
    let report = Report { input, tests, results, took: began.elapsed(), written };
    let failed = || tests.iter().zip(&report.results).filter(|(_, result)| !result.passed());
    let style = terminal::style_of_stdout();
    let text = failed().map(|(test, result)| human::failure(&report, test, result, style)).collect();
    let objects = failed().map(|(test, result)| json::one(test, result)).collect();
    Ok(Ran { text, objects, failed: failed().map(|(test, _)| test.dbid.clone()).collect() })
}
