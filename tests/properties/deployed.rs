//! What compiles deploys, and PostgreSQL's own check of it finds no error.

use std::collections::BTreeSet;

use kuneiform::Package;
use kuneiform::deploy::connect::Session;
use kuneiform::deploy::deploy_packages;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::mangle::{good_seeds, retouched};
use crate::support::programs::compilation;
use crate::support::{block_on, database, session};

/// Deployed programs in a run.
const PROGRAMS: usize = 120;
const TRIES: usize = 6_000;

/// A runner whose numbers are the same every time.
pub fn runner() -> TestRunner {
    TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// Errors of plpgsql_check in any dataset.
pub async fn findings(db: &Session) -> Vec<String> {
    db.client.batch_execute("CREATE EXTENSION IF NOT EXISTS plpgsql_check").await.unwrap();
    let sql = "SELECT p.oid::regprocedure || ' line ' || coalesce(c.lineno::text, '?') || ': ' || c.sqlstate || ' ' || c.message || coalesce(' ' || c.query, '')
               FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
               CROSS JOIN LATERAL plpgsql_check_function_tb(p.oid, performance_warnings => false) AS c
               WHERE n.nspname LIKE 'ds\\_%' AND c.level = 'error' ORDER BY 1";
    db.client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// Deploys one program; what PostgreSQL has against it.
pub async fn complaint(db: &mut Session, packages: &[Package]) -> Option<String> {
    deploy_packages(db, packages, &mut |_| {}).await.err().map(|errors| format!("{errors:#?}"))
}

#[test]
fn what_compiles_deploys() {
    let mut runner = runner();
    let originals: BTreeSet<&String> = good_seeds().iter().collect();
    let mut programs: Vec<(String, Vec<Package>)> = Vec::new();
    for number in 0..TRIES {
        let text = retouched().new_tree(&mut runner).unwrap().current();
        if originals.contains(&text) {
            continue;
        }
        // An owner of its own keeps datasets of the same name apart.
        let packages = compilation(&[&text], Some(&format!("0x{number:08x}"))).packages;
        if !packages.is_empty() {
            programs.push((text, packages));
        }
        if programs.len() == PROGRAMS {
            break;
        }
    }
    assert_eq!(programs.len(), PROGRAMS, "too few retouched programs compile");
    block_on(async {
        let mut db = session(&database().await).await;
        for (text, packages) in &programs {
            if let Some(complaint) = complaint(&mut db, packages).await {
                panic!("{complaint}\n{text}");
            }
        }
        let found = findings(&db).await;
        assert_eq!(found, [""; 0]);
    });
}
