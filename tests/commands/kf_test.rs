//! `kf test`, as it is typed.

use crate::support::here::Here;
use crate::support::server;
use serde_json::Value;

const GUIDE: &str = include_str!("../../docs/guide/testing.md");

/// Files of the guide: `// file: name` behind a fence.
fn guide(here: &Here) {
    for fence in ["```kf\n", "```kft\n"] {
        for block in GUIDE.split(fence).skip(1) {
            let text = block.split("```").next().unwrap();
            let name = text.lines().next().unwrap().strip_prefix("// file: ").unwrap();
            here.write(name, text);
        }
    }
}

fn here() -> Here {
    let here = Here::at(server().to_owned());
    guide(&here);
    here
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{text}"))).collect()
}

#[test]
fn the_guide_passes() {
    let here = here();
    let told = here.fine("", "test --db DB");
    let shown =
        "notes.kft\n  ✓ a note can be read\n  ✓ notes come in the order of their keys\n  ✓ only the author";
    assert!(told.starts_with(shown) && told.contains("\n3 tests: 3 passed ("), "{told}");
    assert!(here.fine("", "check").ends_with("in 2 files\n"));
    let told = here.fine("", "test --db DB --filter AUTHOR notes.kft");
    assert!(told.contains("\n1 test: 1 passed"), "{told}");
    here.wrong("", "test --db DB --filter nobody", 2, &["none of 3 tests has `nobody` in it"]);
    here.write("empty/x.kf", "database x; table t { id int primary }");
    here.wrong("empty", "test --db DB", 2, &["no tests"]);
}

const FAILING: &str = "tests notes;
setup { @caller := 'alice'; write(1, 'hello'); }
test \"rows\" { write(3, 'c'); expect all() returns (1, 'alice', 'hello'), (2, 'alice', 'b'), (3, 'alice', 'c'); }
test \"condition\" { NOTICE('said'); expect read(1) = 'bye'; expect 1 > 2 OR read(1) = 'x'; }
test \"error\" { write(2, 'x'); read(5); }
test \"nothing raised\" { expect erase(1) fails; }
test \"another error\" { @caller := 'bob'; expect erase(1) fails KF002; expect erase(1) fails 'gone'; }
test \"endless\" { $i := 1; for $j in 1..1000000000000 { $i := $j; } }
test \"undone\" { expect write(1, 'again') fails KF0801; expect SELECT count(*) AS n FROM notes returns (1); }
";

#[test]
fn what_fails_is_shown_with_its_place() {
    let here = here();
    here.write("failing.kft", FAILING);
    let told = ["✗ rows", "✓ undone", "- (2, 'alice', 'b')", "(3, 'alice', 'c')", "3 rows expected, 2 found"];
    here.wrong("", "test --db DB --timeout 0.5 failing.kft", 1, &told);
    let told = [
        "left is 'hello', right is 'bye'",
        "notice: said",
        "failed[KF001]: notes: error: no note 5",
        "in notes.read",
        "called by the test at failing.kft:5:31",
        "nothing was raised",
        "raised KF001: only its author erases a note",
        "notes: endless: stopped after 0.5 s",
        "7 tests: 1 passed, 6 failed",
    ];
    here.wrong("", "test --db DB --timeout 0.5 failing.kft", 1, &told);

    let (code, text) = here.kf("", "test --db DB --timeout 0.5 --format json failing.kft");
    let lines = lines(&text);
    assert_eq!((code, lines.len()), (1, 8), "{text}");
    assert_eq!(lines[0]["failures"][0]["wanted"][1], serde_json::json!([2, "alice", "b"]));
    assert_eq!(
        (&lines[1]["notices"][0], lines[1]["failures"].as_array().unwrap().len()),
        (&"said".into(), 2)
    );
    assert_eq!(lines[2]["failures"][0]["error"]["code"], "KF001");
    assert_eq!(lines[4]["failures"][1]["wanted"], "'gone'");
    assert_eq!(lines[5]["failures"][0]["kind"], "timed_out");
    assert_eq!((&lines[6]["status"], &lines[6]["line"]), (&"passed".into(), &9.into()));
    assert_eq!(lines[7]["summary"]["failed"], 6);

    let (_, text) = here.kf("", "test --db DB --timeout 0.5 --format junit failing.kft");
    assert!(
        text.contains("<testsuite name=\"failing.kft\" tests=\"7\" failures=\"6\" errors=\"0\""),
        "{text}"
    );
    assert!(text.contains("<testcase name=\"undone\" classname=\"notes\" file=\"failing.kft\" line=\"9\""));
    assert!(text.contains("<failure message=\"failed[KF001]: notes: error: no note 5\">"), "{text}");
}

#[test]
fn tests_see_nothing_of_one_another() {
    let here = here();
    let mut text = "tests notes;\n".to_owned();
    for number in 0..24 {
        let (first, second) = if number % 2 == 0 { (1, 2) } else { (2, 1) };
        text.push_str(&format!(
            "test \"{number}\" {{ write({first}, 'x'); write({second}, 'y'); \
             expect SELECT count(*) AS n FROM notes returns (2); }}\n"
        ));
    }
    here.write("many.kft", &text);
    let told = here.fine("", "test --db DB --jobs 4 many.kft");
    assert!(told.contains("24 tests: 24 passed"), "{told}");
}

#[test]
fn snapshots_are_kept_beside_the_tests() {
    let here = here();
    let test = |second: &str| {
        format!(
            "tests notes;\ntest \"all\" {{ write(1, 'it''s'); {second} expect all() matches snapshot; }}\n"
        )
    };
    here.write("kept.kft", &test(""));
    here.wrong("", "test --db DB kept.kft", 1, &["no snapshot is kept", "+ (1, 'local', 'it''s')"]);
    assert!(here.fine("", "test --db DB --update kept.kft").contains("wrote kept.kft.snap\n"));
    assert!(here.read("kept.kft.snap").ends_with("== all #1\n(id, author, body)\n(1, 'local', 'it''s')\n"));
    here.fine("", "test --db DB kept.kft");
    here.write("kept.kft", &test("write(2, 'b');"));
    here.wrong("", "test --db DB kept.kft", 1, &["the snapshot is another", "+ (2, 'local', 'b')"]);
    here.fine("", "test --db DB --update kept.kft");
    here.write("kept.kft", "tests notes;\ntest \"none\" { expect 1 = 1; }\n");
    here.fine("", "test --db DB --update kept.kft");
    assert!(!here.has("kept.kft.snap"));
}

#[test]
fn what_tests_came_through_is_counted() {
    let here = here();
    let covered = here.fine("", "test --db DB --coverage --coverage-lcov out.info");
    for line in [
        "      2   2/2 │         if $note.author != @caller {",
        "      1       │             ERROR('only its author erases a note');",
        "notes.kf: 13 of 13 lines (100 %), 2 of 2 branches (100 %)",
    ] {
        assert!(covered.contains(line), "no `{line}` in\n{covered}");
    }
    let lcov = here.read("out.info");
    for line in ["SF:notes.kf", "FN:10,write", "FNDA:2,erase", "BRF:2\nBRH:2", "DA:28,1", "end_of_record"] {
        assert!(lcov.contains(line), "no `{line}` in\n{lcov}");
    }
    let some = here.fine("", "test --db DB --coverage --filter read");
    assert!(some.contains("      0       │             ERROR('only its author erases a note');"), "{some}");
    let (_, json) = here.kf("", "test --db DB --coverage --format json --filter read");
    let summary = lines(&json).pop().unwrap();
    assert_eq!(summary["summary"]["coverage"][0]["branches"], serde_json::json!({"hit": 0, "all": 2}));
}

#[test]
fn a_view_read_by_a_view_counts_its_own_lines() {
    let here = Here::at(server().to_owned());
    here.write(
        "v.kf",
        "database v;\ntable t { id int primary }\naction low() private view {\n  SELECT id FROM t WHERE id < 5;\n}\n\
         action lowest() public view {\n  SELECT l.id FROM low() AS l LIMIT 1;\n}\n\
         action own() public owner { DELETE FROM t WHERE id = 1; }\naction seen($id int) oracle {\n\
           INSERT INTO t (id) VALUES ($id);\n}\n",
    );
    here.write(
        "v.kft",
        "tests v;\ntest 'all of it' {\n  seen(1); seen(7); seen(2);\n  expect lowest() returns (1);\n  expect own() fails KF002;\n\
           @caller := 'owner'; own();\n  expect low() returns (2);\n  @caller := '0xAB';\n  expect @signer = 0xab;\n\
           @height := 7; expect @height + 1 = 8;\n}\n",
    );
    let told = here.fine("", "test --db DB --coverage");
    assert!(told.contains("v.kf: 7 of 7 lines (100 %)"), "{told}");
}

#[test]
fn a_broken_test_file_is_told_before_anything_runs() {
    let here = here();
    here.write("broken.kft", "tests notes;\ntest \"x\" { write('a', 1); expect all() returns (1); }\n");
    here.wrong("", "test --db DB", 1, &["error[KF0301]", "broken.kft:2:18", "error[KF0306]"]);
    here.wrong("", "check", 1, &["broken.kft:2:18"]);
    assert!(here.fine("", "compile notes.kf").contains("CREATE FUNCTION"));
    here.write("broken.kft", "tests notez;\n");
    here.wrong("", "check broken.kft", 1, &["error[KF0608]"]);
}

#[test]
fn what_init_writes_passes() {
    let here = Here::at(server().to_owned());
    here.fine("", "init club");
    let told = here.fine("club", "test --db DB");
    assert!(told.contains("2 tests: 2 passed"), "{told}");
}

const FAIR: &str = "extern fair in fair_functions;\nconfig places int default 2;\n\
    function half($of decimal(20,5)) view returns (decimal(20,5));\n";
const POT: &str = "database pot;\nuse fair as fair;\ntable t { id int primary }\n\
    action half($of decimal(20,5)) public view returns (decimal(20,5)) { return fair.half($of); }\n";
const INSTALL: &str = "CREATE SCHEMA fair_functions;\nGRANT USAGE ON SCHEMA fair_functions TO kf_reader;\n\
    CREATE FUNCTION fair_functions.half(places int8, of numeric) RETURNS numeric\n\
    LANGUAGE sql IMMUTABLE AS 'SELECT round(of / 2, places::int4)';\nSET ROLE kf_reader;\n";

#[test]
fn what_a_host_installs_is_there_for_tests() {
    let here = Here::at(server().to_owned());
    here.write("fair.kf", FAIR);
    here.write("pot.kf", POT);
    here.write("pot.kft", "tests pot;\ntest 'half' { expect half(5.0) = 2.5; }\n");
    here.wrong("", "test --db DB", 4, &["error[KF0719]: `pot` calls `fair.half`, which is not installed"]);
    here.write("kf.toml", "[test]\ninstall = ['sql/fair.sql']\n");
    here.wrong("", "test --db DB", 2, &["cannot read `sql/fair.sql`", "[test] in kf.toml"]);
    here.write("sql/fair.sql", INSTALL);
    assert!(here.fine("", "test --db DB").contains("\n1 test: 1 passed"));
    here.write("sql/fair.sql", &INSTALL.replace("RETURNS numeric", "RETURN numeric"));
    here.wrong(
        "",
        "test --db DB",
        4,
        &["`sql/fair.sql` cannot be run: ", "at sql/fair.sql:4, SQLSTATE 42601"],
    );
}
