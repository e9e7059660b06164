//! A view writes nothing, even where PostgreSQL holds something else than what the compiler let through.

use kuneiform::deploy::call::{CallError, call};

use crate::support::programs::{call_of, context, deployed, packages, state};
use crate::support::{block_on, session};

const LEDGER: &str = "database ledger;
    table entries { id text primary }
    action helper() private view { SELECT count(*) AS n FROM entries AS e; }
    action outer_view() public view { helper(); SELECT e.id FROM entries AS e; }
    action joined() public view { SELECT e.id, h.n FROM entries AS e JOIN helper() AS h ON h.n > 0; }
    action raising() public view { SELECT CASE WHEN NOT EXISTS (SELECT e.id FROM entries AS e) THEN ERROR('empty') END; helper(); }
    action write() public { outer_view(); INSERT INTO entries (id) VALUES (@txid); }";

/// What somebody with the owner's rights could put in the place of the private view.
const WRITERS: [(&str, &str); 4] = [
    ("plain", "INSERT INTO ds_ledger.entries VALUES ('pwned'); RETURN QUERY SELECT 1::int8;"),
    ("dynamic", "EXECUTE 'INSERT INTO ds_ledger.entries VALUES (''pwned'')'; RETURN QUERY SELECT 1::int8;"),
    (
        "a CTE that writes",
        "RETURN QUERY WITH w AS (INSERT INTO ds_ledger.entries VALUES ('pwned') RETURNING 1) SELECT count(*) FROM w;",
    ),
    (
        "switching writes on",
        "PERFORM pg_catalog.set_config('transaction_read_only', 'off', true); INSERT INTO ds_ledger.entries VALUES ('pwned'); RETURN QUERY SELECT 1::int8;",
    ),
];

#[test]
fn a_writer_under_a_view_is_stopped() {
    block_on(async {
        let url = deployed(&packages(&[LEDGER], None)).await;
        let mut db = session(&url).await;
        db.client.batch_execute("GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO kf_reader; INSERT INTO ds_ledger.entries VALUES ('first')").await.unwrap();
        for (how, body) in WRITERS {
            let sql = format!(
                "CREATE OR REPLACE FUNCTION ds_ledger.\"helper@ledger\"(\"@ctx\" kf.ctx) RETURNS TABLE (\"n\" int8) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
                 SET search_path = pg_catalog, pg_temp AS $$ BEGIN {body} END $$"
            );
            db.client.batch_execute(&sql).await.unwrap();
            for view in ["outer_view", "raising"] {
                let sql = format!("SELECT ds_ledger.\"{view}@ledger\"({})", context("'0xa'"));
                let error = db.client.simple_query(&sql).await.expect_err(how);
                // Permission denied: the role it belongs to has no right to write.
                assert_eq!(state(&error), "42501", "{how} under {view}: {error:?}");
                let outcome = call(&mut db, &call_of(&format!("ledger.{view}"), "0xa", &[])).await;
                let Err(CallError::Fault(fault)) = outcome else { panic!("{how} under {view}: {outcome:?}") };
                assert!(
                    fault.code == "KF006" || how == "switching writes on",
                    "{how} under {view}: {fault:?}"
                );
            }
        }
        let rows: i64 =
            db.client.query_one_scalar("SELECT count(*) FROM ds_ledger.entries", &[]).await.unwrap();
        assert_eq!(rows, 1);
    });
}

/// Read-only is the view's own: the action that called it goes on writing.
#[test]
fn the_action_around_a_view_may_write() {
    block_on(async {
        let mut db = session(&deployed(&packages(&[LEDGER], None)).await).await;
        call(&mut db, &call_of("ledger.write", "0xa", &[])).await.unwrap();
        assert_eq!(call(&mut db, &call_of("ledger.joined", "0xa", &[])).await.unwrap().rows.len(), 1);
    });
}
