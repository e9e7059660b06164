//! What callers and names can and cannot do.

use super::{block_on, deployed, holds, refused};

#[test]
fn what_a_caller_says_is_never_sql() {
    holds(
        "table t { id int primary, word text }
        action f($word text) public returns (text, text) {
            INSERT INTO t (id, word) VALUES (1, $word) ON CONFLICT (id) DO UPDATE SET word = excluded.word;
            NOTICE($word);
            $kept text := (SELECT word FROM t WHERE id = 1);
            return $kept, @caller;
        }
        //> call f('$kf$; DROP TABLE t; -- %s') as x';DROP
        //~ $kf$; DROP TABLE t; -- %s
        //= $kf$; DROP TABLE t; -- %s | x';DROP",
    );
}

#[test]
fn columns_called_like_keywords_are_columns() {
    holds(
        "table t { id int primary, user text, current_date text, char text, interval text, desc int, order int,
            #first index(user, desc) }
        action add() public {
            INSERT INTO t (id, \"user\", \"current_date\", char, interval, \"desc\", \"order\")
            VALUES (1, 'me', 'never', 'c', 'i', 2, 3);
        }
        action f() public view {
            SELECT t.\"user\", t.\"current_date\", t.char, t.interval, t.\"desc\", t.\"order\" FROM t
            WHERE t.\"user\" = 'me' ORDER BY t.\"order\";
        }
        //> call add()
        //> call f()
        //= me | never | c | i | 2 | 3",
    );
}

#[test]
fn functions_look_nowhere_but_where_they_were_compiled_for() {
    let items = "table t { id int primary }
        action read() public view { SELECT id FROM t; }
        action write() public { INSERT INTO t (id) VALUES (1); ERROR('no'); }";
    block_on(async {
        let db = deployed(items).await;
        let sql = "SELECT p.proname FROM pg_catalog.pg_proc AS p
                   JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
                   WHERE n.nspname LIKE 'ds\\_%'
                     AND NOT EXISTS (SELECT 1 FROM unnest(p.proconfig) AS c(setting)
                                     WHERE c.setting LIKE 'search_path=pg_catalog%')";
        let loose = db.client.query(sql, &[]).await.unwrap();
        assert!(loose.is_empty(), "{} functions have no search_path of their own", loose.len());
        let sql = "SELECT count(*) FROM pg_catalog.pg_proc AS p
                   JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
                   WHERE n.nspname LIKE 'ds\\_%' AND p.proname LIKE 'read%' AND p.provolatile = 's'";
        let stable: i64 = db.client.query_one(sql, &[]).await.unwrap().get(0);
        assert_eq!(stable, 1, "a view is stable");
        db.close().await;
    });
}

#[test]
fn names_of_results_and_variables_do_not_hide_columns() {
    holds(
        "table t { id int primary, n int }
        action fill() public { INSERT INTO t (id, n) VALUES (1, 10), (2, 20); }
        action f($id int, $n int) public view returns table(id int, n int) {
            $t := 7;
            for $r in SELECT id, n FROM t WHERE id = $id AND n <> $n {
                return next $r.n, $r.id + $t;
            }
            return SELECT id, n FROM t WHERE n = $n;
        }
        //> call fill()
        //> call f(1, 20)
        //= 10 | 8
        //= 2 | 20",
    );
}

#[test]
fn the_owner_is_asked_however_deep_the_call_is() {
    holds(
        "table t { id int primary }
        action sweep() private owner { DELETE FROM t WHERE id > 0; }
        action outer() public { sweep(); }
        //> call outer() as bob
        //! KF002 only the owner of `x` may call `sweep`
        //> call outer() owner",
    );
}

#[test]
fn a_view_only_reads_however_deep_the_call_is() {
    let items = "table t { id int primary }
        action add() private { INSERT INTO t (id) VALUES (1); }
        action between() private { add(); }";
    refused(&format!("{items}\naction f() public view {{ between(); }}"), &["KF0501"]);
    refused(&format!("{items}\naction f() public view {{ INSERT INTO t (id) VALUES (1); }}"), &["KF0501"]);
}

#[test]
fn a_schema_is_deployed_again_in_place() {
    use super::{OWNER, calls, deploy_packages, packages};
    let schema = |answer: &str| {
        format!(
            "database x;
            table t {{ id int primary }}
            action add($id int) public {{ INSERT INTO t (id) VALUES ($id); }}
            action f() public view {{ SELECT id, '{answer}' AS said FROM t; }}"
        )
    };
    block_on(async {
        let mut db = deployed(schema("old").strip_prefix("database x;").unwrap()).await;
        let before = "//> call add(1)\n//> call f()\n//= 1 | old";
        assert_eq!(calls(before, "x", &mut db).await, [""; 0]);
        deploy_packages(&mut db, &packages(&[&schema("new")], Some(OWNER)), &mut |_| {}).await.unwrap();
        assert_eq!(calls("//> call f()\n//= 1 | new", "x", &mut db).await, [""; 0]);
        db.close().await;
    });
}
