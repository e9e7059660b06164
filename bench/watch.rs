//! What one change costs in a project of 100 schemas, 10,000 lines: `kf check` of the changed file as a process, and a round
//! of `kf check --watch` from reading the files to the report, beside the check of the whole project.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use kuneiform::cli::project::load_with_tests;
use kuneiform::diagnostics::render::{self, Style};
use kuneiform::{Workspace, check};
use support::measure::{Quartiles, Rounds};
use support::project::{Shape, large};

const SCHEMAS: usize = 100;
/// How often each is timed.
const ROUNDS: usize = 60;
/// How often each is run before, untimed.
const WARM_UP: usize = 5;
/// Milliseconds that a whole process may take for the changed file.
const PROCESS: f64 = 100.0;
/// Milliseconds that a round of the watch may take.
const WATCH: f64 = 20.0;

/// Something that is timed.
struct Timed {
    name: String,
    goal: Option<f64>,
    run: Box<dyn FnMut(usize) -> Duration>,
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let tree = written(&folder.path().join("tree"), Shape::Tree);
    let chain = written(&folder.path().join("chain"), Shape::Chain);
    let last = format!("registry_{SCHEMAS}.kf");
    let buffer = tree.join(&last);
    let mut all = vec![
        process("process: kf check, all of it", &tree, &[], None, None),
        process("process: kf check FILE, imports 6", &tree, &[&last], None, Some(PROCESS)),
        process(
            "process: the same from stdin",
            &tree,
            &["--stdin-filename", &last, "-"],
            Some(buffer),
            Some(PROCESS),
        ),
        process("process: kf check FILE, imports 99", &chain, &[&last], None, Some(PROCESS)),
        whole("library: check, all of it", &tree),
        round("watch: a body changed, nobody imports it", &tree, SCHEMAS, "holders.score + 2", Some(WATCH)),
        round("watch: a body changed, 99 import it", &tree, 1, "holders.score + 2", Some(WATCH)),
        round("watch: an interface changed, 2 import it", &tree, 2, "i.price, h.score\n", Some(WATCH)),
    ];
    let mut rounds = Rounds::new(all.len());
    for number in 0..WARM_UP + ROUNDS {
        for index in rounds.order(number) {
            let took = (all[index].run)(number);
            if number >= WARM_UP {
                rounds.note(index, took, 1);
            }
        }
    }
    report(&all, &rounds);
}

fn report(all: &[Timed], rounds: &Rounds) {
    println!("{SCHEMAS} schemas, 10,000 lines; milliseconds, {ROUNDS} runs of each, in turn\n");
    println!("{:44} {:>8} {:>8} {:>8}   of all of it", "", "median", "least", "greatest");
    for (index, Timed { name, goal, .. }) in all.iter().enumerate() {
        let Quartiles { median, least, greatest, .. } = rounds.seconds(index);
        let [median, least, greatest] = [median, least, greatest].map(|seconds| seconds * 1e3);
        let base = if name.starts_with("process") { 0 } else { 4 };
        let ratio = rounds.ratio(index, base).show();
        let goal = goal.map_or(String::new(), |goal| {
            format!("   goal {goal} ms: {}", if median < goal { "met" } else { "MISSED" })
        });
        println!("{name:44} {median:8.2} {least:8.2} {greatest:8.2}   {ratio}{goal}");
    }
}

/// The project in a folder of its own.
fn written(folder: &Path, shape: Shape) -> PathBuf {
    std::fs::create_dir(folder).unwrap();
    std::fs::write(folder.join("kf.toml"), "").unwrap();
    for (path, text) in large(SCHEMAS, shape) {
        std::fs::write(folder.join(path), text).unwrap();
    }
    folder.to_path_buf()
}

fn process(
    name: &str,
    folder: &Path,
    arguments: &[&str],
    stdin: Option<PathBuf>,
    goal: Option<f64>,
) -> Timed {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kf"));
    command.arg("check").args(arguments).current_dir(folder).env_remove("KF_FORMAT");
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let run = move |_| {
        command.stdin(stdin.as_ref().map_or_else(Stdio::null, |path| File::open(path).unwrap().into()));
        let begin = Instant::now();
        let status = command.status().unwrap();
        let took = begin.elapsed();
        assert!(status.success());
        took
    };
    Timed { name: name.to_owned(), goal, run: Box::new(run) }
}

fn whole(name: &str, folder: &Path) -> Timed {
    let input = load_with_tests(&[folder.to_path_buf()]).unwrap();
    let options = input.options(None);
    let run = move |_| {
        let begin = Instant::now();
        assert!(!check(&input.sources, &options).has_errors());
        begin.elapsed()
    };
    Timed { name: name.to_owned(), goal: None, run: Box::new(run) }
}

/// A round after schema `number` changed: an expression of it becomes `change`, or what it was.
fn round(name: &str, folder: &Path, number: usize, change: &str, goal: Option<f64>) -> Timed {
    let (folder, mut workspace) = (folder.to_path_buf(), Workspace::new());
    let path = folder.join(format!("registry_{number}.kf"));
    let text = std::fs::read_to_string(&path).unwrap();
    let what = if change.starts_with("holders") { "holders.score + 1" } else { "i.price\n" };
    assert!(text.contains(what));
    let other = text.replace(what, change);
    let run = move |turn: usize| {
        std::fs::write(&path, if turn.is_multiple_of(2) { &other } else { &text }).unwrap();
        let begin = Instant::now();
        let input = load_with_tests(std::slice::from_ref(&folder)).unwrap();
        let diagnostics = workspace.check(&input.sources, &input.options(None)).diagnostics();
        let told = render::human(diagnostics, &input.sources, Style::PLAIN);
        let took = begin.elapsed();
        assert!(turn == 0 || workspace.checked_again().len() <= 3, "{}", workspace.checked_again().len());
        std::hint::black_box(told);
        std::fs::write(&path, &text).unwrap();
        took
    };
    Timed { name: name.to_owned(), goal, run: Box::new(run) }
}
