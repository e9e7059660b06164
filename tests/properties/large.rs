//! Texts made to cost a lot: refused by a limit, or compiled, within seconds and on a small stack.

use std::time::Duration;

use super::any_text::{compile_timed, holds};

/// For a megabyte in a build without optimisation, which takes 3 s at most. What is not linear takes minutes.
const PATIENCE: Duration = Duration::from_secs(8);
const MEBIBYTE: usize = 1024 * 1024;

/// Compiles; the first code, or none if it compiles.
fn verdict(what: &str, text: &str) -> Option<&'static str> {
    let (sources, compilation, took) = compile_timed(&[text]);
    holds(&sources, &compilation);
    assert!(took < PATIENCE, "{what} took {took:?}");
    let errors: Vec<&str> = compilation
        .diagnostics
        .iter()
        .filter(|it| it.severity == kuneiform::Severity::Error)
        .map(|it| it.code.id())
        .collect();
    errors.first().copied()
}

fn limited(what: &str, text: &str) {
    let code = verdict(what, text).unwrap_or("none");
    assert!(["KF0130", "KF0131", "KF0132", "KF0133"].contains(&code), "{what}: {code}");
}

/// An action that selects one expression, in a schema with a table.
fn select(expression: &str) -> String {
    format!(
        "database d; table t {{ id int primary, n int not_null }} action a() public view {{ SELECT {expression} AS x FROM t; }}"
    )
}

fn statements(body: &str) -> String {
    format!("database d; table t {{ id int primary, n int not_null }} action a() public {{ {body} }}")
}

/// What a text may consist of and nothing else.
#[rustfmt::skip]
const UNITS: &[&str] = &[
    " ", "\n", "// x\n", "/* x */", "a ", "a", "'", "'' ", "(", ")", "{", "}", ";", ",", "é", "0", "0x", "$a ", "@a ", "#", "\"", "\u{200b}", "\0",
    "SELECT ", "(SELECT ", "CASE WHEN ", "NOT ", "- ", "-1-", "a.", "a,", "a(", "ERROR(", "x AS (", "WITH x AS (", "UNION ", "1 IN (", "JOIN t ", "[",
    "::int", "OVER (", "action ", "action a() public { ", "table t { ", "use a as b; ", "SELECT 1; ", "database d; ", "INSERT INTO t ", "= ", "AND ",
    "' || '", "if true { ", "for $i in 1..2 { ", "END ", "*", "LIMIT 1 ", "ORDER BY ", "a := 1; ", "/*", "-- ",
];

#[test]
fn ten_megabytes_of_one_thing_are_not_read() {
    for unit in [" ", "a", "'", "(", "\0", "// x\n"] {
        limited(unit, &unit.repeat(10 * MEBIBYTE / unit.len()));
        limited(unit, &select(&unit.repeat(10 * MEBIBYTE / unit.len())));
    }
}

#[test]
fn a_megabyte_of_one_thing_is_told_in_time() {
    for unit in ["a ", "(", "SELECT ", "'' ", "NOT ", "action a() public { ", "/* x */"] {
        let text = unit.repeat((MEBIBYTE - 400) / unit.len());
        verdict(unit, &format!("database d; {text}"));
        verdict(unit, &select(&text));
    }
}

#[test]
fn any_one_thing_many_times_is_told_in_time() {
    for unit in UNITS {
        let text = unit.repeat(64 * 1024 / unit.len());
        verdict(unit, &text);
        verdict(unit, &format!("database d; {text}"));
        verdict(unit, &select(&text));
        verdict(unit, &statements(&text));
    }
}

#[test]
fn nesting_has_an_end() {
    let deep = 20_000;
    for (open, inner, close) in [
        ("(", "1", ")"),
        ("CASE WHEN true THEN ", "1", " END"),
        ("(SELECT ", "1", ")"),
        ("NOT ", "true", ""),
        ("- ", "1", ""),
        ("abs(", "1", ")"),
        ("EXISTS (SELECT 1 WHERE ", "true", ")"),
        ("1 IN (", "1", ")"),
        ("ARRAY[", "1", "]"),
        ("coalesce(1, ", "1", ")"),
        ("(1 + ", "1", ")"),
        ("! ", "true", ""),
        ("(SELECT 1 FROM (", "SELECT 1", ") AS x)"),
        ("+ ", "1", ""),
        ("CAST(", "1", " AS int)"),
        ("1 BETWEEN 0 AND ", "1", ""),
    ] {
        limited(open, &select(&format!("{}{inner}{}", open.repeat(deep), close.repeat(deep))));
        // As deep as allowed, or nearly, is no crash either.
        for depth in [10, 30, 60, 63, 64, 65, 100] {
            verdict(open, &select(&format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))));
        }
    }
    limited("blocks", &statements(&format!("{}{}", "if true { ".repeat(deep), "}".repeat(deep))));
}

#[test]
fn chains_have_an_end() {
    for (first, next) in [
        ("1", " + 1"),
        ("true", " AND true"),
        ("true", " OR n = 1"),
        ("'a'", " || 'a'"),
        ("1", "::int"),
        ("n", " - n"),
        ("n = 1", " = true"),
        ("1", " * 1"),
        ("true", " IS NOT NULL"),
    ] {
        limited(next, &select(&format!("{first}{}", next.repeat(50_000))));
        for count in [900, 999, 1000, 1001] {
            verdict(next, &select(&format!("{first}{}", next.repeat(count))));
        }
    }
    limited("a list of 20,000", &select(&format!("id IN ({})", vec!["1"; 20_000].join(", "))));
    limited(
        "rows of VALUES",
        &statements(&format!("INSERT INTO t (id, n) VALUES {};", vec!["(1, 1)"; 20_000].join(", "))),
    );
    limited("unions", &statements(&format!("SELECT 1 AS x{};", " UNION SELECT 1".repeat(2_000))));
    limited(
        "joins",
        &statements(&format!(
            "SELECT t.id FROM t{};",
            (0..200).map(|n| format!(" JOIN t AS t{n} ON t{n}.id = t.id")).collect::<String>()
        )),
    );
    limited(
        "columns",
        &format!(
            "database d; table t {{ id int primary{} }}",
            (0..1601).map(|n| format!(", c{n} int")).collect::<String>()
        ),
    );
    limited(
        "parameters",
        &format!(
            "database d; action a({}) public {{ }}",
            (0..101).map(|n| format!("$p{n} int")).collect::<Vec<_>>().join(", ")
        ),
    );
    limited(
        "index",
        &format!(
            "database d; table t {{ id int primary{}, #i index({}) }}",
            (0..33).map(|n| format!(", c{n} int")).collect::<String>(),
            (0..33).map(|n| format!("c{n}")).collect::<Vec<_>>().join(", ")
        ),
    );
    limited("statements", &statements(&"SELECT 1 AS x; ".repeat(5_000)));
    limited("selected columns", &select(&vec!["1"; 5_000].join(", ")));
}

#[test]
fn doubling_has_an_end() {
    let ctes: String = (1..=30)
        .map(|n| format!(", c{n} AS (SELECT a.x FROM c{0} AS a JOIN c{0} AS b ON a.x = b.x)", n - 1))
        .collect();
    verdict(
        "CTEs",
        &statements(&format!("WITH c0 AS (SELECT t.id AS x FROM t){ctes} SELECT c30.x FROM c30;")),
    );
    let views: String = (1..=30)
        .map(|n| format!("action v{n}() public view {{ SELECT a.id FROM v{0}() AS a JOIN v{0}() AS b ON a.id = b.id; }}\n", n - 1))
        .collect();
    limited(
        "views",
        &format!(
            "database d; table t {{ id int primary }} action v0() public view {{ SELECT t.id FROM t; }}\n{views}"
        ),
    );
    let calls: String =
        (1..=30).map(|n| format!("action a{n}() public {{ a{0}(); a{0}(); }}\n", n - 1)).collect();
    verdict("calls", &format!("database d; action a0() public {{ NOTICE('x'); }}\n{calls}"));
    limited(
        "calls in a row",
        &format!(
            "database d; action a0() public {{ NOTICE('x'); }}\n{}",
            (1..=2_000).map(|n| format!("action a{n}() public {{ a{}(); }}\n", n - 1)).collect::<String>()
        ),
    );
}

/// Every tag a body could be quoted with, in its body.
#[test]
fn a_body_full_of_tags_is_quoted_quickly() {
    let tags: String = (1..90_000).map(|n| format!("$kf{n}$ ")).collect();
    verdict("tags", &statements(&format!("NOTICE('$kf$ {tags}');")));
}

/// Every action calls the next, the last the first and all of them: one group, each of whose traits reaches the others.
#[test]
fn a_cycle_of_many_actions_is_settled_in_time() {
    let count = 5_000;
    let mut text = "database d;".to_owned();
    for number in 0..count - 1 {
        text.push_str(&format!(" action a{number}() public returns (int) {{ return a{}(); }}", number + 1));
    }
    let all: String = (0..count).map(|number| format!("a{number}(); ")).collect();
    text.push_str(&format!(
        " action a{}() public returns (int) {{ ERROR('x'); {all} return a0(); }}",
        count - 1
    ));
    let (sources, compilation, took) = compile_timed(&[&text]);
    holds(&sources, &compilation);
    assert!(took < PATIENCE, "took {took:?}");
}
