//! Steps that somebody left unfinished, and rows that do not fit after all.

use std::process::{Command, Stdio};
use std::time::Duration;

use kuneiform::deploy::connect::{Session, connect};
use kuneiform::deploy::{Consent, Done, apply, prepare, registry};
use kuneiform::diagnostics::Code;

use super::shop::{TABLE, deploy, deploy_with, packages};
use crate::support::{block_on, database, scratch};

async fn scalar(db: &Session, sql: &str) -> String {
    db.client.query_one_scalar::<Option<String>, _>(sql, &[]).await.unwrap().unwrap_or_default()
}

const INDEXES: &str = "SELECT string_agg(c.relname || i.indisvalid, ' ' ORDER BY c.relname COLLATE \"C\") FROM pg_index i \
     JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = 'ds_shop.items'::regclass";

fn indexed() -> String {
    TABLE.replace("size int }", "size int, #by_name index(name) }")
}

/// `kf` is killed while an index is built after the switch; the next `kf deploy` has nothing to change, and finishes it.
#[test]
fn what_a_killed_deploy_left_the_next_one_finishes() {
    let (folder, url) = (scratch(), block_on(database()));
    let kf = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kf"));
        command.args(words).current_dir(folder.path()).env("KF_DATABASE_URL", &url).stdin(Stdio::null());
        command
    };
    let said = |words: &[&str]| {
        let output = kf(words).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.code(), text)
    };
    let path = folder.path().join("shop.kf");
    std::fs::write(&path, TABLE).unwrap();
    assert_eq!(said(&["deploy"]).0, Some(0));
    std::fs::write(&path, indexed()).unwrap();
    block_on(async {
        let db = connect(&url).await.unwrap();
        let fill = "INSERT INTO ds_shop.items SELECT n, repeat('x', 100) || n, n FROM generate_series(1, 80000) AS n";
        db.client.batch_execute(fill).await.unwrap();
        let (code, text) = said(&["plan"]);
        assert!(code == Some(0) && text.contains("after the switch, while others go on"), "{text}");
        let holder = connect(&url).await.unwrap();
        // Another table's transaction, with a snapshot, is all that the build waits for.
        holder
            .client
            .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM kf.meta")
            .await
            .unwrap();
        let mut child = kf(&["deploy"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let building = "SELECT count(*)::text FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY%' \
             AND wait_event_type = 'Lock' AND datname = current_database()";
        while scalar(&db, building).await != "1" {
            assert!(child.try_wait().unwrap().is_none(), "the build does not wait");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let gone = "SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity \
             WHERE query LIKE 'CREATE INDEX CONCURRENTLY%' AND datname = current_database() AND pid <> pg_backend_pid()";
        scalar(&db, gone).await;
        holder.client.batch_execute("COMMIT").await.unwrap();
        assert_eq!(scalar(&db, INDEXES).await, "items_by_namefalse items_pkeytrue");
        assert_eq!(scalar(&db, "SELECT version::text FROM kf.dataset").await, "2");
        let left = "index `items_by_name` is to be built";
        assert!(said(&["show", "shop"]).1.contains(left), "{}", said(&["show", "shop"]).1);
        assert!(said(&["list"]).1.contains("1 step pending in `shop`"), "{}", said(&["list"]).1);
        let (code, text) = said(&["plan"]);
        assert!(code == Some(0) && text.contains(left) && text.contains("`kf deploy` finishes"), "{text}");
        assert_eq!(
            said(&["deploy"]),
            (Some(0), "unchanged shop, version 2\n1 dataset: 1 unchanged\n".to_owned())
        );
        assert_eq!(scalar(&db, INDEXES).await, "items_by_nametrue items_pkeytrue");
        assert!(registry::pending(&db.client, None).await.unwrap().is_empty());
        assert!(said(&["plan"]).1.contains("nothing to do"));
    });
}

/// A deploy that never came to its switch leaves what it had made ahead: the same deploy uses it, another one drops it.
#[test]
fn what_was_made_ahead_is_used_or_dropped() {
    block_on(async {
        let mut db = connect(&database().await).await.unwrap();
        deploy(&mut db, &[TABLE]).await.unwrap();
        let unique = TABLE.replace("name text, size int }", "name text unique not_null, size int }");
        for again in [&unique[..], &indexed()] {
            let mut prepared = prepare(&db, &packages(&[&unique])).await.unwrap();
            prepared.manner = kuneiform::deploy::Manner { patience: Duration::ZERO, large: 0 };
            // Nobody gets the dataset while somebody calls.
            let caller = connect(&db_url(&db)).await.unwrap();
            caller.client.batch_execute("BEGIN; SELECT kf.hold('shop')").await.unwrap();
            let errors = apply(&mut db, &prepared, Consent::ALL, &mut |_| {}).await.unwrap_err();
            assert_eq!(errors[0].code, Code::DeployBusy);
            assert!(
                errors[0].notes.iter().any(|note| note.contains("the next deploy of it uses them")),
                "{errors:?}"
            );
            assert_eq!(scalar(&db, INDEXES).await.matches("true").count(), 2);
            assert_eq!(
                scalar(&db, "SELECT string_agg(kind || ahead, ' ' ORDER BY kind) FROM kf.pending").await,
                "constrainttrue indextrue"
            );
            caller.close().await;
            let before =
                scalar(&db, "SELECT max(oid)::text FROM pg_class WHERE relkind = 'i' AND relname LIKE '~%'")
                    .await;
            assert_eq!(deploy_with(&mut db, &[again], |it| it.large = 0).await.unwrap(), [Done::Updated]);
            assert!(registry::pending(&db.client, None).await.unwrap().is_empty());
            let aside = "SELECT count(*)::text FROM pg_class WHERE relname LIKE '~%'";
            assert_eq!(scalar(&db, aside).await, "0");
            let checks = "SELECT count(*)::text FROM pg_constraint WHERE contype = 'c' AND conrelid = 'ds_shop.items'::regclass";
            assert_eq!(scalar(&db, checks).await, "0");
            let used = format!("SELECT count(*)::text FROM pg_class WHERE oid = {before}");
            assert_eq!(scalar(&db, &used).await, if again == unique { "1" } else { "0" });
            deploy(&mut db, &[TABLE]).await.unwrap();
        }
    });
}

fn db_url(db: &Session) -> String {
    let host = &db.settings.hosts[0];
    format!("host={} port={} dbname={} user={}", host.name, host.port, db.settings.database, db.settings.user)
}

/// Rows that come between the count and the switch are found by the validation; the next version may mend them.
#[test]
fn rows_that_do_not_fit_after_all_are_told_and_can_be_mended() {
    block_on(async {
        let url = database().await;
        let mut db = connect(&url).await.unwrap();
        deploy(&mut db, &[TABLE]).await.unwrap();
        let bounded = TABLE.replace("size int }", "size int min(0) }");
        let mut prepared = prepare(&db, &packages(&[&bounded])).await.unwrap();
        prepared.manner.large = 0;
        let mut late = |_: &_| {
            let url = url.clone();
            std::thread::spawn(move || {
                block_on(async {
                    // As if it had been written a moment before the switch.
                    let sql = "ALTER TABLE ds_shop.items DROP CONSTRAINT items_size_check1; INSERT INTO ds_shop.items VALUES (1, 'a', -5); \
                         ALTER TABLE ds_shop.items ADD CONSTRAINT items_size_check1 CHECK (size >= 0) NOT VALID";
                    connect(&url).await.unwrap().client.batch_execute(sql).await.unwrap();
                });
            })
            .join()
            .unwrap();
        };
        let errors = apply(&mut db, &prepared, Consent::ALL, &mut late).await.unwrap_err();
        assert_eq!(errors[0].code, Code::DataRefused);
        let message = &errors[0].message;
        assert!(
            message.starts_with(
                "`shop` is deployed, but its constraint `items_size_check1` is not validated yet"
            ),
            "{message}"
        );
        assert_eq!(scalar(&db, "SELECT version::text FROM kf.dataset").await, "2");
        let again = deploy_with(&mut db, &[&bounded], |it| it.large = 0).await.unwrap_err();
        assert_eq!(again[0].message, *message, "it is not forgotten");
        let mending =
            bounded.clone() + "action mend() public { UPDATE items SET size = 0 WHERE size < 0; }\n";
        let errors = deploy_with(&mut db, &[&mending], |it| it.large = 0).await.unwrap_err();
        assert_eq!(errors[0].message, *message, "the next version is deployed with the step still pending");
        assert_eq!(scalar(&db, "SELECT version::text FROM kf.dataset").await, "3");
        db.client.batch_execute("UPDATE ds_shop.items SET size = 0 WHERE size < 0").await.unwrap();
        assert_eq!(deploy(&mut db, &[&mending]).await.unwrap(), [Done::Unchanged]);
        assert!(registry::pending(&db.client, None).await.unwrap().is_empty());
        let valid = "SELECT convalidated::text FROM pg_constraint WHERE conname = 'items_size_check1'";
        assert_eq!(scalar(&db, valid).await, "true");
    });
}

/// Values that stand twice when the index is built: nothing is switched, and nothing is left.
#[test]
fn a_unique_index_that_cannot_be_built_leaves_nothing() {
    block_on(async {
        let mut db = connect(&database().await).await.unwrap();
        deploy(&mut db, &[TABLE]).await.unwrap();
        let unique = TABLE.replace("name text, size int }", "name text unique, size int }");
        let mut prepared = prepare(&db, &packages(&[&unique])).await.unwrap();
        prepared.manner.large = 0;
        db.client.batch_execute("INSERT INTO ds_shop.items VALUES (1, 'a', 1), (2, 'a', 2)").await.unwrap();
        let errors = apply(&mut db, &prepared, Consent::ALL, &mut |_| {}).await.unwrap_err();
        assert_eq!(errors[0].code, Code::DataRefused, "{errors:?}");
        assert_eq!(scalar(&db, INDEXES).await, "items_pkeytrue");
        assert!(registry::pending(&db.client, None).await.unwrap().is_empty());
        assert_eq!(scalar(&db, "SELECT version::text FROM kf.dataset").await, "1");
    });
}
