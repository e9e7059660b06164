//! Builds and validations that take long, and writers that go on meanwhile.

use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use kuneiform::deploy::connect::{Session, connect};
use kuneiform::deploy::{Consent, Done, apply, prepare};

use super::busy::writes;
use super::shop::{TABLE, deploy, packages};
use crate::support::{block_on, database};

async fn scalar(db: &Session, sql: &str) -> String {
    db.client.query_one_scalar::<Option<String>, _>(sql, &[]).await.unwrap().unwrap_or_default()
}

/// Index and constraint of the next version.
const CHECKED: &str = "database shop;\ntable items { id int primary, name text, size int min(0), #by_name index(name) }\n\
    action put($id int, $name text, $size int) public { INSERT INTO items (id, name, size) VALUES ($id, $name, $size); }\n\
    action all() public view returns table(id int) { SELECT id FROM items; }\n";

/// A transaction that has written keeps the build of an index waiting, and a lock like a VACUUM's keeps a validation waiting.
/// The switch is done by then, and nobody else waits.
#[test]
fn writers_go_on_while_old_rows_are_looked_through() {
    block_on(async {
        let url = database().await;
        let mut db = connect(&url).await.unwrap();
        deploy(&mut db, &[TABLE]).await.unwrap();
        let mut prepared = prepare(&db, &packages(&[CHECKED])).await.unwrap();
        prepared.manner.large = 0;
        let (switched, has_switched) = channel();
        let (held, is_held) = channel();
        let others = std::thread::spawn(move || {
            block_on(async {
                has_switched.recv().unwrap();
                let holder = connect(&url).await.unwrap();
                holder
                    .client
                    .batch_execute("BEGIN; LOCK TABLE ds_shop.items IN SHARE UPDATE EXCLUSIVE MODE")
                    .await
                    .unwrap();
                held.send(()).unwrap();
                let watcher = connect(&url).await.unwrap();
                let (count, longest) = writes(&url, Instant::now() + Duration::from_millis(1500)).await;
                let pending =
                    scalar(&watcher, "SELECT string_agg(name, ' ' ORDER BY name) FROM kf.pending").await;
                let version = scalar(&watcher, "SELECT version::text FROM kf.dataset").await;
                let refused =
                    watcher.client.batch_execute("INSERT INTO ds_shop.items VALUES (-1, 'x', -1)").await;
                holder
                    .client
                    .batch_execute("COMMIT; BEGIN; INSERT INTO ds_shop.items VALUES (-2, 'y', 1)")
                    .await
                    .unwrap();
                let (more, longer) = writes_more(&url).await;
                holder.client.batch_execute("COMMIT").await.unwrap();
                (count + more, longest.max(longer), pending, version, refused.is_err())
            })
        });
        let mut tell = |_: &_| {
            switched.send(()).unwrap();
            is_held.recv().unwrap();
        };
        let outcomes = apply(&mut db, &prepared, Consent::ALL, &mut tell).await.unwrap();
        assert_eq!(outcomes[0].done, Done::Updated);
        let (count, longest, pending, version, refused) = others.join().unwrap();
        assert_eq!(pending, "items_by_name items_size_check1");
        assert_eq!(version, "2", "the switch does not wait");
        assert!(refused, "new rows are held to the bound at once");
        assert!(count > 50 && longest < Duration::from_millis(500), "{count} writes, longest {longest:?}");
        assert_eq!(scalar(&db, "SELECT count(*)::text FROM kf.pending").await, "0");
        assert_eq!(
            scalar(
                &db,
                "SELECT bool_and(indisvalid)::text FROM pg_index WHERE indrelid = 'ds_shop.items'::regclass"
            )
            .await,
            "true"
        );
        assert_eq!(scalar(&db, "SELECT bool_and(convalidated)::text FROM pg_constraint WHERE conrelid = 'ds_shop.items'::regclass").await, "true");
    });
}

async fn writes_more(url: &str) -> (i32, Duration) {
    let db = connect(url).await.unwrap();
    db.client.batch_execute("DELETE FROM ds_shop.items WHERE id >= 1000000").await.unwrap();
    writes(url, Instant::now() + Duration::from_millis(700)).await
}

/// What the new functions rely on is there before they are: the old ones go on until then.
#[test]
fn a_unique_index_is_built_before_the_switch() {
    block_on(async {
        let url = database().await;
        let mut db = connect(&url).await.unwrap();
        deploy(&mut db, &[TABLE]).await.unwrap();
        db.client.batch_execute("INSERT INTO ds_shop.items VALUES (1, 'a', 1), (2, 'b', 2)").await.unwrap();
        let unique = TABLE.replace("name text, size int }", "name text unique, size int }");
        let mut prepared = prepare(&db, &packages(&[&unique])).await.unwrap();
        prepared.manner.large = 0;
        let holder = connect(&url).await.unwrap();
        holder.client.batch_execute("BEGIN; INSERT INTO ds_shop.items VALUES (3, 'c', 3)").await.unwrap();
        let others = std::thread::spawn(move || {
            block_on(async {
                let watcher = connect(&url).await.unwrap();
                let (count, longest) = writes(&url, Instant::now() + Duration::from_secs(1)).await;
                let version = scalar(&watcher, "SELECT version::text FROM kf.dataset").await;
                let ahead = scalar(&watcher, "SELECT string_agg(kind || ahead, ' ') FROM kf.pending").await;
                holder.client.batch_execute("COMMIT").await.unwrap();
                (count, longest, version, ahead)
            })
        });
        apply(&mut db, &prepared, Consent::ALL, &mut |_| {}).await.unwrap();
        let (count, longest, version, ahead) = others.join().unwrap();
        assert_eq!(version, "1", "the old version serves until the index is there");
        assert_eq!(ahead, "indextrue");
        assert!(count > 20 && longest < Duration::from_millis(500), "{count} writes, longest {longest:?}");
        let constraints = "SELECT string_agg(conname || convalidated, ' ' ORDER BY conname) FROM pg_constraint \
             WHERE conrelid = 'ds_shop.items'::regclass AND contype <> 'n'";
        assert_eq!(scalar(&db, constraints).await, "items_name_keytrue items_pkeytrue");
        assert_eq!(scalar(&db, "SELECT count(*)::text FROM kf.pending").await, "0");
    });
}
