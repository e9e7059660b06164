//! Networks of validators in one process, over schedules that a seed decides: messages that are lost, nodes that lag and
//! crash, observers that are slow, liars, and powers that change.
//!
//! `KF_SCHEDULES` says how many seeds are tried in memory, `KF_DATABASE_SCHEDULES` how many with databases, `KF_SEED`
//! tries one. Thousands take a minute in a build that is optimised:
//! `CARGO_PROFILE_DEV_OPT_LEVEL=1 KF_SCHEDULES=10000 cargo test --test simulator honest -- --nocapture`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "simulator/check.rs"]
mod check;
#[path = "simulator/database.rs"]
mod database;
#[path = "simulator/facts.rs"]
mod facts;
#[path = "simulator/judge.rs"]
mod judge;
#[path = "simulator/liar.rs"]
mod liar;
#[path = "simulator/node.rs"]
mod node;
#[path = "simulator/random.rs"]
mod random;
mod support;
#[path = "simulator/told.rs"]
mod told;
#[path = "simulator/world.rs"]
mod world;

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use kuneiform::oracle::Validator;
use node::{Flaw, Member, Node, Plan};
use told::Told;
use world::World;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// The seeds that the environment names, `count` of them if it says nothing.
fn seeds(name: &str, count: u64) -> Range<u64> {
    match number("KF_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number(name).unwrap_or(count),
    }
}

async fn one<M: Member>(
    seed: u64,
    most: usize,
    make: impl AsyncFn(Validator, Plan, i64) -> M,
) -> Result<Told, String> {
    let mut world = World::new(seed, most, make).await;
    world.run().await?;
    world.check().await
}

fn in_memory(seed: u64, flaw: Flaw) -> Result<Told, String> {
    support::block_on(one(seed, 2, async |name, plan, lifetime| Node::new(name, plan, lifetime, flaw)))
}

#[test]
fn honest_nodes_agree_and_apply_what_is_true_once() {
    let seeds = seeds("KF_SCHEDULES", 60);
    let (next, all) = (AtomicU64::new(seeds.start), Mutex::new(Told::default()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                break;
            }
            let told = in_memory(seed, Flaw::None).unwrap_or_else(|wrong| panic!("KF_SEED={seed}: {wrong}"));
            all.lock().unwrap().join(&told);
        }
    };
    std::thread::scope(|scope| (0..2).for_each(|_| drop(scope.spawn(work))));
    let told = all.into_inner().unwrap();
    println!("{} schedules:\n{told}", seeds.end - seeds.start);
    // A schedule in which nothing goes wrong shows nothing.
    assert!(seeds.end - seeds.start < 60 || told.missing().is_empty(), "missing: {:?}", told.missing());
}

#[test]
fn programs_that_are_wrong_are_noticed() {
    let flaws = [
        (Flaw::AnySignature, "a forged block passed"),
        (Flaw::FewVoters, "the blocks say"),
        (Flaw::EffectsFirst, "times"),
        (Flaw::NoExpiry, "ended as None, and the blocks say"),
        (Flaw::OneDiffers, "has another hash"),
        (Flaw::NoThresholds, "the blocks say"),
    ];
    for (flaw, wanted) in flaws {
        let wrong: Vec<String> = (0..40).filter_map(|seed| in_memory(seed, flaw).err()).take(3).collect();
        assert!(wrong.iter().any(|wrong| wrong.contains(wanted)), "{flaw:?}: {wrong:?}");
    }
}

#[test]
fn so_do_nodes_with_a_database_each() {
    support::block_on(async {
        let mut all = Told::default();
        for seed in seeds("KF_DATABASE_SCHEDULES", 1) {
            let told = one(seed, 1, database::Replicated::new).await;
            all.join(&told.unwrap_or_else(|wrong| panic!("KF_SEED={seed}: {wrong}")));
        }
        println!("{all}");
        assert!(all.of("applied") > 0 && all.of("crashes between finalize and commit") > 0, "{all}");
    });
}
