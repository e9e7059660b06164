//! What is found out before anything runs.

use super::{holds, refused};

#[test]
fn every_column_of_a_result_is_checked() {
    refused("action f() public view returns (a int, b tex) { return 1, 2; }", &["KF0206"]);
    refused("action f() public view returns (a int, a int) { return 1, 2; }", &["KF0404"]);
}

#[test]
fn parameters_without_types_have_one_when_the_schema_is_checked() {
    refused(
        "table t { id int primary, flag bool }
        action f($p) public view { SELECT id FROM t WHERE id = $p AND flag = $p; }",
        &["KF0304"],
    );
    holds(
        "table t { id int primary, word text, price decimal(5,2) }
        action add($id, $word, $price) public { INSERT INTO t (id, word, price) VALUES ($id, $word, $price); }
        action f($price) public view { SELECT t.id, t.word FROM t WHERE t.price < $price; }
        //> call add(1, '7', 1.25)
        //> call add('x', '7', 1.25)
        //! refused argument `$id` of `x.add`: `\"x\"` is not an int, from -9223372036854775808 to 9223372036854775807
        //> call f(1.5)
        //= 1 | 7",
    );
}

#[test]
fn a_star_is_the_columns_under_their_names() {
    holds(
        "table t { id int primary, word text, n int }
        action fill() public { INSERT INTO t (id, word, n) VALUES (1, 'a', 2); }
        action all_of_it() public view { SELECT * FROM t; }
        action declared() public view returns table(number int, label text, amount int) { return SELECT * FROM t; }
        action looped() public view returns (text) {
            for $r in SELECT * FROM t { return $r.word || $r.n::text; }
            return '';
        }
        //> call fill()
        //> call all_of_it()
        //= 1 | a | 2
        //> call declared()
        //= 1 | a | 2
        //> call looped()
        //= a2",
    );
    refused(
        "table t { id int primary, word text }
        action f() public view returns table(id int) { return SELECT * FROM t; }",
        &["KF0306"],
    );
}

#[test]
fn a_variable_is_there_only_where_it_was_declared() {
    refused("action f($c bool) public { if $c { $x := 1; } NOTICE($x::text); }", &["KF0203"]);
}
