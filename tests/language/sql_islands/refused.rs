use super::{expression, on_a_small_stack, statement, whole};

/// Statements with the one thing that is wrong with each: its code, and the source under its place.
const STATEMENTS: &[(&str, &str, &str)] = &[
    // statements
    ("TRUNCATE t", "KF0111", "TRUNCATE"),
    ("CREATE TABLE t (a int)", "KF0111", "CREATE"),
    ("MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE", "KF0111", "MERGE"),
    ("", "KF0106", ""),
    // clauses
    ("SELECT a FROM t FOR UPDATE", "KF0112", "FOR UPDATE"),
    ("SELECT a FROM t FOR NO KEY UPDATE SKIP LOCKED", "KF0112", "FOR NO KEY UPDATE"),
    ("SELECT a FROM t FOR SHARE", "KF0112", "FOR SHARE"),
    ("SELECT DISTINCT ON (a) a FROM t", "KF0112", "DISTINCT ON"),
    ("SELECT a FROM t TABLESAMPLE SYSTEM (10)", "KF0112", "TABLESAMPLE"),
    ("SELECT a FROM t FETCH FIRST 3 ROWS WITH TIES", "KF0112", "FETCH FIRST"),
    ("SELECT a FROM t FETCH NEXT ROW ONLY", "KF0112", "FETCH NEXT"),
    ("SELECT a FROM t LIMIT ALL", "KF0112", "ALL"),
    ("SELECT a FROM t OFFSET 1 ROWS", "KF0112", "ROWS"),
    ("SELECT a FROM t NATURAL JOIN u", "KF0112", "NATURAL JOIN"),
    ("SELECT a FROM t NATURAL LEFT JOIN u", "KF0112", "NATURAL LEFT"),
    ("SELECT a FROM t, u", "KF0112", "u"),
    ("SELECT a FROM t JOIN u", "KF0112", "JOIN u"),
    ("SELECT a FROM t QUALIFY b > 1", "KF0112", "b > 1"),
    ("SELECT TOP 5 a FROM t", "KF0112", "TOP 5"),
    ("SELECT a INTO b FROM t", "KF0112", "INTO"),
    ("SELECT a FROM t GROUP BY GROUPING SETS ((a), ())", "KF0112", "GROUPING SETS"),
    ("SELECT a FROM t GROUP BY ROLLUP (a)", "KF0112", "ROLLUP"),
    ("SELECT a FROM t GROUP BY CUBE (a)", "KF0112", "CUBE"),
    ("SELECT a FROM t GROUP BY ALL", "KF0112", "BY ALL"),
    ("SELECT a FROM t ORDER BY a USING < , b", "KF0106", ","),
    ("WITH x AS MATERIALIZED (SELECT 1) SELECT 1 FROM x", "KF0112", "MATERIALIZED"),
    ("WITH x AS NOT MATERIALIZED (SELECT 1) SELECT 1 FROM x", "KF0112", "NOT MATERIALIZED"),
    ("WITH x AS (DELETE FROM t RETURNING a) SELECT a FROM x", "KF0112", "DELETE FROM t RETURNING a"),
    ("SELECT a FROM f() WITH ORDINALITY AS x", "KF0112", "f()"),
    ("SELECT a FROM f() AS x (a int)", "KF0112", "a"),
    ("SELECT a FROM (VALUES (1), (2)) AS v", "KF0112", "VALUES ("),
    ("VALUES (1)", "KF0112", "VALUES ("),
    ("(SELECT a FROM t LIMIT 1) LIMIT 2", "KF0112", "(SELECT a FROM t LIMIT 1)"),
    (
        "WITH x AS (SELECT 1) (WITH y AS (SELECT 2) SELECT * FROM y)",
        "KF0112",
        "(WITH y AS (SELECT 2) SELECT * FROM y)",
    ),
    ("INSERT INTO t (a) OVERRIDING SYSTEM VALUE VALUES (1)", "KF0112", "OVERRIDING SYSTEM"),
    ("INSERT INTO t DEFAULT VALUES", "KF0112", "DEFAULT VALUES"),
    ("INSERT INTO t (a) VALUES (DEFAULT)", "KF0112", "DEFAULT"),
    ("UPDATE t SET a = DEFAULT", "KF0112", "DEFAULT"),
    ("INSERT INTO t VALUES (1) ON CONFLICT ON CONSTRAINT k DO NOTHING", "KF0112", "ON CONSTRAINT"),
    ("INSERT INTO t VALUES (1) ORDER BY 1", "KF0112", "INSERT"),
    ("INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 1", "KF0106", "DUPLICATE"),
    ("UPDATE t SET (a, b) = (1, 2)", "KF0112", "a"),
    ("UPDATE t FROM u SET a = 1", "KF0112", "UPDATE"),
    ("UPDATE t JOIN u ON true SET a = 1", "KF0112", "UPDATE"),
    ("UPDATE t SET a = 1 LIMIT 1", "KF0112", "UPDATE"),
    ("DELETE FROM t USING u WHERE t.a = u.a", "KF0112", "u"),
    ("DELETE FROM t, u WHERE a", "KF0112", "DELETE"),
    ("DELETE FROM t WHERE a LIMIT 1", "KF0112", "DELETE"),
    ("DELETE FROM t WHERE CURRENT OF c", "KF0112", "CURRENT OF"),
    ("SELECT a FROM t WINDOW w AS (), v AS w", "KF0106", "w"),
    // qualified names
    ("SELECT a FROM ens.names", "KF0114", "ens.names"),
    ("SELECT a FROM postgres.public.t", "KF0114", "postgres.public.t"),
    ("INSERT INTO ens.names VALUES (1)", "KF0114", "ens.names"),
    ("UPDATE ens.names SET a = 1", "KF0114", "ens.names"),
    ("DELETE FROM ens.names", "KF0114", "ens.names"),
    ("UPDATE t SET t.a = 1", "KF0114", "t.a"),
    ("INSERT INTO t (t.a) VALUES (1)", "KF0114", "t.a"),
    ("SELECT a.b.c FROM t", "KF0114", "a.b.c"),
    ("SELECT a.b.* FROM t", "KF0114", "a.b"),
    ("SELECT * FROM a.b.f()", "KF0114", "a.b.f"),
    // syntax
    ("SELECT FROM t", "KF0106", "FROM"),
    ("SELECT a FROM WHERE x", "KF0106", "WHERE"),
    ("SELECT a FROM t WHERE", "KF0106", ""),
    ("SELECT a FROM t WHERE a = 1 2", "KF0106", "2"),
    ("SELECT a, FROM t", "KF0106", "FROM"),
    ("SELECT a FROM t GROUP a", "KF0106", "a"),
    ("SELECT (a FROM t", "KF0106", "("),
    ("SELECT a) FROM t", "KF0106", ")"),
    ("SELECT a FROM $x", "KF0106", "$x"),
    ("SELECT a AS $x FROM t", "KF0106", "$x"),
    ("SELECT a 'x' FROM t", "KF0106", "'x'"),
    ("SELECT a AS 'x' FROM t", "KF0106", "'x'"),
    ("SELECT sum(a) OVER 'w' FROM t", "KF0106", "'w'"),
    ("SELECT a FROM 't'", "KF0106", "'t'"),
    ("INSERT INTO t ('a') VALUES ('b')", "KF0106", "'a'"),
    ("SELECT * x FROM t", "KF0106", "x"),
    ("SELECT (*) FROM t", "KF0106", "*"),
    ("UPDATE t SET $p = 1", "KF0106", "$p"),
    ("UPDATE t SET a := 1", "KF0106", ":="),
    ("UPDATE t WHERE a", "KF0106", "WHERE"),
    ("INSERT t VALUES (1)", "KF0106", "t"),
    ("INSERT INTO t x VALUES (1)", "KF0106", "x"),
    ("WITH x AS ens SELECT 1", "KF0106", "ens"),
    ("SELECT 1 FROM t WHERE a IN (SELECT b FROM u WHERE c = )", "KF0106", ")"),
    ("SELECT 1 FROM (SELECT b FROM u WHERE EXISTS (SELECT 1 FROM WHERE d)) AS x", "KF0106", "WHERE"),
    ("SELECT 1 FROM (SELECT a FROM t ORDER a) AS x", "KF0106", "a"),
    ("SELECT 1; SELECT 2", "KF0103", ";"),
    // functions without parentheses
    ("SELECT a FROM t WHERE b = SESSION_USER", "KF0208", "SESSION_USER"),
    ("SELECT current_catalog", "KF0208", "current_catalog"),
    ("SELECT CURRENT_TIMESTAMP", "KF0405", "CURRENT_TIMESTAMP"),
];

/// The same for expressions.
const EXPRESSIONS: &[(&str, &str, &str)] = &[
    ("$1 + 1", "KF0103", "$1"),
    ("1_000", "KF0103", "1_000"),
    ("a ~ b", "KF0113", "~"),
    ("a !~* b", "KF0113", "!~*"),
    ("a -> 'b'", "KF0113", "->"),
    ("a #> b", "KF0113", "#>"),
    ("a @> b", "KF0113", "@>"),
    ("a & b", "KF0113", "&"),
    ("a | b", "KF0113", "|"),
    ("a << 2", "KF0113", "<<"),
    ("a && b", "KF0113", "&&"),
    ("a AT TIME ZONE 'UTC'", "KF0113", "AT TIME ZONE"),
    ("a OPERATOR(pg_catalog.=) b", "KF0113", "OPERATOR(pg_catalog.=)"),
    ("a ILIKE 'x'", "KF0113", "ILIKE"),
    ("a NOT ILIKE 'x'", "KF0113", "NOT ILIKE"),
    ("a SIMILAR TO 'x'", "KF0113", "SIMILAR TO"),
    ("a RLIKE 'x'", "KF0113", "RLIKE"),
    ("a + ANY (b)", "KF0106", "+"),
    ("a < b < c", "KF0106", "<"),
    ("a = b = ANY (c)", "KF0106", "="),
    ("a = b <> c", "KF0106", "<>"),
    ("a NOT NULL", "KF0106", "NOT NULL"),
    ("a BETWEEN SYMMETRIC 1 AND 2", "KF0112", "SYMMETRIC"),
    ("a COLLATE \"en_US\"", "KF0115", "COLLATE \"en_US\""),
    ("a COLLATE nocase", "KF0115", "COLLATE nocase"),
    ("a COLLATE pg_catalog.\"C\"", "KF0115", "COLLATE pg_catalog.\"C\""),
    ("a LIKE ANY (b)", "KF0112", "a LIKE ANY (b"),
    ("a LIKE 'x' ESCAPE 'ab'", "KF0106", "'ab'"),
    ("a < ALL (SELECT b FROM t)", "KF0112", "a < ALL (SELECT b FROM t)"),
    ("(a, b) = (1, 2)", "KF0112", "(a, b)"),
    ("a IS UNKNOWN", "KF0106", "UNKNOWN"),
    ("a IS", "KF0106", ""),
    ("date '2020-01-01'", "KF0106", "'2020-01-01'"),
    ("interval '1 day'", "KF0106", "'1 day'"),
    ("'a' 'b'", "KF0106", "'b'"),
    ("extract(year FROM a)", "KF0106", "FROM"),
    ("ARRAY(SELECT a FROM t)", "KF0112", "ARRAY"),
    ("f(a => 1)", "KF0113", "=>"),
    ("f(a : 1)", "KF0112", "f(a : 1)"),
    ("f(a AS b)", "KF0112", "a"),
    ("f(a, *)", "KF0112", "f(a, *)"),
    ("count(t.*)", "KF0112", "count(t.*)"),
    ("f(a LIMIT 1)", "KF0112", "f(a LIMIT 1)"),
    ("percentile(0.5) WITHIN GROUP (ORDER BY a)", "KF0112", "WITHIN GROUP"),
    ("lag(a) IGNORE NULLS OVER ()", "KF0112", "IGNORE NULLS"),
    ("sum(a) OVER (ORDER BY b ROWS 1 PRECEDING EXCLUDE TIES)", "KF0112", "EXCLUDE TIES"),
    ("pg_catalog.pg_sleep(1)", "KF0114", "pg_catalog.pg_sleep"),
    ("a.b.f(1)", "KF0114", "a.b.f"),
    ("$f(1)", "KF0106", "$f"),
    ("$a.f(1)", "KF0106", "$a"),
    ("(a).b", "KF0112", "a"),
    ("ens.f(x).b[1]", "KF0112", "ens"),
    ("f(x).b", "KF0112", "f(x"),
    ("a::float", "KF0220", "float"),
    ("a::double precision", "KF0220", "double precision"),
    ("a::regclass", "KF0303", "regclass"),
    ("a::varchar(10)", "KF0303", "varchar"),
    ("a::txt", "KF0303", "txt"),
    ("a::decimal", "KF0303", "decimal"),
    ("a::decimal(0,0)", "KF0110", "decimal(0,0)"),
    ("a::numeric(1001)", "KF0110", "numeric(1001)"),
    ("a::decimal(5,6)", "KF0110", "decimal(5,6)"),
    ("CAST(a AS numeric(5, b))", "KF0110", "numeric(5, b)"),
    ("a::text(5)", "KF0106", "text(5)"),
    ("a::int[3]", "KF0106", "[3]"),
    ("a::int[][]", "KF0106", "["),
    ("a::pg_catalog.int4", "KF0114", "pg_catalog.int4"),
    ("TRY_CAST(a AS int)", "KF0112", "a"),
    ("0xabc", "KF0110", "0xabc"),
    ("1234567890123456789012345678901234567890123456789012345678901234567890123456789", "KF0110", ""),
    ("_a", "KF0107", "_a"),
    ("\"a b\"", "KF0107", "\"a b\""),
    ("\"\"", "KF0107", "\"\""),
    ("select", "KF0106", "select"),
    ("a = where", "KF0106", "where"),
    ("CASE WHEN a THEN 1", "KF0106", "CASE"),
    ("CASE WHEN a 1 END", "KF0106", "1"),
    ("a + (SELECT CASE WHEN b THEN c d END)", "KF0106", "d"),
    ("(a) END", "KF0106", "END"),
    ("CASE WHEN a THEN END", "KF0106", "END"),
    ("CASE a ELSE 1 END", "KF0106", "ELSE"),
    ("NOT (a = )", "KF0106", ")"),
    ("CAST(a + AS int)", "KF0106", "AS"),
    ("a + * b", "KF0106", "*"),
    ("a b", "KF0106", "b"),
    ("- NOT a", "KF0106", "- NOT a"),
    ("a ! b", "KF0106", "!"),
    ("a.-b", "KF0106", "-"),
    ("a.'b'", "KF0106", "'b'"),
    (":name", "KF0106", ":name"),
    ("$a[1", "KF0106", "["),
    ("$a[]", "KF0106", "]"),
    ("", "KF0106", ""),
];

fn check(
    text: &str,
    code: &str,
    part: &str,
    problems: &[kuneiform::diagnostics::Diagnostic],
) -> Result<(), String> {
    let Some(first) = problems.first() else { return Err(format!("`{text}` was accepted")) };
    let found = &text[first.at.span.range()];
    let shown = format!("`{text}`: {} `{found}` {}", first.code, first.message);
    match first.code.id() == code && (found == part || part.is_empty() && code == "KF0110") {
        true => Ok(()),
        false => Err(format!("{shown}, wanted {code} `{part}`")),
    }
}

#[test]
fn refused_with_code_and_place() {
    let statements = STATEMENTS.iter().map(|(text, code, part)| check(text, code, part, &statement(text).1));
    let expressions = EXPRESSIONS
        .iter()
        .map(|(text, code, part)| check(text, code, part, &expression(text, whole(text)).1));
    let wrong: Vec<String> = statements.chain(expressions).filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every message, so that a change of words is seen.
#[test]
fn messages() {
    let mut output = String::new();
    for (text, ..) in STATEMENTS.iter().chain(EXPRESSIONS) {
        let statement = STATEMENTS.iter().any(|(known, ..)| known == text);
        let problems = if statement { statement_problems(text) } else { expression(text, whole(text)).1 };
        output.push_str(&format!("{text}\n"));
        for problem in problems {
            let help = problem.help.map_or(String::new(), |help| format!("\n        help: {help}"));
            output.push_str(&format!("    {} {}{help}\n", problem.code, problem.message));
        }
    }
    insta::assert_snapshot!(output);
}

fn statement_problems(text: &str) -> Vec<kuneiform::diagnostics::Diagnostic> {
    statement(text).1
}

#[test]
fn several_faults_are_reported_at_once() {
    let text = "SELECT a.b.c, d::float FROM x.y WHERE e = CURRENT_USER FOR UPDATE";
    let codes: Vec<&str> = statement(text).1.iter().map(|problem| problem.code.id()).collect();
    assert_eq!(codes, ["KF0220", "KF0112"]);
    let text = "SELECT a.b.c, d FROM x.y WHERE e = CURRENT_USER";
    let codes: Vec<&str> = statement(text).1.iter().map(|problem| problem.code.id()).collect();
    assert_eq!(codes, ["KF0114", "KF0114", "KF0208"]);
}

#[test]
fn a_hostile_island_reports_a_few_errors() {
    for text in ["~".repeat(100_000), "SELECT _a".to_owned() + &", _a".repeat(9_000), "(]".repeat(1_000)] {
        assert_eq!(statement(&text).1.len(), 20, "{}", &text[..20]);
    }
    let rows = format!("INSERT INTO t VALUES {}", vec!["(a.b.c)"; 9_000].join(","));
    assert_eq!(statement(&rows).1.len(), 20);
}

#[test]
fn what_was_said_before_is_refused_again() {
    let text = "SELECT a ~ b";
    let mut sink = kuneiform::diagnostics::Sink::new();
    for _ in 0..2 {
        assert!(kuneiform::syntax::sql::statement(text, whole(text), &mut sink).is_none());
    }
    assert_eq!(sink.into_sorted().len(), 1);
}

fn first_code(text: &str) -> String {
    statement(text).1.first().map_or("accepted".to_owned(), |problem| problem.code.id().to_owned())
}

#[test]
fn limits_hold_on_a_small_stack() {
    on_a_small_stack(|| {
        let many = |part: &str, times: usize, between: &str| vec![part; times].join(between);
        for (text, code) in [
            (format!("SELECT {}", many("1", 1000, "+")), "accepted"),
            (format!("SELECT {}", many("1", 1002, "+")), "KF0132"),
            (format!("SELECT {}", many("a", 1_002, " OR ")), "KF0132"),
            (format!("SELECT {}", many("a", 100_000, " OR ")), "KF0132"),
            (format!("SELECT a{}", "::int".repeat(1_001)), "KF0132"),
            (format!("SELECT a{}", "::int".repeat(1_000)), "accepted"),
            (format!("SELECT a{}", "[1]".repeat(1_001)), "KF0132"),
            (format!("SELECT a{}", " IS NULL".repeat(1_001)), "KF0132"),
            (format!("SELECT {} + {}1{}", many("1", 600, "+"), "(".repeat(40), ")".repeat(40)), "accepted"),
            (format!("SELECT ({}) + {}", many("1", 600, "+"), many("1", 600, "+")), "KF0132"),
            (format!("SELECT {}1{}", "(".repeat(63), ")".repeat(63)), "accepted"),
            (format!("SELECT {}1{}", "(".repeat(65), ")".repeat(65)), "KF0131"),
            (format!("SELECT {}a", "NOT ".repeat(64)), "accepted"),
            (format!("SELECT {}a", "NOT ".repeat(65)), "KF0131"),
            (format!("SELECT {}a", "- ".repeat(65)), "KF0131"),
            (format!("SELECT {}a", "!".repeat(65)), "KF0131"),
            (format!("SELECT {}1{}", "CASE WHEN a THEN ".repeat(65), " END".repeat(65)), "KF0131"),
            (format!("SELECT {}1{}", "CASE WHEN a THEN ".repeat(63), " END".repeat(63)), "accepted"),
            (format!("{}SELECT 1{}", "SELECT * FROM (".repeat(65), ") AS x".repeat(65)), "KF0131"),
            (format!("{}SELECT 1{}", "SELECT * FROM (".repeat(60), ") AS x".repeat(60)), "accepted"),
            (format!("SELECT a IN {}1{}", "(a IN ".repeat(60), ")".repeat(60)), "KF0106"),
            (many("SELECT 1", 500, " UNION "), "accepted"),
            (many("SELECT 1", 501, " UNION "), "KF0132"),
            (many("SELECT 1", 20_000, " UNION ALL "), "KF0132"),
            (format!("SELECT 1 FROM {}", many("t", 100, " CROSS JOIN ")), "accepted"),
            (format!("SELECT 1 FROM {}", many("t", 101, " CROSS JOIN ")), "KF0132"),
            (format!("SELECT 1 FROM t{} ", " JOIN t".repeat(99) + &" ON a".repeat(99)), "accepted"),
            (format!("SELECT a IN ({})", many("1", 10_000, ",")), "accepted"),
            (format!("SELECT a IN ({})", many("1", 10_001, ",")), "KF0132"),
            (format!("INSERT INTO t VALUES {}", many("(-a, 1::int)", 10_000, ",")), "accepted"),
            (format!("INSERT INTO t VALUES {}", many("(1)", 10_001, ",")), "KF0132"),
            (format!("SELECT {}", "a".repeat(63)), "accepted"),
            (format!("SELECT {}", "a".repeat(64)), "KF0108"),
            (format!("SELECT \"{}\"", "a".repeat(64)), "KF0108"),
            (format!("SELECT ${}", "a".repeat(62)), "accepted"),
            (format!("SELECT ${}", "a".repeat(63)), "KF0108"),
        ] {
            assert_eq!(first_code(&text), code, "{}", &text[..text.len().min(100)]);
        }
    });
}
