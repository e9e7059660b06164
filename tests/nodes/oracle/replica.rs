//! Events through a deployed schema: applied once, in the block's transaction, with checked inputs.

use kuneiform::deploy::deploy_packages;
use kuneiform::engine::{self, Engine, EngineError, Genesis, Local, Rules};
use kuneiform::oracle::store::postgres::{PostgresStore, ensure};
use kuneiform::oracle::store::{EventStore, Stage};
use kuneiform::oracle::{Agreed, Event, EventId, Finalized, Input, Outcome, Replica, Seen, Submission};
use kuneiform::{Options, Sources};

use super::world::*;
use crate::support::{block_on, database, session};

const EVERYBODY: [&str; 4] = ["a", "b", "c", "d"];

const MONITOR: &str = "database monitor;
table beats { id int primary, seen text not_null }
action beat($id int, $seen text) oracle { INSERT INTO beats (id, seen) VALUES ($id, $seen); }
@oracle(threshold = '3/4')
action strict_beat($id int) oracle { INSERT INTO beats (id, seen) VALUES ($id, 'strict'); }
action open_beat($id int) public { INSERT INTO beats (id, seen) VALUES ($id, 'public'); }
action told($id int) oracle { INSERT INTO beats (id, seen) VALUES ($id, 'told'); ERROR('no'); }
action context($id int) oracle { INSERT INTO beats (id, seen) VALUES ($id, @caller || ' ' || @height::text); }
";

/// A database with `accounts` and `monitor`, whose chain has begun.
pub struct World {
    pub url: String,
    pub session: kuneiform::deploy::connect::Session,
    replica: Replica,
}

impl World {
    pub async fn new() -> World {
        let url = database().await;
        let mut session = session(&url).await;
        ensure(&mut session).await.unwrap();
        let mut sources = Sources::new();
        sources.add("accounts.kf", include_str!("../../../examples/network/accounts.kf"));
        sources.add("monitor.kf", MONITOR);
        let compilation = kuneiform::compile(&sources, &Options::default());
        assert!(compilation.diagnostics.is_empty(), "{:?}", compilation.diagnostics);
        deploy_packages(&mut session, &compilation.packages, &mut |_| {}).await.unwrap();
        let engine =
            Engine::start(&session.client, Local { durable: false, ..Local::default() }).await.unwrap();
        let transaction = engine::begin(&mut session.client).await.unwrap();
        let genesis = Genesis { chain: "test".into(), initial_height: 1, rules: Rules::default() };
        engine.genesis(&transaction, &genesis).await.unwrap();
        transaction.commit().await.unwrap();
        World { url, session, replica: Replica::new(engine, 10) }
    }

    /// Runs a block, and keeps it if `keeps`.
    async fn run(&mut self, height: i64, seen: Seen, keeps: bool) -> Result<Finalized, EngineError> {
        let transaction = engine::begin(&mut self.session.client).await?;
        let agreed = Agreed {
            height,
            id: height.to_be_bytes().to_vec(),
            timestamp: 1_700_000_000 + height,
            seen,
            powers: powers(&EVERYBODY),
            requests: Vec::new(),
        };
        let finalized = self.replica.block(&transaction, &agreed).await?;
        match keeps {
            true => transaction.commit().await.unwrap(),
            false => transaction.rollback().await.unwrap(),
        }
        Ok(finalized)
    }

    async fn all(&mut self, height: i64, events: &[&Event]) -> Vec<(EventId, Outcome)> {
        let finalized = self.run(height, all_say(&EVERYBODY, events), true).await.unwrap();
        let resolved = finalized.events.resolved.into_iter();
        resolved.map(|resolved| (resolved.event.id(), resolved.outcome)).collect()
    }

    async fn ask(&self, sql: &str) -> Vec<String> {
        let rows = self.session.client.query(sql, &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    pub async fn balances(&self) -> Vec<String> {
        self.ask("SELECT wallet || ' ' || amount::text FROM ds_accounts.balances ORDER BY 1").await
    }

    async fn beats(&self) -> Vec<String> {
        self.ask("SELECT id::text || ' ' || seen FROM ds_monitor.beats ORDER BY id").await
    }
}

fn beat(action: &str, inputs: &[&str]) -> Event {
    Event::new(Submission::new("monitor", action, inputs.iter().copied())).unwrap()
}

#[test]
fn two_equal_deposits_both_count_and_none_twice() {
    block_on(async {
        let mut world = World::new().await;
        let (one, two) = (deposit("1:0xaa:0"), deposit("1:0xbb:0"));
        assert_eq!(world.all(1, &[&one, &two]).await.len(), 2);
        assert_eq!(world.balances().await, ["0xab 10"]);
        assert_eq!(world.all(2, &[&one, &two]).await, []);
        assert_eq!(world.balances().await, ["0xab 10"]);
        // A block that is not the next changes nothing.
        for height in [2, 4] {
            let error = world.run(height, all_say(&EVERYBODY, &[&deposit("x")]), true).await.unwrap_err();
            assert!(matches!(error, EngineError::Gap { expected: 3, .. }), "{error}");
        }
    });
}

#[test]
fn a_crash_before_the_commit_loses_and_doubles_nothing() {
    block_on(async {
        let mut world = World::new().await;
        let (one, two) = (deposit("1"), ordered("t", None, 1));
        let seen = || all_say(&EVERYBODY, &[&one, &two]);
        let first = world.run(1, seen(), false).await.unwrap();
        assert_eq!(
            (world.balances().await, world.ask("SELECT id::text FROM kf.event").await.len()),
            (vec![], 0)
        );
        let second = world.run(1, seen(), true).await.unwrap();
        assert_eq!((first.outcome.app_hash, first.events), (second.outcome.app_hash, second.events));
        assert_eq!(world.balances().await, ["0xab 10"]);
    });
}

#[test]
fn votes_enter_the_hash_of_the_chain() {
    block_on(async {
        let mut world = World::new().await;
        let mut hashes = std::collections::BTreeSet::new();
        for names in [&EVERYBODY[..0], &EVERYBODY[..1], &EVERYBODY[..2]] {
            let seen = all_say(names, &[&deposit("1")]);
            hashes.insert(world.run(1, seen, false).await.unwrap().outcome.app_hash);
        }
        assert_eq!(hashes.len(), 3);
    });
}

/// A row that was changed by hand shows in the very next block, even where nothing would have come of it.
#[test]
fn a_node_whose_votes_were_changed_comes_to_another_hash() {
    block_on(async {
        let mut world = World::new().await;
        let (open, waiting, done) = (deposit("open"), ordered("t", Some(5), 6), deposit("done"));
        world.all(1, &[&waiting, &done]).await;
        world.run(2, all_say(&["a", "b"], &[&open]), true).await.unwrap();
        let next = || all_say(&["a"], &[&done]);
        let right = world.run(3, next(), false).await.unwrap().outcome.app_hash;
        assert_eq!(world.run(3, next(), false).await.unwrap().outcome.app_hash, right);
        for (change, back) in [
            (
                "UPDATE kf.event SET claimed_by = 'b' WHERE status = 'open'",
                "UPDATE kf.event SET claimed_by = 'a'",
            ),
            (
                "UPDATE kf.event SET first_height = 1 WHERE first_height = 2",
                "UPDATE kf.event SET first_height = 2 WHERE status = 'open'",
            ),
            (
                "UPDATE kf.event SET threshold = '3/4' WHERE status = 'open'",
                "UPDATE kf.event SET threshold = '2/3'",
            ),
            (
                "DELETE FROM kf.vote WHERE validator = 'b' AND height = 2",
                "INSERT INTO kf.vote SELECT id, 'b', 2 FROM kf.event WHERE status = 'open'",
            ),
            (
                "INSERT INTO kf.vote SELECT id, 'nobody', 2 FROM kf.event WHERE status = 'open'",
                "DELETE FROM kf.vote WHERE validator = 'nobody'",
            ),
            ("INSERT INTO kf.topic VALUES ('t', 3)", "DELETE FROM kf.topic"),
            (
                "UPDATE kf.event SET status = 'open' WHERE status = 'approved'",
                "UPDATE kf.event SET status = 'approved' WHERE first_height = 1 AND status = 'open'",
            ),
        ] {
            world.session.client.batch_execute(change).await.unwrap();
            assert_ne!(world.run(3, next(), false).await.unwrap().outcome.app_hash, right, "{change}");
            world.session.client.batch_execute(back).await.unwrap();
            assert_eq!(world.run(3, next(), false).await.unwrap().outcome.app_hash, right, "{back}");
        }
    });
}

#[test]
fn what_cannot_be_called_is_rejected_and_blocks_nothing() {
    block_on(async {
        let mut world = World::new().await;
        let refused = [
            (beat("beat", &["1"]), "KF011"),
            (beat("beat", &["1", "a", "b"]), "KF011"),
            (beat("beat", &["one", "a"]), "KF011"),
            (beat("nothing", &["1"]), "KF004"),
            (Event::new(Submission::new("nobody", "beat", ["1"])).unwrap(), "KF004"),
            (beat("open_beat", &["1"]), "KF004"),
            (beat("told", &["1"]), "KF001"),
            (
                Event::new(Submission::new("monitor", "beat", [Input::Many(vec![]), Input::Null])).unwrap(),
                "KF011",
            ),
            (Event::new(Submission::new("monitor", "beat", [Input::from(1), Input::Null])).unwrap(), "23"),
        ];
        let good = beat("beat", &["9", "good"]);
        let events: Vec<&Event> = refused.iter().map(|(event, _)| event).chain([&good]).collect();
        let mut found = world.all(1, &events).await;
        found.sort();
        let told = |(event, reason): &(Event, &str)| (event.id(), Outcome::Rejected((*reason).to_owned()));
        let mut expected: Vec<_> = refused.iter().map(told).chain([(good.id(), Outcome::Applied)]).collect();
        expected.sort();
        assert_eq!(found, expected);
        assert_eq!(world.beats().await, ["9 good"]);
        let found = PostgresStore(&world.session.client).find(refused[6].0.id()).await.unwrap().unwrap();
        assert_eq!(found.stage, Stage::Done { height: 1, outcome: Outcome::Rejected("KF001".into()) });
    });
}

#[test]
fn many_targets_in_many_datasets_are_one() {
    block_on(async {
        let mut world = World::new().await;
        let both = |id: &str, last: &str| {
            let submission = Submission::new("accounts", "deposit", ["0xab", "5"]);
            Event::new(submission.and("monitor", "beat", [id, "both"]).and("monitor", last, ["7"])).unwrap()
        };
        let (good, bad) = (both("1", "context"), both("2", "told"));
        let mut found = world.all(1, &[&good, &bad]).await;
        found.sort();
        let mut expected = [(good.id(), Outcome::Applied), (bad.id(), Outcome::Rejected("KF001".into()))];
        expected.sort();
        assert_eq!(found, expected);
        assert_eq!(
            (world.balances().await, world.beats().await),
            (vec!["0xab 5".into()], vec!["1 both".into(), "7 oracle 1".into()])
        );
    });
}

#[test]
fn an_action_may_ask_for_more_than_two_thirds() {
    block_on(async {
        let mut world = World::new().await;
        let (strict, plain) = (beat("strict_beat", &["1"]), beat("beat", &["2", "plain"]));
        let three = all_say(&["a", "b", "c"], &[&strict, &plain]);
        let resolved = world.run(1, three, true).await.unwrap().events.resolved;
        assert_eq!(resolved.iter().map(|it| it.event.id()).collect::<Vec<_>>(), [plain.id()]);
        assert_eq!(world.all(2, &[&strict]).await, [(strict.id(), Outcome::Applied)]);
        assert_eq!(world.beats().await, ["1 strict", "2 plain"]);
    });
}

#[test]
fn a_fault_of_the_server_is_no_outcome() {
    block_on(async {
        let mut world = World::new().await;
        let revoke = "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA ds_accounts FROM kf_oracle";
        world.session.client.batch_execute(revoke).await.unwrap();
        let error = world.run(1, all_say(&EVERYBODY, &[&deposit("1")]), true).await.unwrap_err();
        assert!(
            matches!(&error, EngineError::Halt { sqlstate: Some(state), .. } if state == "42501"),
            "{error}"
        );
        assert_eq!(PostgresStore(&world.session.client).find(deposit("1").id()).await, Ok(None));
        let restore = "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ds_accounts TO kf_oracle";
        world.session.client.batch_execute(restore).await.unwrap();
        assert_eq!(world.all(1, &[&deposit("1")]).await.len(), 1);
    });
}

#[test]
fn a_validator_that_is_alone_applies_what_its_oracles_have_seen() {
    block_on(async {
        let mut world = World::new().await;
        let events: Vec<Event> = (0..1200).map(|number| deposit(&number.to_string())).collect();
        let batch = batch(&events.iter().collect::<Vec<_>>(), &[]);
        PostgresStore(&world.session.client).append("evm", &batch).await.unwrap();
        let mut applied = Vec::new();
        loop {
            let transaction = engine::begin(&mut world.session.client).await.unwrap();
            let Some(finalized) = world.replica.solo(&transaction, 1_700_000_000, Vec::new()).await.unwrap()
            else {
                break;
            };
            transaction.commit().await.unwrap();
            applied.push((finalized.outcome.height, finalized.events.resolved.len()));
        }
        assert_eq!(
            (applied, world.balances().await),
            (vec![(1, 1000), (2, 200)], vec!["0xab 6000".to_owned()])
        );
        assert_eq!(PostgresStore(&world.session.client).append("evm", &batch).await, Ok(0));
    });
}
