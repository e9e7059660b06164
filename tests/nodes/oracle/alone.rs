//! Consensus of one validator over a database, through the same steps as that of many.

use std::sync::Arc;

use kuneiform::deploy::connect::Settings;
use kuneiform::oracle::consensus::{Alone, Consensus, Signatures, solo};
use kuneiform::oracle::store::EventStore;
use kuneiform::oracle::store::postgres::PostgresStore;
use kuneiform::oracle::{Caps, DatabaseNode, Event, Knowledge, NoCalls, Powers, Validator};

use super::replica::World;
use super::world::*;
use crate::support::block_on;
use crate::support::proxy::{Fault, Proxy};

fn me() -> Validator {
    validator("me")
}

async fn start(settings: &Settings) -> DatabaseNode {
    let knowledge = Knowledge {
        me: me(),
        initial_height: 1,
        lifetime: 10,
        powers: Arc::new(|_| Powers::solo(me())),
        signatures: Arc::new(Alone),
        calls: Arc::new(NoCalls),
        caps: Caps::SOLO,
        local: kuneiform::engine::Local { durable: false, ..Default::default() },
    };
    DatabaseNode::start(settings, knowledge).await.unwrap()
}

async fn append(world: &World, events: &[Event]) {
    let batch = batch(&events.iter().collect::<Vec<_>>(), &[]);
    PostgresStore(&world.session.client).append("evm", &batch).await.unwrap();
}

fn deposits(numbers: std::ops::Range<u32>) -> Vec<Event> {
    numbers.map(|number| deposit(&number.to_string())).collect()
}

#[test]
fn a_validator_that_is_alone_decides_by_itself() {
    block_on(async {
        assert!(Alone.holds(1, &me(), b"anything", b"no signature"));
        let world = World::new().await;
        let mut node = start(&world.session.settings).await;
        append(&world, &deposits(0..3)).await;
        let (height, first) = solo(&mut node, &me(), 1_700_000_000, Vec::new()).await.unwrap();
        assert_eq!((height, world.balances().await), (1, vec!["0xab 15".to_owned()]));
        // Nothing new, and a block all the same.
        let (height, second) = solo(&mut node, &me(), 1_700_000_001, Vec::new()).await.unwrap();
        assert_eq!((height, node.committed().await), (2, Ok((2, second))));
        assert_ne!(first, second);
        assert_eq!(world.balances().await, ["0xab 15"]);
        assert_eq!(start(&world.session.settings).await.committed().await, Ok((2, second)));
    });
}

#[test]
fn a_crash_between_the_two_steps_leaves_nothing_behind() {
    block_on(async {
        let world = World::new().await;
        append(&world, &deposits(0..2)).await;
        let mut node = start(&world.session.settings).await;
        let proposal = node.propose(1, 1_700_000_000, Vec::new(), Vec::new()).await.unwrap();
        let before = node.committed().await.unwrap();
        node.finalize(&proposal).await.unwrap();
        drop(node);
        let mut node = start(&world.session.settings).await;
        assert_eq!(node.committed().await, Ok(before));
        assert!(node.commit().await.is_err(), "there is nothing to commit");
        assert_eq!(solo(&mut node, &me(), 1_700_000_000, Vec::new()).await.unwrap().0, 1);
        assert_eq!(world.balances().await, ["0xab 10"]);
    });
}

#[test]
fn a_lost_answer_to_a_commit_is_found_out_after_a_restart() {
    block_on(async {
        let world = World::new().await;
        let url = world.url.clone();
        let proxy = Proxy::before(&url);
        let through = Settings::from_environment(&proxy.url()).unwrap();
        let mut total = 0;
        for (round, fault) in (1..).zip([Fault::Unheard, Fault::Cut, Fault::Deaf, Fault::Terminated]) {
            append(&world, &deposits(round * 10..round * 10 + 2)).await;
            total += 10;
            let mut node = start(&through).await;
            let (before, _) = node.committed().await.unwrap();
            proxy.arm_at_commit(fault);
            let lost = solo(&mut node, &me(), 1_700_000_000, Vec::new()).await;
            // A server that hears nothing more may still have answered.
            assert!((lost.is_err() || fault == Fault::Deaf) && proxy.disarm().1, "{fault:?}: {lost:?}");
            drop(node);
            let mut node = start(&through).await;
            let (now, _) = node.committed().await.unwrap();
            assert!(
                now == before || (now == before + 1 && fault != Fault::Terminated),
                "{fault:?}: {before} {now}"
            );
            assert!(now == before + 1 || fault != Fault::Unheard, "the server has done it");
            solo(&mut node, &me(), 1_700_000_000, Vec::new()).await.unwrap();
            assert_eq!(world.balances().await, [format!("0xab {total}")], "{fault:?}");
        }
    });
}
