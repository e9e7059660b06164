//! Operators, literals, casts, aggregates.

use super::{holds, refused};

#[test]
fn is_distinct_from_and_between_bind_tighter_than_and_and_or() {
    holds(
        "table t { id int primary, n int }
        action fill() public { INSERT INTO t (id, n) VALUES (1, 1), (2, null); }
        action f($a int, $b int) public view returns (bool, bool) {
            return $a IS DISTINCT FROM $b OR $a = 1, $a BETWEEN 1 AND 5 AND $b = 2;
        }
        action in_sql() public view {
            SELECT t.id, t.n IS DISTINCT FROM 1 OR t.id = 1 AS a, t.id BETWEEN 1 AND 5 AND t.id = 2 AS b FROM t;
        }
        //> call fill()
        //> call f(1, 1)
        //= true | false
        //> call f(3, 2)
        //= true | true
        //> call in_sql()
        //= 1 | true | false
        //= 2 | true | true",
    );
}

#[test]
fn not_written_as_a_sign_binds_tightest() {
    holds(
        "action f($a bool, $b bool) public view returns (bool, bool) { return !$a = $b, NOT $a = $b; }
        //> call f(false, false)
        //= false | false
        //> call f(true, false)
        //= true | true
        //> call f(null, true)
        //= null | null",
    );
    refused("action f($n int) public view returns (bool) { return !$n = 1; }", &["KF0301"]);
}

#[test]
fn aggregates_take_distinct_values() {
    holds(
        "table t { id int primary, n int }
        action fill() public { INSERT INTO t (id, n) VALUES (1, 2), (2, 2), (3, 5), (4, null); }
        action f() public view {
            SELECT min(DISTINCT n) AS a, max(DISTINCT n) AS b, sum(DISTINCT n) AS c, count(DISTINCT n) AS d,
                array_agg(DISTINCT n) AS e, avg(DISTINCT n)::decimal(5,2) AS f
            FROM t;
        }
        //> call fill()
        //> call f()
        //= 2 | 5 | 7 | 2 | [2, 5, null] | 3.50",
    );
}

#[test]
fn a_declared_type_holds_from_the_first_value_on() {
    refused("action f() public view returns (int) { $x int := 'x'; return $x; }", &["KF0301"]);
    holds(
        "action f() public view returns (text, text) {
            $x decimal(6,2) := 1;
            $y uint256 := 7;
            return $x::text, $y::text;
        }
        //> call f()
        //= 1.00 | 7",
    );
}

#[test]
fn every_use_of_a_variable_has_its_own_cast() {
    holds(
        "table t { id int primary }
        action fill() public { INSERT INTO t (id) VALUES (12); }
        action f($n text) public view {
            SELECT $n::int + t.id AS a, $n::decimal(5,2) AS b, $n::text || '!' AS c FROM t WHERE t.id = $n::int;
        }
        //> call fill()
        //> call f('12')
        //= 24 | 12.00 | 12!",
    );
}

#[test]
fn literals_and_defaults_stay_as_written() {
    holds(
        "table t { id int primary, word text default('ABC de'), low int default(-9223372036854775808),
            bytes blob default(0xABcd), flag bool default(true), d decimal(5,2) default 1.5 }
        action add() public { INSERT INTO t (id) VALUES (-9223372036854775808); }
        action f() public view { SELECT * FROM t; }
        action low() public view returns (int, text) { return -9223372036854775808, 'A\\n''B'; }
        //> call add()
        //> call f()
        //= -9223372036854775808 | ABC de | -9223372036854775808 | \\xabcd | true | 1.50
        //> call low()
        //= -9223372036854775808 | A\\n'B",
    );
}

#[test]
fn logic_has_three_values() {
    holds(
        "action f($n bool) public view returns (bool, bool, bool, bool, text) {
            $word := 'else';
            if $n { $word := 'then'; }
            return true OR $n, false AND $n, true AND $n, NOT $n, $word;
        }
        //> call f(null)
        //= true | false | null | null | else",
    );
}

#[test]
fn numbers_neither_wrap_nor_lose_digits() {
    holds(
        "action add($a int, $b int) public view returns (int) { return $a + $b; }
        action power($a decimal(40,0), $b decimal(40,0)) public view returns (decimal(40,0)) { return $a ^ $b; }
        action divide($a int, $b int) public view returns (int) { return $a / $b; }
        //> call add(9223372036854775807, 1)
        //! KF0802 bigint out of range
        //> call power(3, 60)
        //= 42391158275216203514294433201
        //> call divide(-7, 2)
        //= -3
        //> call divide(1, 0)
        //! KF0802 division by zero",
    );
}
