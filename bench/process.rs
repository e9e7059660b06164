//! The whole life of a `kf check` process, beside that of `true`, which does nothing: what the system takes for itself.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use support::measure::{Quartiles, Rounds};
use support::project;

/// How often each process is run and timed.
const ROUNDS: usize = 200;
/// How often each is run before, untimed.
const WARM_UP: usize = 10;
/// Milliseconds that `kf check` of 1,000 lines may take.
const GOAL: f64 = 30.0;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let commands: Vec<(String, Command)> = vec![
        ("true".to_owned(), Command::new("true")),
        ("kf --version".to_owned(), kf(&["--version"])),
        ("kf check, example network".to_owned(), check(&written(folder.path(), 0, &project::network()))),
        generated(folder.path(), 100),
        generated(folder.path(), 1_000),
        generated(folder.path(), 10_000),
    ];
    let (names, mut commands): (Vec<String>, Vec<Command>) = commands.into_iter().unzip();
    let mut rounds = Rounds::new(commands.len());
    for round in 0..WARM_UP + ROUNDS {
        for index in rounds.order(round) {
            let begin = Instant::now();
            let status = commands[index].status().unwrap();
            let took = begin.elapsed();
            assert!(status.success(), "{}", names[index]);
            if round >= WARM_UP {
                rounds.note(index, took, 1);
            }
        }
    }
    report(&names, &rounds);
}

fn report(names: &[String], rounds: &Rounds) {
    println!("milliseconds from spawn to exit, {ROUNDS} runs of each, in turn\n");
    println!("{:32} {:>8} {:>8} {:>8}", "process", "median", "least", "greatest");
    for (index, name) in names.iter().enumerate() {
        let Quartiles { median, least, greatest, .. } = rounds.seconds(index);
        let [median, least, greatest] = [median, least, greatest].map(|seconds| seconds * 1e3);
        let goal = match name.contains(" 1000 lines") {
            true if median < GOAL => format!("   goal {GOAL}: met"),
            true => format!("   goal {GOAL}: MISSED"),
            false => String::new(),
        };
        println!("{name:32} {median:8.2} {least:8.2} {greatest:8.2}{goal}");
    }
}

fn generated(folder: &Path, lines: usize) -> (String, Command) {
    (format!("kf check, {lines} lines"), check(&written(folder, lines, &project::generated(lines))))
}

/// The files in a folder of their own.
fn written(folder: &Path, name: usize, files: &[(String, String)]) -> PathBuf {
    let folder = folder.join(name.to_string());
    std::fs::create_dir(&folder).unwrap();
    for (path, text) in files {
        std::fs::write(folder.join(path), text).unwrap();
    }
    folder
}

fn check(folder: &Path) -> Command {
    kf(&["check", folder.to_str().unwrap()])
}

fn kf(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kf"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    command
}
