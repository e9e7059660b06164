//! What logic costs: actions generated from `logic.kf` beside PL/pgSQL of the same meaning, written by hand. Prints
//! ratios of what was measured side by side; `bench/README.md` says how to read them.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

#[path = "logic/cases.rs"]
mod cases;
#[path = "logic/place.rs"]
mod place;

use std::time::{Duration, Instant};

use cases::{BASE, Case, GENERATED, Goal};
use kuneiform::deploy::connect::Session;
use support::measure::{Quartiles, Rounds};
use support::server::{Server, block_on, circumstances};
use tokio_postgres::Statement;

/// How often every shape is measured.
const ROUNDS: usize = 200;
/// How often before, untimed.
const WARM_UP: usize = 5;

fn main() {
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    let cases: Vec<Case> = cases::all().into_iter().filter(|case| case.name.contains(&wanted)).collect();
    block_on(run(&cases));
}

async fn run(cases: &[Case]) {
    let server = Server::start();
    let session = place::prepare(&server).await;
    println!("{}, nothing flushed to disk", circumstances(&session).await);
    println!(
        "time of each as a multiple of the first: median of {ROUNDS} rounds (half of the rounds within)"
    );
    let mut prepared = Vec::new();
    for case in cases {
        prepared.push(prepare(&session, case).await);
    }
    let mut rounds: Vec<Rounds> = cases.iter().map(|case| Rounds::new(case.shapes.len())).collect();
    for round in 0..WARM_UP + ROUNDS {
        for ((case, statements), rounds) in cases.iter().zip(&prepared).zip(&mut rounds) {
            for shape in rounds.order(round) {
                let (took, _) = once(&session, &statements[shape], case.count).await;
                if round >= WARM_UP {
                    rounds.note(shape, took, 1);
                }
            }
        }
    }
    cases.iter().zip(&rounds).for_each(|(case, rounds)| report(case, rounds));
}

/// Prepares the shapes of a case, which all give the same.
async fn prepare(session: &Session, case: &Case) -> Vec<Statement> {
    let (mut statements, mut answers) = (Vec::new(), Vec::new());
    for (_, sql) in &case.shapes {
        let statement = session.client.prepare(sql).await.unwrap();
        answers.push(once(session, &statement, case.count).await.1);
        statements.push(statement);
    }
    assert!(answers.iter().all(|answer| *answer == answers[BASE]), "{}: {answers:?}", case.name);
    statements
}

async fn once(session: &Session, statement: &Statement, count: i64) -> (Duration, String) {
    let begin = Instant::now();
    let row = session.client.query_one(statement, &[&count]).await.unwrap();
    (begin.elapsed(), row.get(0))
}

fn report(case: &Case, rounds: &Rounds) {
    println!("\n{}", case.name);
    for (index, (name, _)) in case.shapes.iter().enumerate() {
        let (ratio, quiet) = (rounds.ratio(index, BASE), rounds.quiet_ratio(index, BASE));
        println!("  {name:36} {:18} quiet {quiet:5.2}", ratio.show());
    }
    let (is_met, goal) = match case.goal {
        Goal::AtMost(goal) => (rounds.ratio(GENERATED, BASE).median <= goal, format!("at most {goal}")),
        Goal::Beats(goal) => {
            let gain: Quartiles = rounds.ratio(case.shapes.len() - 1, GENERATED);
            (gain.median >= goal, format!("at least {goal} times as fast, is {}", gain.show()))
        }
    };
    println!("  goal {goal}: {}", if is_met { "met" } else { "MISSED" });
}
