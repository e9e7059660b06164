//! What a block costs: calls in blocks of several sizes beside `pgbench` of a hand-written function of the same meaning, and
//! events from the oracle's submission to their rows beside a plain INSERT of the same rows.
//! `cargo bench --bench engine -- 9` makes nine rounds.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "engine/node.rs"]
mod node;
#[path = "engine/pgbench.rs"]
mod pgbench;
mod support;

use std::time::{Duration, Instant};

use node::Node;
use pgbench::Pgbench;
use support::measure::Rounds;
use support::server::{Server, block_on, circumstances};

const ROUNDS: usize = 15;
/// Calls in a block, and calls of one round.
const SIZES: [(usize, usize); 4] = [(1, 50), (10, 200), (100, 500), (1000, 1000)];
/// Events of one round.
const EVENTS: i64 = 1000;

fn main() {
    let asked = std::env::args().skip(1).find_map(|word| word.parse().ok());
    block_on(run(asked.unwrap_or(ROUNDS)));
}

async fn run(rounds: usize) {
    let server = Server::start();
    let mut plain = Node::start(&server, "plain", 0).await;
    let mut hashed = Node::start(&server, "hashed", 1).await;
    let load = || std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("{}, nothing flushed to disk, load {}", circumstances(&plain.session).await, load().trim());
    calls(&server, &mut plain, &mut hashed, rounds).await;
    events(&mut plain, rounds).await;
    println!("\nload at the end {}", load().trim());
}

/// Blocks of calls beside pgbench, whose transactions have as many calls, but at most a hundred.
async fn calls(server: &Server, plain: &mut Node, hashed: &mut Node, rounds: usize) {
    let pgbench = Pgbench::of(&server.url("plain"));
    println!("\ncalls in blocks, times as long as pgbench takes for the same calls, {rounds} rounds");
    println!("{:>6} {:24} {:24} {:24}", "calls", "chain", "with the state hashed", "pgbench again");
    for (size, calls) in SIZES {
        let mut all = Rounds::new(4);
        for round in 0..=rounds {
            for shape in all.order(round) {
                let took = match shape {
                    0 | 3 => pgbench.run(size.min(100), calls),
                    1 => blocks(plain, calls, size).await,
                    _ => blocks(hashed, calls, size).await,
                };
                // The first round warms up.
                if round > 0 {
                    all.note(shape, took, calls);
                }
            }
        }
        let [chain, state, again] = [1, 2, 3].map(|shape| all.ratio(shape, 0).show());
        println!("{size:6} {chain:24} {state:24} {again:24}");
    }
}

async fn blocks(node: &mut Node, calls: usize, size: usize) -> Duration {
    let blocks = node.blocks(calls / size, size);
    let began = Instant::now();
    for block in blocks {
        node.run(block).await;
    }
    began.elapsed()
}

/// A batch that an oracle submits, until its rows are committed, beside one INSERT of the rows.
async fn events(node: &mut Node, rounds: usize) {
    let mut all = Rounds::new(3);
    for round in 0..=rounds {
        for shape in all.order(round) {
            let took = match shape {
                0 => node.insert(EVENTS).await,
                1 => node.submit_and_apply(EVENTS).await,
                _ => node.insert_singly(EVENTS).await,
            };
            if round > 0 {
                all.note(shape, took, EVENTS as usize);
            }
        }
    }
    let [applied, singly] = [1, 2].map(|shape| all.ratio(shape, 0).show());
    println!("\n{EVENTS} events of one validator from submission to commit, {rounds} rounds");
    println!("times as long as one INSERT of all rows: {applied}");
    println!("prepared INSERTs of a row each, in one transaction: {singly}");
}
