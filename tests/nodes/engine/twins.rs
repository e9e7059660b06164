//! The same blocks on two clusters that have nothing in common but the engine: locale, plans, layout of files.

use kuneiform::deploy::connect::connect;
use kuneiform::deploy::deploy_packages;
use kuneiform::deploy::embedded::ThrowAway;

use super::budget::metered;
use super::life::blocks;
use super::node::{Node, rules};
use crate::support::programs::deployed;
use crate::support::{block_on, unique, with_database};

const SIZE: u64 = 60;

/// How many blocks: `KF_TEST_TWIN_BLOCKS` makes it a campaign.
fn count() -> i64 {
    std::env::var("KF_TEST_TWIN_BLOCKS").map_or(18, |count| count.parse().unwrap())
}

/// A database that sorts otherwise, and whose plans are others.
const OTHERWISE: &[&str] = &[
    "enable_hashagg = off",
    "enable_hashjoin = off",
    "enable_seqscan = off",
    "enable_sort = off",
    "random_page_cost = 100",
    "parallel_setup_cost = 0",
    "parallel_tuple_cost = 0",
    "min_parallel_table_scan_size = 0",
    "default_statistics_target = 1",
    "lc_messages = 'C'",
    "TimeZone = 'Asia/Kathmandu'",
    "DateStyle = 'German'",
    "bytea_output = 'escape'",
    "extra_float_digits = -5",
    "array_nulls = off",
];

/// What each function of a dataset is made to run under, whatever the session pins.
const FUNCTIONS: &str = "DO $$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc AS p WHERE p.pronamespace = 'ds_bank'::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s SET work_mem = ''64kB'' SET max_parallel_workers_per_gather = 4 '
      'SET plan_cache_mode = force_custom_plan SET jit = on SET jit_above_cost = 0', f);
  END LOOP; END $$";

/// Writes every table anew from its end, and packs it.
const TURN: &str = "SET session_replication_role = replica;
  CREATE TEMP TABLE a AS SELECT * FROM ds_bank.accounts; CREATE TEMP TABLE m AS SELECT * FROM ds_bank.moves;
  DELETE FROM ds_bank.accounts; DELETE FROM ds_bank.moves;
  INSERT INTO ds_bank.accounts SELECT * FROM a ORDER BY name COLLATE \"C\" DESC;
  INSERT INTO ds_bank.moves SELECT * FROM m ORDER BY payer COLLATE \"C\" DESC, number DESC;
  DROP TABLE a; DROP TABLE m; RESET session_replication_role;";
const PACK: &[&str] = &[
    "VACUUM FULL ds_bank.accounts",
    "VACUUM FULL ds_bank.moves",
    "REINDEX TABLE ds_bank.accounts",
    "ANALYZE",
];

fn bank() -> Vec<kuneiform::Package> {
    metered(include_str!("bank.kf"))
}

async fn other(url: &str) -> Node {
    let admin = connect(url).await.unwrap();
    let name = unique("twin");
    let icu = format!(
        "CREATE DATABASE {name} TEMPLATE template0 LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'de-DE-u-kn-true'"
    );
    if admin.client.batch_execute(&icu).await.is_err() {
        // PostgreSQL 14, or one without ICU.
        let libc = format!("CREATE DATABASE {name} TEMPLATE template0 LOCALE 'C.UTF-8'");
        admin.client.batch_execute(&libc).await.unwrap();
    }
    for setting in OTHERWISE {
        admin.client.batch_execute(&format!("ALTER DATABASE {name} SET {setting}")).await.unwrap();
    }
    let url = with_database(url, &name);
    let mut session = connect(&url).await.unwrap();
    deploy_packages(&mut session, &bank(), &mut |_| {}).await.unwrap();
    session.client.batch_execute(FUNCTIONS).await.unwrap();
    session.close().await;
    Node::of(url, rules()).await
}

async fn turn(url: &str) {
    let session = connect(url).await.unwrap();
    session.client.batch_execute(TURN).await.unwrap();
    for sql in PACK {
        session.client.batch_execute(sql).await.unwrap();
    }
    session.close().await;
}

#[test]
fn twins_have_the_same_receipts_states_and_app_hashes() {
    block_on(async {
        let server = ThrowAway::start(&std::env::temp_dir().join(unique("kf-twin"))).unwrap();
        let (mut left, mut right) =
            (Node::of(deployed(&bank()).await, rules()).await, other(&server.url()).await);
        let (mut failed, mut all) = (0, 0);
        for block in &blocks(count(), SIZE) {
            let one = left.run(block).await.unwrap();
            let two = right.run(block).await.unwrap();
            assert_eq!(one, two);
            failed += one.receipts.iter().filter(|receipt| !receipt.is_ok()).count();
            all += one.receipts.len();
            if block.height % 6 == 0 {
                turn(&right.url).await;
                right = right.again().await;
            }
        }
        assert!(
            all as u64 == SIZE * count() as u64 && failed * 4 > all && failed * 3 < all * 2,
            "{failed} of {all} failed"
        );
        assert_eq!(left.state().await, right.state().await);
        let sorted = "SELECT string_agg(name, ',' ORDER BY name COLLATE \"default\") = string_agg(name, ',' ORDER BY name) \
                      FROM ds_bank.accounts";
        let mut alike = Vec::new();
        for node in [&left, &right] {
            alike.push(node.session.client.query_one_scalar::<bool, _>(sorted, &[]).await.unwrap());
        }
        assert!(alike[0], "the left one sorts by bytes");
        println!("the other locale sorts alike: {}; {failed} of {all} failed", alike[1]);
    });
}
