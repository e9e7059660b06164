//! Order where it can be seen, and only there.

use super::{holds, refused, sql};

const TABLES: &str = "table t { id int primary, n int not_null, word text not_null unique }\n\
                      table u { id int primary, t int not_null references t(id) }\n";

/// How often an action's SQL sorts.
fn sorts(action: &str) -> usize {
    sql(&format!("{TABLES}{action}")).matches("ORDER BY").count()
}

#[test]
fn limits_and_collections_see_one_order() {
    holds(&format!(
        "{TABLES}
        action fill() public {{
            INSERT INTO t (id, n, word) VALUES (3, 1, 'b'), (1, 1, 'B'), (2, 1, 'a');
            INSERT INTO u (id, t) VALUES (1, 3), (2, 1), (3, 2);
        }}
        action first() public view {{
            SELECT u.id FROM u JOIN (SELECT t.id FROM t ORDER BY t.n LIMIT 1) AS f ON f.id = u.t;
        }}
        action collected() public view {{ SELECT array_agg(t.word) AS words FROM t; }}
        action sorted() public view {{ SELECT t.word FROM t ORDER BY t.word; }}
        //> call fill()
        //> call first()
        //= 2
        //> call collected()
        //= [B, a, b]
        //> call sorted()
        //= B
        //= a
        //= b"
    ));
}

#[test]
fn a_row_is_updated_from_one_row() {
    refused(
        &format!("{TABLES}action f() public {{ UPDATE t SET n = u.id FROM u WHERE u.t = t.id; }}"),
        &["KF0405"],
    );
    refused(&format!("{TABLES}action f() public {{ UPDATE t SET n = u.id FROM u; }}"), &["KF0405"]);
}

#[test]
fn nothing_is_sorted_where_no_order_can_be_seen() {
    let exists = "action f($n int) public view returns (bool) {
        return EXISTS (SELECT 1 FROM t JOIN u ON u.t = t.id WHERE t.n = $n); }";
    let listed = "action f($n int) public view returns (bool) { return $n IN (SELECT t.n FROM t); }";
    let counted = "action f() public view { SELECT count(*) AS rows FROM t; }";
    let found = "action f($word text) public view { SELECT t.id FROM t WHERE t.word = $word; }";
    for action in [exists, listed, counted, found] {
        assert_eq!(sorts(action), 0, "{action}");
    }
}

#[test]
fn an_order_that_is_total_gets_no_more_keys() {
    let sql = sql(&format!("{TABLES}action f() public view {{ SELECT t.n FROM t ORDER BY t.id DESC; }}"));
    assert!(sql.contains("ORDER BY \"t\".\"id\" DESC;"), "{sql}");
}

#[test]
fn having_may_ask_for_any_grouped_column() {
    holds(&format!(
        "{TABLES}
        action fill() public {{ INSERT INTO t (id, n, word) VALUES (1, 5, 'a'), (2, 6, 'b'); }}
        action f() public view {{ SELECT t.n, t.word FROM t GROUP BY t.n, t.word HAVING t.word = 'b' AND t.n > 1; }}
        //> call fill()
        //> call f()
        //= 6 | b"
    ));
}
