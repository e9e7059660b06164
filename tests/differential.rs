//! Generated programs, deployed and called, against an interpreter of the checked program.
//!
//! What is generated is well typed, so it must compile, deploy and pass plpgsql_check, and no call may raise an SQLSTATE
//! of class 42, 0A or XX. Rows, errors, notices and the tables afterwards are those of `tests/interpreter`, which knows
//! docs/language and no database.
//!
//! A program is a number. `KF_DIFFERENTIAL_PROGRAMS` says how many there are (150), `KF_DIFFERENTIAL_CALLS` how many calls
//! each gets (14), `KF_DIFFERENTIAL_SEED` where to begin (1): what failed is run alone, and
//! shown, with its number and a count of 1.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "differential/compare.rs"]
mod compare;
#[path = "differential/deployed.rs"]
mod deployed;
mod generator;
mod interpreter;
mod support;
#[path = "differential/tables.rs"]
mod tables;

use std::thread::JoinHandle;

use deployed::Tally;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect(name))
}

/// The interpreter's own stack has to hold 200 calls inside one another.
fn roomy_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    std::thread::Builder::new().stack_size(256 << 20).spawn(work).unwrap()
}

#[test]
fn deployed_programs_do_what_the_language_says() {
    let (first, programs) = (setting("KF_DIFFERENTIAL_SEED", 1), setting("KF_DIFFERENTIAL_PROGRAMS", 150));
    let calls = setting("KF_DIFFERENTIAL_CALLS", 14);
    let numbers: Vec<u64> = (first..first + programs).collect();
    let halves: Vec<Vec<u64>> =
        (0..2).map(|half| numbers.iter().copied().filter(|number| number % 2 == half).collect()).collect();
    let workers: Vec<_> =
        halves.into_iter().map(|half| roomy_thread(move || deployed::run(&half, calls))).collect();
    let mut total = Tally::default();
    for worker in workers {
        total.add(worker.join().unwrap());
    }
    println!("{}", total.shown());
    for (difference, text) in &total.differences {
        let shown = std::env::var_os("KF_DIFFERENTIAL_SEED").map_or("", |_| text);
        println!("{difference}\n{shown}");
    }
    assert!(total.differences.is_empty(), "{}", total.shown());
    assert_eq!(total.programs, programs);
    assert!(total.answers > total.calls / 3, "too few calls give an answer");
}
