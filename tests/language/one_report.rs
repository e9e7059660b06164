//! One fault is one report: what follows from it is not said again.

use kuneiform::diagnostics::{Severity, short};
use kuneiform::source::{Sources, Unit};
use kuneiform::{Options, check};

/// Statements with one fault each, in an action of a schema with `t(id text, n int, tags text[])`.
const FAULTS: &[(&str, &str)] = &[
    ("KF0201", "SELECT id, x.n FROM nowhere AS x WHERE id = 'a' ORDER BY n"),
    ("KF0201", "SELECT t.id, x.n FROM t INNER JOIN nowhere AS x ON x.id = t.id"),
    ("KF0201", "SELECT id FROM t WHERE EXISTS (SELECT a FROM nowhere WHERE b = id)"),
    ("KF0201", "INSERT INTO nowhere (a, b) VALUES (1, 'x')"),
    ("KF0201", "UPDATE nowhere SET a = b WHERE c = 1"),
    ("KF0201", "DELETE FROM nowhere WHERE a = 1"),
    ("KF0201", "SELECT * FROM nowhere"),
    ("KF0201", "SELECT x.*, t.id FROM t INNER JOIN nowhere AS x ON x.id = t.id"),
    ("KF0601", "SELECT f.a FROM nowhere.f() AS f WHERE f.b = 1"),
    ("KF0413", "SELECT f.a FROM (SELECT id AS a FROM t) WHERE a = 'x'"),
    ("KF0203", "INSERT INTO t (id, n) VALUES ($missing, 1)"),
    ("KF0205", "INSERT INTO t (id, n) VALUES (@missing, 1)"),
    ("KF0202", "SELECT missing + 1 AS x FROM t ORDER BY x"),
    ("KF0208", "SELECT missing(n) || 'x' AS x FROM t GROUP BY id"),
    ("KF0303", "SELECT id FROM t WHERE id::missing = n"),
    ("KF0106", "$x := 1 +; $y := $x + 1; INSERT INTO t (id, n) VALUES ('a', $y)"),
    ("KF0106", "$a, $b := 1 + 2; INSERT INTO t (id, n) VALUES ($b, $a)"),
    ("KF0301", "SELECT (n + 'x') * 2 AS x FROM t WHERE id = 'a'"),
];

#[test]
fn a_fault_is_said_once() {
    let mut complaints = Vec::new();
    for (code, statement) in FAULTS {
        let mut sources = Sources::new();
        let table = "table t { id text primary, n int not_null, tags text[] }";
        sources.add("a.kf", format!("database d;\n{table}\naction a() public {{ {statement}; }}\n"));
        let checked = check(&sources, &Options::default());
        let errors = checked.diagnostics().iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        let said: Vec<String> =
            errors.map(|diagnostic| short::line(diagnostic, &sources, Unit::Chars)).collect();
        let [only] = &said[..] else {
            complaints.push(format!("{statement}\n    {}", said.join("\n    ")));
            continue;
        };
        if !only.contains(code) {
            complaints.push(format!("{statement}\n    {code} expected, found {only}"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
