//! Ten thousand datasets in one database: what a deploy and a call cost when it is full beside when it is empty.
//! `cargo bench --bench scale -- 2000` fills it with fewer.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "scale/schemas.rs"]
mod schemas;
mod support;
#[path = "scale/work.rs"]
mod work;

use schemas::{CLUSTER, SHAPES, Shape, cluster};
use support::measure::Rounds;
use support::server::{Server, block_on, circumstances};
use work::{Cost, Worker};

const DATASETS: usize = 10_000;
const ROUNDS: usize = 5;

/// The goal for what grows with the database.
const FLAT: f64 = 1.5;

fn main() {
    let asked = std::env::args().skip(1).find_map(|word| word.parse().ok());
    block_on(run(asked.unwrap_or(DATASETS)));
}

async fn run(datasets: usize) {
    let server = Server::start();
    let mut full = Worker::start(&server, "filled").await;
    println!("{}, nothing flushed to disk", circumstances(full.session()).await);
    fill(&mut full, datasets).await;
    beside(&server, &mut full).await;
    chain(&mut full).await;
}

/// Fills a database and says what its first and last clusters cost.
async fn fill(full: &mut Worker, datasets: usize) {
    let mut costs: Vec<(Shape, Cost)> = Vec::new();
    for number in 0..datasets / CLUSTER {
        let shape = SHAPES[number % SHAPES.len()];
        let packages = cluster(&format!("d{number}"), shape, None);
        costs.push((shape, full.deploy(&packages).await));
    }
    println!(
        "\n{datasets} datasets in clusters of {CLUSTER}; milliseconds a dataset, on the clock and on processors"
    );
    for shape in SHAPES {
        let of: Vec<Cost> = costs.iter().filter(|(it, _)| *it == shape).map(|(_, cost)| *cost).collect();
        let end = 3.min(of.len());
        let (first, last) = (Cost::mean(&of[..end]), Cost::mean(&of[of.len() - end..]));
        let (clock, cpu) = (last.clock / first.clock, last.processor / first.processor);
        println!(
            "{:10} first {end}: {} last {end}: {} ratio {clock:.2} {cpu:.2} (goal {FLAT})",
            shape.name(),
            first.each(CLUSTER),
            last.each(CLUSTER)
        );
    }
}

/// The same work in the full database and in one that holds just that, in turns.
async fn beside(server: &Server, full: &mut Worker) {
    const NAMES: [&str; 5] = [
        "a cluster deployed (chain)",
        "one dataset changed, no dependents",
        "one dataset changed, 199 dependents",
        "nothing changed in a cluster",
        "a call through 200 datasets",
    ];
    let mut rounds: Vec<Rounds> = NAMES.iter().map(|_| Rounds::new(2)).collect();
    for round in 0..=ROUNDS {
        let mut small = Worker::start(server, "small").await;
        let pair: [&mut Worker; 2] = [&mut small, full];
        let mut order = [0, 1];
        order.rotate_left(round % 2);
        let mut pair = pair.map(Some);
        for side in order {
            let worker = pair[side].take().unwrap();
            for (case, cost) in worker.cases(&format!("r{round}")).await.into_iter().enumerate() {
                // The first round warms up.
                if round > 0 {
                    rounds[case].note(side, cost.processor_time(), 1);
                }
            }
        }
        small.end(server, "small").await;
    }
    println!("\nfull database beside one that holds only what is worked on, {ROUNDS} rounds, processor time");
    for (name, rounds) in NAMES.iter().zip(&rounds) {
        let ms = rounds.seconds(1).median * 1e3;
        println!("{name:38} {:20} {ms:9.2} ms in the full one", rounds.ratio(1, 0).show());
    }
}

/// One transaction through 200 datasets leaves a row in each, or in none.
async fn chain(full: &mut Worker) {
    let packages = cluster("whole", Shape::Chain, None);
    full.deploy(&packages).await;
    let top = format!("whole_{}", CLUSTER - 1);
    full.put(&top, 1).await.expect("the chain runs");
    let kept = full.rows("whole").await;
    assert_eq!(kept, CLUSTER, "every dataset of the chain keeps the note");
    full.put(&top, 2).await.expect("the chain runs again");
    println!("\na call through {CLUSTER} datasets keeps {kept} rows in one transaction");
}
