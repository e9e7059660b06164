//! Generated programs, deployed and called, against an interpreter of the checked program.
//!
//! What is generated is well typed, so it must compile, deploy and pass plpgsql_check, and no call may raise an SQLSTATE
//! of class 42, 0A or XX. Rows, errors, notices and, after each call, the contents of all tables are those of
//! `tests/interpreter`, which knows docs/language and no database. Together the programs have everything the checked
//! program can hold, and every function.
//!
//! A program is a number, which seeds a proptest strategy; one that fails is made smaller as proptest does it, and shown
//! with the call. `KF_DIFFERENTIAL_PROGRAMS` says how many there are (400), `KF_DIFFERENTIAL_CALLS` how many calls
//! each gets (8), `KF_DIFFERENTIAL_SEED` where to begin (1), `KF_DIFFERENTIAL_PATIENCE` how many seconds a failing one is
//! made smaller (60).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "differential/compare.rs"]
mod compare;
#[path = "differential/coverage.rs"]
mod coverage;
#[path = "differential/deployed.rs"]
mod deployed;
mod generator;
mod interpreter;
#[path = "differential/names.rs"]
mod names;
#[path = "differential/runs.rs"]
mod runs;
mod support;
#[path = "differential/tables.rs"]
mod tables;
#[path = "differential/tally.rs"]
mod tally;

use std::thread::JoinHandle;
use std::time::Duration;

use runs::Settings;
use tally::Tally;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect(name))
}

/// The interpreter's own stack has to hold 200 calls inside one another.
fn roomy_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    std::thread::Builder::new().stack_size(256 << 20).spawn(work).unwrap()
}

#[test]
fn deployed_programs_do_what_the_language_says() {
    let (first, programs) = (setting("KF_DIFFERENTIAL_SEED", 1), setting("KF_DIFFERENTIAL_PROGRAMS", 400));
    let settings = Settings {
        calls: usize::try_from(setting("KF_DIFFERENTIAL_CALLS", 8)).unwrap(),
        patience: Duration::from_secs(setting("KF_DIFFERENTIAL_PATIENCE", 60)),
        shown: 2,
    };
    let numbers: Vec<u64> = (first..first + programs).collect();
    let halves: Vec<Vec<u64>> =
        (0..2).map(|half| numbers.iter().copied().filter(|number| number % 2 == half).collect()).collect();
    let workers: Vec<_> =
        halves.into_iter().map(|half| roomy_thread(move || runs::run(&half, settings))).collect();
    let mut total = Tally::default();
    for worker in workers {
        total.add(worker.join().unwrap());
    }
    println!("{}", total.shown());
    for difference in &total.differences {
        println!("{difference}");
    }
    let missing = coverage::missing(&total.seen);
    println!("never generated: {missing:#?}");
    assert!(total.differences.is_empty(), "{}", total.shown());
    assert_eq!(total.programs, programs);
    assert!(total.answers > total.calls / 3, "too few calls give an answer");
    assert!(programs < 400 || missing.is_empty(), "never generated: {missing:#?}");
}
