//! Ways through an action.

use super::{holds, refused};

#[test]
fn return_of_a_query_ends_the_action() {
    holds(
        "action f($c bool) public view returns table(n int) {
            if $c { return SELECT 1 AS n; }
            for $i in 1..3 { if $i = 2 { return SELECT $i AS n; } }
            return SELECT 9 AS n;
        }
        //> call f(true)
        //= 1
        //> call f(false)
        //= 2",
    );
}

#[test]
fn every_way_out_has_a_result() {
    refused("action f($c bool) public view returns (int) { if $c { return 1; } }", &["KF0315"]);
    refused(
        "action f($c bool) public view returns (int) { if $c { return 1; } else { $c := true; } }",
        &["KF0315"],
    );
    holds(
        "action f($most int) public view returns (int) { for $i in 1..$most { return $i; } }
        //> call f(3)
        //= 1
        //> call f(0)
        //! KF001 `f` ended without a result",
    );
}

#[test]
fn a_declaration_is_made_anew_at_each_pass() {
    holds(
        "action f() public view returns (text) {
            $seen := '';
            for $i in 1..3 {
                $last int;
                $seen := $seen || coalesce($last::text, '-');
                $last := $i;
            }
            return $seen;
        }
        //> call f()
        //= ---",
    );
}

#[test]
fn variables_of_blocks_side_by_side_are_apart() {
    holds(
        "action f($c bool) public view returns (text) {
            if $c { $x int := 5; NOTICE($x::text); }
            if NOT $c { $x := 'none'; NOTICE($x); }
            $x text;
            for $r in SELECT 1 AS n { $x := $r.n::text; }
            for $r in SELECT 'two' AS n { $x := $x || $r.n; }
            return $x;
        }
        //> call f(true)
        //~ 5
        //= 1two
        //> call f(false)
        //~ none
        //= 1two",
    );
}

#[test]
fn statements_have_the_expressions_of_queries() {
    holds(
        "table t { id int primary, n int default -3, word text, }
        action f($n int) public returns (text) {
            INSERT INTO t (id) SELECT $n WHERE $n > 0 ON CONFLICT (id) DO UPDATE SET word = 'it''s';
            $count int := (SELECT count(*) FROM t);
            $all := '';
            for $i in 1..4 {
                if $i IN (2, 3) AND $i BETWEEN 2 AND 2 { continue; }
                $all := $all || CASE WHEN $i > 3 THEN '.' ELSE $i::text::int::text END;
            }
            if EXISTS (SELECT 1 FROM t WHERE word LIKE 'it''%') { $all := $all || '!'; }
            return $all || $count::text;
        }
        action values_of($n int) public { UPDATE t SET n = n - 1 WHERE id = $n RETURNING n, word; }
        //> call f(1)
        //= 13.1
        //> call f(1)
        //= 13.!1
        //> call values_of(1)
        //= -4 | it's",
    );
}

#[test]
fn an_error_is_told_where_it_stands() {
    use super::{block_on, deployed};
    use crate::support::programs::call_of;
    use kuneiform::deploy::call::{CallError, call};

    let items = "action inner($n int) private view {\n  if $n > 1 {\n    ERROR('too many');\n  }\n}\n\
                 action f($n int) public view {\n  inner($n);\n}";
    block_on(async {
        let mut db = deployed(items).await;
        let Err(CallError::Fault(fault)) = call(&mut db, &call_of("x.f", "0xcc", &["2"])).await else {
            panic!("it does not raise")
        };
        let lines: Vec<_> =
            fault.trace.iter().map(|place| (place.action.clone(), place.at.as_ref().unwrap().line)).collect();
        assert_eq!(lines, [("inner".to_owned(), 4), ("f".to_owned(), 8)]);
        db.close().await;
    });
}
