//! Deploying 200 datasets with the library, against `psql -f` of the same SQL on the same server.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use kuneiform::Package;
use kuneiform::deploy::connect::connect;
use kuneiform::deploy::deploy_packages;
use kuneiform::deploy::embedded::Binaries;
use support::measure::Rounds;
use support::project::{self, SCHEMA_LINES};
use support::server::{Server, block_on, circumstances};

const DATASETS: usize = 200;
const ROUNDS: usize = 9;

const PSQL: usize = 0;
const LIBRARY: usize = 1;
const AGAIN: usize = 2;
const NAMES: [&str; 3] = ["psql -f", "library", "library, everything unchanged"];

fn main() {
    block_on(run());
}

async fn run() {
    let packages = project::packages(&project::generated(DATASETS * SCHEMA_LINES));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deploy.sql");
    std::fs::write(&file, script(&packages)).unwrap();
    let server = Server::start();
    let mut rounds = Rounds::new(NAMES.len());
    for round in 0..=ROUNDS {
        // Which of the two is first takes turns. The first round warms up.
        let mut notes = Vec::new();
        if round % 2 == 0 {
            notes.push((PSQL, psql(&server, &file).await));
        }
        notes.extend(library(&server, &packages).await);
        if round % 2 == 1 {
            notes.push((PSQL, psql(&server, &file).await));
        }
        for (shape, took) in notes.into_iter().filter(|_| round > 0) {
            rounds.note(shape, took, 1);
        }
    }
    report(&server, &packages, &rounds).await;
}

/// One transaction for each dataset, as the library does.
fn script(packages: &[Package]) -> String {
    let one = |package: &Package| format!("BEGIN;\nSET LOCAL ROLE kf_owner;\n{}COMMIT;\n", package.sql());
    packages.iter().map(one).collect()
}

/// From the start of `psql` to its end.
async fn psql(server: &Server, file: &Path) -> Duration {
    server.database("by_psql").await.close().await;
    let mut command = Command::new(Binaries::find(None).unwrap().program("psql"));
    command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f"]).arg(file).arg(server.url("by_psql"));
    let begin = Instant::now();
    let status = command.stdout(Stdio::null()).status().unwrap();
    let took = begin.elapsed();
    assert!(status.success(), "psql failed");
    server.drop_database("by_psql").await;
    took
}

/// From connecting to the last commit; then the same once more, when there is nothing to do.
async fn library(server: &Server, packages: &[Package]) -> Vec<(usize, Duration)> {
    server.database("by_library").await.close().await;
    let mut notes = Vec::new();
    for shape in [LIBRARY, AGAIN] {
        let begin = Instant::now();
        let mut session = connect(&server.url("by_library")).await.unwrap();
        deploy_packages(&mut session, packages, &mut |_| {}).await.unwrap();
        session.close().await;
        notes.push((shape, begin.elapsed()));
    }
    server.drop_database("by_library").await;
    notes
}

async fn report(server: &Server, packages: &[Package], rounds: &Rounds) {
    let session = server.database("report").await;
    let statements: usize = packages.iter().map(|package| package.statements.len()).sum();
    let bytes: usize = packages.iter().map(|package| package.sql().len()).sum();
    println!("{}, nothing flushed to disk", circumstances(&session).await);
    println!("{DATASETS} datasets, {statements} statements, {} KB of SQL, {ROUNDS} rounds", bytes / 1000);
    println!("ratio to `psql -f`: median over the rounds (half of the rounds within), and of the fastest\n");
    for (shape, name) in NAMES.iter().enumerate() {
        let (ratio, quiet) = (rounds.ratio(shape, PSQL), rounds.quiet_ratio(shape, PSQL));
        let each = rounds.seconds(shape).median * 1e3 / DATASETS as f64;
        println!("{name:32} {:18} {quiet:5.2}   {each:6.2} ms a dataset", ratio.show());
    }
}
