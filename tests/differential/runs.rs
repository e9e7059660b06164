//! Many programs in databases of their own, and what fails made smaller.

use std::time::{Duration, Instant};

use kuneiform::deploy::connect::Session;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::deployed::{Failure, Trial};
use crate::generator::plan::{Plan, Plans, Shrinking};
use crate::support::{block_on, database, session};
use crate::tally::Tally;

/// Programs in one database and connection. Each deploy costs more the more plans a connection keeps, so that 200
/// together take four times as long.
const TOGETHER: usize = 25;

/// How the programs of a run are made.
#[derive(Clone, Copy)]
pub struct Settings {
    pub calls: usize,
    /// For making one failing program smaller.
    pub patience: Duration,
    /// Programs to make smaller; of the others only what failed is told.
    pub shown: usize,
}

/// Runs the programs with these numbers.
pub fn run(numbers: &[u64], settings: Settings) -> Tally {
    block_on(async {
        let mut tally = Tally::default();
        for some in numbers.chunks(TOGETHER) {
            let mut db = session(&database().await).await;
            db.client.batch_execute("CREATE EXTENSION IF NOT EXISTS plpgsql_check").await.unwrap();
            for number in some {
                let mut tree = tree(*number, settings);
                let suffix = number.to_string();
                let trial = Trial { plan: &tree.current(), suffix: &suffix, owned: owned(*number) };
                let failure = trial.run(&mut db, &mut tally).await;
                tally.programs += 1;
                if let Some(failure) = failure {
                    report(&mut db, *number, &mut tree, failure, settings, &mut tally).await;
                }
            }
            checked(&mut db, some, settings, &mut tally).await;
            db.close().await;
        }
        tally
    })
}

fn owned(number: u64) -> bool {
    !number.is_multiple_of(4)
}

/// The plan a number stands for.
fn tree(number: u64, settings: Settings) -> Shrinking {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    Plans { calls: settings.calls }.new_tree(&mut runner).unwrap()
}

async fn report(
    db: &mut Session,
    number: u64,
    tree: &mut Shrinking,
    failure: Failure,
    settings: Settings,
    tally: &mut Tally,
) {
    let mut smallest = failure;
    if tally.differences.len() < settings.shown {
        smallest = shrink(db, number, tree, smallest, settings).await;
    }
    let text = match tally.differences.len() < settings.shown {
        true => shown(&tree.current(), &number.to_string(), owned(number)),
        false => String::new(),
    };
    tally.differences.push(format!("program {number}: {}: {}\n{text}", smallest.kind, smallest.shown));
}

fn shown(plan: &Plan, suffix: &str, owned: bool) -> String {
    let program = Trial { plan, suffix, owned }.program();
    program.schemas.iter().map(|schema| schema.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// As proptest does it: smaller while it fails, back when it no longer does.
async fn shrink(
    db: &mut Session,
    number: u64,
    tree: &mut Shrinking,
    failure: Failure,
    settings: Settings,
) -> Failure {
    let (begun, kind, mut smallest, mut tries) = (Instant::now(), failure.kind.clone(), failure, 0);
    let mut goes_on = tree.simplify();
    while goes_on && begun.elapsed() < settings.patience {
        tries += 1;
        let suffix = format!("{number}t{tries}");
        let plan = tree.current();
        let trial = Trial { plan: &plan, suffix: &suffix, owned: owned(number) };
        let mut failure = trial.run(db, &mut Tally::default()).await;
        if failure.is_none() && kind == FINDING {
            failure = findings(db, &format!("^ds_.*{suffix}$")).await.into_iter().next().map(|(_, it)| it);
        }
        goes_on = match failure.filter(|failure| failure.kind == kind) {
            Some(failure) => {
                smallest = failure;
                tree.simplify()
            }
            None => tree.complicate(),
        };
    }
    // What was tried last may be fine.
    tree.reset();
    smallest
}

const FINDING: &str = "plpgsql_check";

/// What plpgsql_check says of all functions of the schemas of a database.
async fn checked(db: &mut Session, numbers: &[u64], settings: Settings, tally: &mut Tally) {
    let count = "SELECT count(*) FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace \
                 WHERE n.nspname ~ '^ds_'";
    tally.checked += db.client.query_one(count, &[]).await.unwrap().get::<_, i64>(0);
    for (schema, failure) in findings(db, "^ds_").await {
        // One for each program.
        let digits: String = schema.chars().filter(char::is_ascii_digit).collect();
        let number = numbers.iter().find(|number| digits == number.to_string());
        match number {
            Some(number) => {
                let mut tree = tree(*number, settings);
                report(db, *number, &mut tree, failure, settings, tally).await;
            }
            None => tally.differences.push(format!("{schema}: {}", failure.shown)),
        }
    }
}

/// What plpgsql_check says of the schemas whose DBID's name matches, the first for each: but for parameters and variables nobody reads, of
/// which the compiler warns, and for constants that raise: it computes those, and they raise when they are called too.
async fn findings(db: &Session, pattern: &str) -> Vec<(String, Failure)> {
    let sql = "SELECT DISTINCT ON (d.name) d.name, p.proname || ' line ' || coalesce(c.lineno::text, '?') || ': ' || c.level
                 || ' ' || c.message || coalesce(' ' || c.detail, '') || coalesce(' ' || c.query, '')
               FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
               JOIN kf.dataset AS d ON 'ds_' || d.dbid = n.nspname
               CROSS JOIN LATERAL plpgsql_check_function_tb(p.oid, performance_warnings => false, security_warnings => true) AS c
               WHERE 'ds_' || d.name ~ $1 AND c.message !~ '^(unused parameter|unused variable|never read variable|parameter .* is never read)'
                 AND coalesce(c.sqlstate, '') NOT LIKE '22%' ORDER BY 1, 2";
    let rows = db.client.query(sql, &[&pattern]).await.unwrap();
    let failure = |row: &tokio_postgres::Row| Failure { kind: FINDING.to_owned(), shown: row.get(1) };
    rows.iter().map(|row| (row.get(0), failure(row))).collect()
}
