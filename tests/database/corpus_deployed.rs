//! Every case of the corpus in real PostgreSQL: plpgsql_check finds nothing, and the calls written in it give what it says.
//!
//! `//> call f('a', 1) [as CALLER] [oracle|owner] [at HEIGHT]`, `//= value | value` for each row, `//! KF001 message`,
//! `//~ notice`. A call that is followed by nothing gives no rows.

use crate::support::calls::calls;
use crate::support::corpus::{Case, cases};
use crate::support::{block_on, database, session};
use kuneiform::deploy::connect::Session;
use kuneiform::deploy::deploy_packages;
use kuneiform::{Options, Owner, Profile};

/// Who owns the datasets of the corpus, where a case asks for an owner.
const OWNER: &str = "0x0a";

#[test]
fn the_corpus_is_right() {
    all(Profile::Node, &[]);
}

/// Every plan gives the same rows in the same order.
#[test]
fn the_corpus_is_right_under_other_plans() {
    all(Profile::Node, &["enable_hashjoin", "enable_hashagg", "enable_seqscan", "enable_material"]);
    all(
        Profile::Node,
        &["enable_mergejoin", "enable_nestloop", "enable_sort", "enable_indexscan", "enable_bitmapscan"],
    );
}

/// Without the rules of order everything still deploys and passes the check.
#[test]
fn the_corpus_is_sound_without_the_rules_of_order() {
    all(Profile::App, &[]);
}

/// Every case, with what the planner must do without.
fn all(profile: Profile, without: &[&str]) {
    let failed: Vec<String> = cases().iter().flat_map(|case| case_in(case, profile, without)).collect();
    assert!(failed.is_empty(), "without {without:?}\n{}", failed.join("\n"));
}

fn case_in(case: &Case, profile: Profile, without: &[&str]) -> Vec<String> {
    let owner = case.text.contains(" owner").then(|| Owner(OWNER.into()));
    let compilation = case.compile(&Options { profile, owner, ..Options::default() }, false).1;
    if compilation.packages.is_empty() {
        return vec![format!("{}: does not compile", case.name)];
    }
    block_on(async {
        let mut db = session(&database().await).await;
        for setting in without {
            db.client.batch_execute(&format!("SET {setting} = off")).await.unwrap();
        }
        db.client.batch_execute(&case.installed()).await.unwrap();
        if let Err(errors) = deploy_packages(&mut db, &compilation.packages, &mut |_| {}).await {
            return vec![format!("{}: {errors:#?}", case.name)];
        }
        let unused = compilation.diagnostics.iter().any(|diagnostic| diagnostic.code.id() == "KF0290");
        let mut failed = findings(&db, unused).await;
        if profile == Profile::Node {
            failed.extend(calls(&case.text, case.schema(), &mut db).await);
        }
        db.close().await;
        failed.into_iter().map(|failure| format!("{}: {failure}", case.name)).collect()
    })
}

/// What plpgsql_check says of all functions, but for parameters the compiler said are unused, and for variables nobody
/// reads: a loop has to put its rows somewhere.
async fn findings(db: &Session, unused: bool) -> Vec<String> {
    let sql = "SELECT p.proname || ' line ' || coalesce(c.lineno::text, '?') || ': ' || c.level || ' ' || c.message
                 || coalesce(' ' || c.detail, '') || coalesce(' ' || c.query, '')
               FROM pg_catalog.pg_proc AS p
               JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
               CROSS JOIN LATERAL plpgsql_check_function_tb(p.oid, performance_warnings => false, security_warnings => true) AS c
               WHERE n.nspname LIKE 'ds\\_%' AND NOT ($1 AND c.message LIKE 'unused parameter%')
                 AND c.message NOT LIKE 'never read variable _$%'
               ORDER BY 1";
    // For a run by hand with the programs of a PostgreSQL that the extension was not built for.
    if std::env::var_os("KF_WITHOUT_PLPGSQL_CHECK").is_some() {
        return Vec::new();
    }
    db.client.batch_execute("CREATE EXTENSION IF NOT EXISTS plpgsql_check").await.unwrap();
    let rows = db.client.query(sql, &[&unused]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}
