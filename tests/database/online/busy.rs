use std::time::{Duration, Instant};

use kuneiform::deploy::{Done, connect::connect, registry};
use kuneiform::diagnostics::Code;

use super::shop::{TABLE, deploy, deploy_with};
use crate::support::{block_on, database};

fn wider() -> String {
    TABLE.replace("size int }", "size int, note text }")
}

/// A transaction that holds the table keeps a deploy from going on; whoever else uses the table waits a second at most,
/// and the deploy ends with who it was.
#[test]
fn a_lock_that_is_not_released_is_told_with_its_holder() {
    block_on(async {
        let url = database().await;
        let mut db = connect(&url).await.unwrap();
        deploy(&mut db, &[TABLE]).await.unwrap();
        let holder = connect(&format!("{url}?application_name=reporting")).await.unwrap();
        holder.client.batch_execute("BEGIN; SELECT * FROM ds_shop.items").await.unwrap();
        let process: i32 = holder.client.query_one_scalar("SELECT pg_backend_pid()", &[]).await.unwrap();
        let end = Instant::now() + Duration::from_secs(3);
        let writer = std::thread::spawn(move || block_on(writes(&url, end)));
        let patient =
            |seconds| move |it: &mut kuneiform::deploy::Manner| it.patience = Duration::from_secs(seconds);
        let errors = deploy_with(&mut db, &[&wider()], patient(2)).await.unwrap_err();
        assert_eq!(errors[0].code, Code::DeployBusy);
        let note = errors[0].notes.join("\n");
        assert!(note.contains(&format!("process {process} (application `reporting`, login `")), "{note}");
        assert!(note.contains("idle in transaction, for "), "{note}");
        let (count, longest) = writer.join().unwrap();
        assert!(count > 20 && longest < Duration::from_millis(1500), "{count} writes, longest {longest:?}");
        let held = std::thread::spawn(move || {
            block_on(async {
                tokio::time::sleep(Duration::from_millis(1500)).await;
                holder.client.batch_execute("COMMIT").await.unwrap();
            });
        });
        assert_eq!(deploy_with(&mut db, &[&wider()], patient(20)).await.unwrap(), [Done::Updated]);
        held.join().unwrap();
    });
}

/// Writes rows until `end`: how many, and how long the slowest took.
pub async fn writes(url: &str, end: Instant) -> (i32, Duration) {
    let db = connect(url).await.unwrap();
    let (mut count, mut longest) = (0, Duration::ZERO);
    while Instant::now() < end {
        let begun = Instant::now();
        let sql = "INSERT INTO ds_shop.items (id, name, size) VALUES ($1::int4 + 1000000, 'w' || $1, $1)";
        db.client.execute(sql, &[&count]).await.unwrap();
        longest = longest.max(begun.elapsed());
        count += 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    (count, longest)
}

/// A call that runs holds its dataset.
#[test]
fn a_call_that_does_not_end_is_told() {
    block_on(async {
        let url = database().await;
        let mut db = connect(&url).await.unwrap();
        deploy(&mut db, &[TABLE]).await.unwrap();
        let caller = connect(&url).await.unwrap();
        caller.client.batch_execute("BEGIN; SELECT kf.hold('shop')").await.unwrap();
        let errors = deploy_with(&mut db, &[&wider()], |it| it.patience = Duration::ZERO).await.unwrap_err();
        assert_eq!(errors[0].code, Code::DeployBusy);
        assert!(errors[0].notes[0].starts_with("process "), "{errors:?}");
        let held = registry::blockers(&db.client, &[]).await;
        assert!(held.is_empty(), "{held:?}");
    });
}
