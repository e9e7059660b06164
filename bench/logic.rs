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
use support::cpu::Backend;
use support::measure::Rounds;
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
        "processor time and time on the clock as a multiple of the first: median of {ROUNDS} rounds \
         (half of the rounds within)"
    );
    let backend = Backend::of(&session).await;
    let mut measured = Vec::new();
    for case in cases {
        measured.push(Measured::of(&session, case).await);
    }
    for round in 0..WARM_UP + ROUNDS {
        for measured in &mut measured {
            for shape in measured.clock.order(round) {
                let before = backend.time();
                let (clock, _) = once(&session, &measured.statements[shape], measured.case.count).await;
                if round >= WARM_UP {
                    measured.clock.note(shape, clock, 1);
                    measured.processor.note(shape, backend.time().saturating_sub(before), 1);
                }
            }
        }
    }
    measured.iter().for_each(Measured::report);
}

/// A case and how long it took.
struct Measured<'a> {
    case: &'a Case,
    statements: Vec<Statement>,
    clock: Rounds,
    processor: Rounds,
}

impl Measured<'_> {
    /// Prepares the shapes of a case, which all give the same.
    async fn of<'a>(session: &Session, case: &'a Case) -> Measured<'a> {
        let (mut statements, mut answers) = (Vec::new(), Vec::new());
        for (_, sql) in &case.shapes {
            let statement = session.client.prepare(sql).await.unwrap();
            answers.push(once(session, &statement, case.count).await.1);
            statements.push(statement);
        }
        assert!(answers.iter().all(|answer| *answer == answers[BASE]), "{}: {answers:?}", case.name);
        let [clock, processor] = [0, 1].map(|_| Rounds::new(case.shapes.len()));
        Measured { case, statements, clock, processor }
    }

    fn report(&self) {
        println!("\n{:38} {:20} on the clock", self.case.name, "processor");
        for (index, (name, _)) in self.case.shapes.iter().enumerate() {
            let [processor, clock] = [&self.processor, &self.clock].map(|it| it.ratio(index, BASE).show());
            println!("  {name:36} {processor:20} {clock}");
        }
        let last = self.case.shapes.len() - 1;
        let (is_met, goal) = match self.case.goal {
            Goal::AtMost(goal) => {
                let ratio = self.processor.ratio(GENERATED, BASE);
                (ratio.median <= goal, format!("at most {goal}"))
            }
            Goal::AtMostOfLast(goal) => {
                let ratio = self.processor.ratio(GENERATED, last);
                let name = self.case.shapes[last].0;
                (ratio.median <= goal, format!("at most {goal} times {name}, is {}", ratio.show()))
            }
            Goal::Beats(goal) => {
                let gain = self.processor.ratio(last, GENERATED);
                (gain.median >= goal, format!("at least {goal} times as fast, is {}", gain.show()))
            }
        };
        println!("  goal {goal}: {}", if is_met { "met" } else { "MISSED" });
    }
}

async fn once(session: &Session, statement: &Statement, count: i64) -> (Duration, String) {
    let begin = Instant::now();
    let row = session.client.query_one(statement, &[&count]).await.unwrap();
    (begin.elapsed(), row.get(0))
}
