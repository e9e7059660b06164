use std::process::{Command, Stdio};
use std::time::Duration;

use kuneiform::deploy::connect::connect;
use kuneiform::deploy::registry;

use crate::support::block_on;
use crate::support::here::Here;

const ONE: &str =
    "database one;\ntable t { id int primary }\naction f() public { INSERT INTO t (id) VALUES (1); }";

async fn count(here: &Here) -> usize {
    registry::list(&connect(&here.url).await.unwrap()).await.unwrap().len()
}

/// While it waits for somebody else, and so between two statements, it is stopped by Ctrl-C.
#[test]
fn ctrl_c_stops_a_deploy_and_says_so() {
    let here = Here::new();
    here.write("p/one.kf", ONE);
    let output = block_on(async {
        let holder = connect(&here.url).await.unwrap();
        holder.client.batch_execute("SELECT pg_advisory_lock(27494, hashtext('one'))").await.unwrap();
        let deploying = Command::new(env!("CARGO_BIN_EXE_kf"))
            .args(["deploy", "--db", &here.url])
            .current_dir(here.folder.path().join("p"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let waits = "SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database \
                     WHERE NOT l.granted AND l.locktype = 'advisory' AND d.datname = current_database()";
        while holder.client.query_one_scalar::<i64, _>(waits, &[]).await.unwrap() == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let told = Command::new("kill").args(["-INT", &deploying.id().to_string()]).status();
        assert!(told.unwrap().success());
        deploying.wait_with_output().unwrap()
    });
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(
        said.contains("KF0718") && said.contains("interrupted: nothing was deployed but what is"),
        "{said}"
    );
    assert_eq!(block_on(count(&here)), 0);
    here.fine("p", "deploy --db DB");
}

/// What the server says when its disk is full, and what it says when it does not take our SQL, at a statement of a deploy.
#[test]
fn a_full_disk_and_a_bug_of_ours_are_told_apart() {
    let here = Here::new();
    here.write("p/one.kf", ONE);
    here.write("first/zero.kf", &ONE.replace("one", "zero"));
    here.fine("first", "deploy --db DB");
    let refuse = |state: &str, message: &str| {
        let sql = format!(
            "DROP EVENT TRIGGER IF EXISTS refuse; \
             CREATE OR REPLACE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN \
             RAISE EXCEPTION USING ERRCODE = '{state}', MESSAGE = '{message}'; END $$; \
             CREATE EVENT TRIGGER refuse ON ddl_command_end WHEN TAG IN ('CREATE FUNCTION') EXECUTE FUNCTION public.refuse()"
        );
        block_on(async { connect(&here.url).await.unwrap().client.batch_execute(&sql).await.unwrap() });
    };
    refuse("53100", "could not extend file: No space left on device");
    here.wrong("p", "deploy --db DB", 4, &["KF0718", "No space left on device"]);
    assert_eq!(block_on(count(&here)), 1);
    refuse("42601", "syntax error");
    here.wrong("p", "deploy --db DB", 101, &["KF0790", "bug in kf", "one.kf:3"]);
    assert_eq!(block_on(count(&here)), 1);
    block_on(async {
        connect(&here.url).await.unwrap().client.batch_execute("DROP EVENT TRIGGER refuse").await.unwrap();
    });
    here.fine("p", "deploy --db DB");
}
