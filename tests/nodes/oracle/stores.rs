//! One suite for every store: what is kept once, what is pending, what blocks make of it.

use kuneiform::oracle::store::memory::MemoryStore;
use kuneiform::oracle::store::postgres::{PostgresStore, ensure};
use kuneiform::oracle::store::{EventStore, Stage};
use kuneiform::oracle::{Block, Caps, Event, EventId, Extension, Outcome, Seen, apply};

use super::world::*;
use crate::support::{block_on, database, session};

macro_rules! for_every_store {
    ($($name:ident),* $(,)?) => {
        mod memory {
            $(#[test]
            fn $name() {
                super::block_on(super::$name(&mut super::MemoryStore::default()));
            })*
        }
        mod postgres {
            $(#[test]
            fn $name() {
                super::block_on(async {
                    let mut session = super::session(&super::database().await).await;
                    super::ensure(&mut session).await.unwrap();
                    super::ensure(&mut session).await.unwrap();
                    super::$name(&mut super::PostgresStore(&session.client)).await;
                });
            })*
        }
    };
}

for_every_store!(
    events_are_kept_once_and_cursors_apart,
    an_event_is_pending_until_it_is_decided,
    an_event_passes_over_several_blocks_and_ends_once,
    topics_give_their_connected_prefix,
    what_fails_is_recorded_and_blocks_nothing,
    what_too_few_have_seen_expires,
    thresholds_are_raised,
    powers_of_the_height_count,
    a_fault_of_the_machine_gives_up_the_block,
    events_are_listed_by_where_they_stand,
    what_was_rejected_can_be_submitted_again,
);

fn bodies(extension: &Extension) -> Vec<EventId> {
    extension.bodies().iter().map(|body| EventId::of(body)).collect()
}

fn sorted(events: &[&Event]) -> Vec<EventId> {
    let mut ids: Vec<EventId> = events.iter().map(|event| event.id()).collect();
    ids.sort();
    ids
}

async fn events_are_kept_once_and_cursors_apart<S: EventStore>(store: &mut S) {
    let (one, two, three) = (deposit("1"), deposit("2"), deposit("3"));
    let first = batch(&[&one, &two, &one], &[("block", Some("7")), ("block", Some("8"))]);
    assert_eq!(store.append("evm", &first).await, Ok(2));
    assert_eq!(store.append("evm", &batch(&[&two, &three], &[])).await, Ok(1));
    assert_eq!(store.append("other", &batch(&[&one], &[("block", Some("1"))])).await, Ok(0));
    assert_eq!(store.cursor("evm", "block").await, Ok(Some("8".into())));
    assert_eq!(store.cursor("other", "block").await, Ok(Some("1".into())));
    assert_eq!(store.cursor("evm", "Block").await, Ok(None));
    assert_eq!(store.append("evm", &batch(&[], &[("block", None)])).await, Ok(0));
    assert_eq!(store.cursor("evm", "block").await, Ok(None));
    assert_eq!(store.cursor("other", "block").await, Ok(Some("1".into())));
    assert_eq!(store.find(one.id()).await.unwrap().unwrap().stage, Stage::Observed);
    assert_eq!(store.find(deposit("4").id()).await, Ok(None));
}

async fn an_event_is_pending_until_it_is_decided<S: EventStore>(store: &mut S) {
    let (a, b) = (validator("a"), validator("b"));
    let (one, two, three) = (deposit("1"), deposit("2"), deposit("3"));
    store.append("evm", &batch(&[&one, &two, &three], &[])).await.unwrap();
    let pending = store.pending(&a, Caps::NETWORK).await.unwrap();
    assert_eq!((bodies(&pending), pending.ids()), (sorted(&[&one, &two, &three]), &[][..]));
    // The oldest come first.
    let few = store.pending(&a, Caps { bodies: 2, ..Caps::NETWORK }).await.unwrap();
    assert_eq!(bodies(&few), sorted(&[&one, &two]));
    // `b` has brought two of them.
    assert_eq!(block(store, 1, all_say(&["b"], &[&one, &two])).await, []);
    let pending = store.pending(&a, Caps::NETWORK).await.unwrap();
    assert_eq!((bodies(&pending), pending.ids()), (sorted(&[&three]), &sorted(&[&one, &two])[..]));
    let pending = store.pending(&b, Caps::NETWORK).await.unwrap();
    assert_eq!((bodies(&pending), pending.ids()), (sorted(&[&three]), &[][..]));
    // A vote by id counts as one with the body.
    let said = store.pending(&a, Caps::NETWORK).await.unwrap();
    assert_eq!(block(store, 2, Seen::from([(a.clone(), said)])).await, []);
    assert_eq!(store.find(one.id()).await.unwrap().unwrap().votes, [a.clone(), b.clone()].into());
    assert!(store.pending(&a, Caps::NETWORK).await.unwrap().is_empty());
    // Decided: nothing more to say, and seeing it again changes nothing.
    assert_eq!(block(store, 3, all_say(&["c"], &[&one, &two])).await.len(), 2);
    assert_eq!(bodies(&store.pending(&b, Caps::NETWORK).await.unwrap()), []);
    assert_eq!(store.append("evm", &batch(&[&one], &[])).await, Ok(0));
    assert_eq!(block(store, 4, all_say(&["a", "b", "c", "d"], &[&one, &two])).await, []);
    assert!(store.pending(&b, Caps::NETWORK).await.unwrap().ids() == [three.id()]);
}

async fn an_event_passes_over_several_blocks_and_ends_once<S: EventStore>(store: &mut S) {
    let event = deposit("1");
    assert_eq!(block(store, 1, all_say(&["a", "stranger"], &[&event])).await, []);
    assert_eq!(block(store, 2, all_say(&["a", "b"], &[&event])).await, []);
    let found = store.find(event.id()).await.unwrap().unwrap();
    assert_eq!(found.stage, Stage::Open { first_height: 1, is_approved: false });
    assert_eq!(found.votes, [validator("a"), validator("b")].into());
    assert_eq!(block(store, 3, all_say(&["d"], &[&event])).await, [("1".into(), "applied")]);
    assert_eq!(block(store, 4, all_say(&["a", "b", "c", "d"], &[&event])).await, []);
    let found = store.find(event.id()).await.unwrap().unwrap();
    assert_eq!(found.stage, Stage::Done { height: 3, outcome: Outcome::Applied });
    assert_eq!((found.votes.len(), found.event), (0, event.clone()));
    assert_eq!(store.resolved(&[event.id(), deposit("2").id()]).await, Ok([event.id()].into()));
    assert_eq!(store.claims().await, Ok(Default::default()));
}

async fn topics_give_their_connected_prefix<S: EventStore>(store: &mut S) {
    let everybody = ["a", "b", "c", "d"];
    let (first, second) = (ordered("t", None, 10), ordered("t", Some(10), 20));
    let (third, other) = (ordered("t", Some(20), 30), ordered("u", None, 1));
    assert_eq!(block(store, 1, all_say(&everybody, &[&third, &second])).await, []);
    let found = store.find(third.id()).await.unwrap().unwrap();
    assert_eq!(found.stage, Stage::Open { first_height: 1, is_approved: true });
    // What waits does not expire, and has nothing to be voted on.
    store.append("evm", &batch(&[&third], &[])).await.unwrap();
    assert!(store.pending(&validator("x"), Caps::NETWORK).await.unwrap().is_empty());
    assert_eq!(block(store, 50, Seen::new()).await, []);
    let now = block(store, 51, all_say(&everybody, &[&first, &other])).await;
    let told = |text: &str| (text.to_owned(), "applied");
    let own: Vec<_> = now.iter().filter(|(source, _)| source.starts_with('t')).cloned().collect();
    assert_eq!((own, now.len()), (vec![told("t:10"), told("t:20"), told("t:30")], 4));
    // Behind the head: too late, for ever.
    let late = Event::new(first.submission().clone().source("late")).unwrap();
    assert_eq!(block(store, 52, all_say(&everybody, &[&late])).await, [("late".into(), "superseded")]);
    let next = ordered("t", Some(30), 40);
    assert_eq!(block(store, 53, all_say(&everybody, &[&next])).await, [told("t:40")]);
    assert_eq!(store.heads(&["t", "v"].into()).await, Ok([("t".into(), 40)].into()));
}

async fn what_fails_is_recorded_and_blocks_nothing<S: EventStore>(store: &mut S) {
    let fails = Event::new(ordered("t", None, 1).submission().clone().source("fails")).unwrap();
    let next = ordered("t", Some(1), 2);
    let seen = all_say(&["a", "b", "c"], &[&fails, &next]);
    let expected = [("fails".to_owned(), "rejected"), ("t:2".to_owned(), "applied")];
    assert_eq!(block(store, 1, seen).await, expected);
    let stage = store.find(fails.id()).await.unwrap().unwrap().stage;
    assert_eq!(stage, Stage::Done { height: 1, outcome: Outcome::Rejected("KF001".into()) });
}

async fn what_too_few_have_seen_expires<S: EventStore>(store: &mut S) {
    let event = deposit("1");
    assert_eq!(block(store, 5, all_say(&["a"], &[&event])).await, []);
    assert_eq!(block(store, 14, all_say(&["b"], &[&event])).await, []);
    assert_eq!(block(store, 15, Seen::new()).await, [("1".into(), "expired")]);
    assert_eq!(block(store, 16, all_say(&["a", "b", "c", "d"], &[&event])).await, []);
    assert_eq!(store.append("evm", &batch(&[&event], &[])).await, Ok(0));
    // One that passes at the last height is applied.
    let last = deposit("2");
    assert_eq!(block(store, 20, all_say(&["a", "b"], &[&last])).await, []);
    assert_eq!(block(store, 30, all_say(&["c"], &[&last])).await, [("2".into(), "applied")]);
}

async fn thresholds_are_raised<S: EventStore>(store: &mut S) {
    let strict = deposit("strict");
    assert_eq!(block(store, 1, all_say(&["a", "b", "c"], &[&strict])).await, []);
    assert_eq!(block(store, 2, all_say(&["d"], &[&strict])).await, [("strict".into(), "applied")]);
}

async fn powers_of_the_height_count<S: EventStore>(store: &mut S) {
    let event = deposit("1");
    assert_eq!(block(store, 1, all_say(&["a", "b"], &[&event])).await, []);
    // `c` and `d` have left: those who voted are all there are.
    let alone = Block::new(2, Seen::new(), powers(&["a", "b"]));
    let report = apply(store, &mut Ledger::default(), &alone).await.unwrap();
    assert_eq!((report.turn.approved, report.resolved.len()), (vec![event.id()], 1));
}

async fn a_fault_of_the_machine_gives_up_the_block<S: EventStore>(store: &mut S) {
    let seen = all_say(&["a", "b", "c"], &[&deposit("breaks")]);
    let failed =
        apply(store, &mut Ledger::default(), &Block::new(1, seen, powers(&["a", "b", "c", "d"]))).await;
    assert_eq!(failed.unwrap_err().to_string(), "the disk is full");
}

async fn events_are_listed_by_where_they_stand<S: EventStore>(store: &mut S) {
    let (seen, open, waits) = (deposit("seen"), deposit("open"), ordered("t", Some(1), 2));
    let (early, late, fails) = (deposit("early"), deposit("late"), deposit("fails"));
    let three = ["a", "b", "c"];
    block(store, 1, all_say(&three, &[&early])).await;
    block(store, 2, all_say(&three, &[&late, &fails, &waits])).await;
    block(store, 3, all_say(&["a"], &[&open])).await;
    store.append("evm", &batch(&[&seen, &open], &[])).await.unwrap();
    let mut told = Vec::new();
    for word in [None, Some("observed"), Some("open"), Some("approved"), Some("rejected"), Some("applied")] {
        let records = store.list(word, 10).await.unwrap();
        assert!(word.is_none() || records.iter().all(|record| Some(record.stage.word()) == word));
        told.push(records.iter().map(|record| record.event.id()).collect::<Vec<_>>());
    }
    let one = |event: &Event| vec![event.id()];
    assert_eq!(told[1..], [one(&seen), one(&open), one(&waits), one(&fails), vec![late.id(), early.id()]]);
    let whole = [sorted(&[&seen, &open, &waits]), sorted(&[&late, &fails]), one(&early)].concat();
    assert_eq!(told[0], whole);
    assert_eq!(store.list(None, 2).await.unwrap().len(), 2);
}

async fn what_was_rejected_can_be_submitted_again<S: EventStore>(store: &mut S) {
    let first = Event::new(ordered("t", None, 1).submission().clone().source("fails")).unwrap();
    assert_eq!(block(store, 1, all_say(&["a", "b", "c"], &[&first])).await, [("fails".into(), "rejected")]);
    let again = Event::new(first.submission().again(2)).unwrap();
    assert_eq!((again.submission().source.as_deref(), &again.submission().order), (Some("fails#2"), &None));
    assert_eq!(store.append("evm", &batch(&[&first, &again], &[])).await, Ok(1));
    let seen = all_say(&["a", "b", "c"], &[&again]);
    assert_eq!(block(store, 2, seen).await, [("fails#2".into(), "rejected")]);
}

/// What a block writes is there when it is committed and not before; what oracles write meanwhile is there at once.
#[test]
fn a_block_that_is_given_up_leaves_nothing() {
    block_on(async {
        let store = MemoryStore::default();
        let mut given_up = store.begin();
        assert_eq!(block(&mut given_up, 1, all_say(&["a", "b", "c"], &[&deposit("1")])).await.len(), 1);
        store.clone().append("evm", &batch(&[&deposit("1"), &deposit("2")], &[])).await.unwrap();
        drop(given_up);
        let pending = store.clone().pending(&validator("a"), Caps::NETWORK).await.unwrap();
        assert_eq!(pending.bodies().len(), 2);
        let mut again = store.begin();
        block(&mut again, 1, all_say(&["a", "b", "c"], &[&deposit("1")])).await;
        again.commit();
        let pending = store.clone().pending(&validator("a"), Caps::NETWORK).await.unwrap();
        assert_eq!(bodies(&pending), [deposit("2").id()]);
    });
}

#[test]
fn a_transaction_that_is_rolled_back_leaves_nothing() {
    block_on(async {
        let url = database().await;
        let (mut node, oracle) = (session(&url).await, session(&url).await);
        ensure(&mut node).await.unwrap();
        for commits in [false, true] {
            let transaction = node.client.transaction().await.unwrap();
            let mut store = PostgresStore(&transaction);
            let seen = all_say(&["a", "b", "c"], &[&deposit("1")]);
            assert_eq!(block(&mut store, 1, seen).await.len(), 1);
            let both = batch(&[&deposit("2"), &deposit("3")], &[("at", Some("1"))]);
            PostgresStore(&oracle.client).append("evm", &both).await.unwrap();
            match commits {
                true => transaction.commit().await.unwrap(),
                false => transaction.rollback().await.unwrap(),
            }
            let found = PostgresStore(&oracle.client).find(deposit("1").id()).await.unwrap();
            assert_eq!(found.is_some(), commits);
            let pending =
                PostgresStore(&oracle.client).pending(&validator("a"), Caps::NETWORK).await.unwrap();
            assert_eq!(bodies(&pending), sorted(&[&deposit("2"), &deposit("3")]));
        }
    });
}

/// The same blocks give the same digests and the same claims, whatever the store.
#[test]
fn stores_agree() {
    block_on(async {
        let mut session = session(&database().await).await;
        ensure(&mut session).await.unwrap();
        let (mut one, mut two) = (MemoryStore::default(), PostgresStore(&session.client));
        let names = ["a", "b", "c", "d"];
        let mut digests = std::collections::BTreeSet::new();
        for height in 1..40_i64 {
            let events: Vec<Event> = (0..height % 4)
                .map(|number| match (height + number) % 3 {
                    0 => deposit(&format!("{height}:{number}")),
                    1 => deposit(&format!("fails {height}:{number}")),
                    _ => ordered("t", (height > 3).then_some(height - 3), height),
                })
                .collect();
            let events: Vec<&Event> = events.iter().collect();
            let voters = &names[..usize::try_from(height * 7 % 5).unwrap()];
            let block = Block { lifetime: 6, ..Block::new(height, all_say(voters, &events), powers(&names)) };
            let first = apply(&mut one, &mut Ledger::default(), &block).await.unwrap();
            let second = apply(&mut two, &mut Ledger::default(), &block).await.unwrap();
            assert_eq!(first, second, "at {height}");
            assert_eq!(one.claims().await, two.claims().await, "at {height}");
            assert!(digests.insert(first.turn.digest()), "at {height}");
        }
    });
}
