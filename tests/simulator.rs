//! Networks of validators in one process, over schedules that a seed decides: messages that are lost, nodes that lag and
//! crash, observers that are slow, liars, and powers that change.
//!
//! `KF_SCHEDULES` says how many seeds are tried in memory, `KF_DATABASE_SCHEDULES` how many with databases, `KF_SEED`
//! tries one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "simulator/database.rs"]
mod database;
#[path = "simulator/liar.rs"]
mod liar;
#[path = "simulator/node.rs"]
mod node;
#[path = "simulator/random.rs"]
mod random;
mod support;
#[path = "simulator/world.rs"]
mod world;

use kuneiform::oracle::Validator;
use node::{Member, Node, Plan};
use world::{Told, World};

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// Tries the seeds that the environment names, `count` of them if it says nothing.
async fn all<M: Member>(
    name: &str,
    count: u64,
    most: usize,
    make: impl AsyncFn(Validator, Plan, i64) -> M,
) -> (u64, Told) {
    let seeds = match number("KF_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number(name).unwrap_or(count),
    };
    let mut all = Told::default();
    for seed in seeds.clone() {
        let mut world = World::new(seed, most, &make).await;
        let told = match world.run().await {
            Ok(()) => world.check().await,
            Err(wrong) => Err(wrong),
        };
        all.add(&told.unwrap_or_else(|wrong| panic!("KF_SEED={seed}: {wrong}")));
    }
    eprintln!("{} schedules: {all:?}", seeds.end - seeds.start);
    (seeds.end - seeds.start, all)
}

#[test]
fn honest_nodes_agree_and_apply_what_is_true_once() {
    support::block_on(async {
        let make = async |name, plan, lifetime| Node::new(name, plan, lifetime);
        let (count, told) = all("KF_SCHEDULES", 40, 2, make).await;
        // A schedule in which nothing goes wrong shows nothing.
        assert!(count == 1 || told.is_rich(), "{told:?}");
    });
}

#[test]
fn so_do_nodes_with_a_database_each() {
    support::block_on(async {
        let (_, told) = all("KF_DATABASE_SCHEDULES", 1, 1, database::Replicated::new).await;
        assert!(told.applied > 0 && told.crashes > 0, "{told:?}");
    });
}
