//! `kf check --watch` as a process: files are edited, and its rounds are waited for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "watch/child.rs"]
mod child;

use std::fs;
use std::path::Path;

use child::Child;
use serde_json::Value;

const NOTES: &str = "database notes;\ntable notes { id int primary, body text not_null }\n\
                     action read($id int) public view { SELECT n.body FROM notes AS n WHERE n.id = $id; }\n";
const READER: &str = "database reader;\nuse notes as notes;\ntable t { id int primary }\n\
                      action first() public view { SELECT r.body FROM notes.read(1) AS r; }\n";

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("kf.toml"), "").unwrap();
    fs::write(folder.path().join("notes.kf"), NOTES).unwrap();
    fs::write(folder.path().join("reader.kf"), READER).unwrap();
    folder
}

fn watch(folder: &Path, arguments: &[&str]) -> Child {
    Child::start(folder, &[&["check", "--watch"], arguments].concat())
}

/// Level and message of each diagnostic of a round, with its file.
fn told(round: &Value) -> Vec<String> {
    let list = round["diagnostics"].as_array().unwrap();
    list.iter()
        .map(|it| format!("{} {}", it["file"].as_str().unwrap(), it["code"].as_str().unwrap()))
        .collect()
}

/// The next round, which has to be of `changed`.
fn round(child: &mut Child, changed: &[&str]) -> Value {
    let line = child.line();
    let round: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
    assert_eq!(round["type"], "round");
    let names: Vec<&str> =
        round["changed"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    for name in changed {
        assert!(names.contains(name), "{name}: {line}");
    }
    round
}

#[test]
fn a_change_is_checked_with_what_it_reaches() {
    let folder = project();
    let path = |name: &str| folder.path().join(name);
    let mut child = watch(folder.path(), &["--format", "json"]);
    let first = round(&mut child, &[]);
    assert_eq!((first["round"].as_u64(), first["summary"]["files"].as_u64()), (Some(1), Some(2)));
    assert_eq!(told(&first), [""; 0]);
    // half-typed: what is wrong elsewhere in the file is told as well
    let half = NOTES.replace("body text", "body txt").replace("WHERE n.id = $id; }", "WHERE n.id = ");
    fs::write(path("notes.kf"), half).unwrap();
    let broken = round(&mut child, &["notes.kf"]);
    assert!(broken["summary"]["errors"].as_u64().unwrap() >= 2, "{broken}");
    // an atomic save, as editors do it
    fs::write(path(".notes.kf.swp"), NOTES.replace("n.body FROM", "n.id FROM")).unwrap();
    fs::rename(path(".notes.kf.swp"), path("notes.kf")).unwrap();
    let reached = round(&mut child, &["notes.kf"]);
    assert!(told(&reached).iter().all(|it| it.starts_with("reader.kf")), "{reached}");
    assert_eq!(reached["summary"]["errors"], 1, "{reached}");
    fs::write(path("notes.kf"), NOTES).unwrap();
    assert_eq!(round(&mut child, &["notes.kf"])["summary"]["ok"], true);
    // kf.toml
    fs::write(path("kf.toml"), "profile = \"nonsense\"\n").unwrap();
    let failed = round(&mut child, &["kf.toml"]);
    assert!(failed["failure"].as_str().unwrap().contains("profile"), "{failed}");
    assert_eq!(failed["summary"]["ok"], false);
    fs::write(path("kf.toml"), "").unwrap();
    assert_eq!(round(&mut child, &["kf.toml"])["summary"]["ok"], true);
    child.interrupt();
    assert_eq!(child.end(), Some(0));
}

#[test]
fn files_and_folders_come_and_go() {
    let folder = project();
    let path = |name: &str| folder.path().join(name);
    let mut child = watch(folder.path(), &["--format", "json"]);
    round(&mut child, &[]);
    fs::create_dir(path("more")).unwrap();
    fs::write(path("more/other.kf"), "database other;\ntable t { id int }\n").unwrap();
    let mut created = round(&mut child, &[]);
    if created["summary"]["files"] != 3 {
        created = round(&mut child, &[]);
    }
    assert_eq!((told(&created).len(), created["summary"]["files"].as_u64()), (1, Some(3)), "{created}");
    fs::write(path("more/other.kf"), "database other;\ntable t { id int primary }\n").unwrap();
    assert_eq!(round(&mut child, &["more/other.kf"])["summary"]["ok"], true);
    fs::rename(path("more/other.kf"), path("other.kf")).unwrap();
    let renamed = round(&mut child, &["more/other.kf", "other.kf"]);
    assert_eq!(
        (renamed["summary"]["ok"].as_bool(), renamed["summary"]["files"].as_u64()),
        (Some(true), Some(3))
    );
    fs::remove_file(path("notes.kf")).unwrap();
    assert_eq!(round(&mut child, &["notes.kf"])["summary"]["errors"], 1);
    fs::write(path("notes.kf"), NOTES).unwrap();
    assert_eq!(round(&mut child, &["notes.kf"])["summary"]["ok"], true);
    // no letter
    fs::write(path("other.kf"), b"database \xff;").unwrap();
    assert_eq!(round(&mut child, &["other.kf"])["summary"]["errors"], 1);
    fs::remove_file(path("other.kf")).unwrap();
    std::os::unix::fs::symlink("nowhere", path("link.kf")).unwrap();
    assert_eq!(round(&mut child, &["other.kf"])["summary"]["ok"], true);
    // the folder itself
    fs::remove_dir_all(folder.path()).unwrap();
    let told = child.rest();
    assert_eq!(child.end(), Some(2));
    assert!(told.contains("cannot tell the current folder"), "{told}");
}

#[test]
fn a_burst_is_one_round_and_the_same_again_is_none() {
    let folder = project();
    let mut child = watch(folder.path(), &["--format", "json"]);
    round(&mut child, &[]);
    let name = |number: usize| folder.path().join(format!("x{number}.kf"));
    for number in 0..50 {
        fs::write(name(number), format!("database x{number};\ntable t {{ id int primary }}\n")).unwrap();
    }
    let mut rounds = 1;
    while round(&mut child, &[])["summary"]["files"] != 52 {
        rounds += 1;
    }
    // one, unless this process was held up between two files
    assert!(rounds <= 5, "{rounds}");
    fs::write(folder.path().join("notes.kf"), NOTES).unwrap();
    fs::write(name(7), "database x7;\n").unwrap();
    let next = round(&mut child, &["x7.kf"]);
    assert_eq!(next["round"].as_u64(), Some(rounds + 2), "{next}");
    child.terminate();
    assert_eq!(child.end(), Some(0));
}

#[test]
fn rounds_are_marked_for_people_and_problem_matchers() {
    let folder = project();
    for (format, found) in [("human", "╭─[notes.kf:2:"), ("short", "notes.kf:2:7: error[")] {
        fs::write(folder.path().join("notes.kf"), NOTES).unwrap();
        let mut child = watch(folder.path(), &["--format", format]);
        assert_eq!(child.line(), "round 1: all files");
        assert!(child.until("round 1: checked in ").ends_with(" ms, waiting for changes\n"));
        fs::write(folder.path().join("notes.kf"), NOTES.replace("primary", "primry")).unwrap();
        assert_eq!(child.line(), "round 2: notes.kf changed");
        let told = child.until("round 2: checked in ");
        assert!(told.contains(found), "{told}");
        child.interrupt();
        assert_eq!(child.end(), Some(0));
    }
}

#[test]
fn what_cannot_be_watched_is_told() {
    let folder = project();
    for (arguments, message) in [
        (&["nowhere"][..], "nowhere"),
        (&["--format", "sarif"], "it does not end"),
        (&["--stdin-filename", "notes.kf", "-"], "`--watch` watches files"),
    ] {
        let mut child = watch(folder.path(), arguments);
        let told = child.rest();
        assert_eq!(child.end(), Some(2), "{told}");
        assert!(told.contains(message), "{told}");
    }
}

const STORED: &str = "database notes;\ntable notes { id int primary, body text not_null, mood text }\n\
                      action write($id int, $body text) public { INSERT INTO notes (id, body) VALUES ($id, $body); }\n\
                      action read($id int) public view { SELECT n.body FROM notes AS n WHERE n.id = $id; }\n";
const TESTS: &str =
    "tests notes;\ntest \"what is written is read\" { write(1, 'a'); expect read(1) returns ('a'); }\n";

fn developed() -> tempfile::TempDir {
    let folder = project();
    fs::write(folder.path().join("notes.kf"), STORED).unwrap();
    fs::write(folder.path().join("notes.kft"), TESTS).unwrap();
    let other = "database other;\ntable t { id int primary }\n";
    fs::write(folder.path().join("other.kf"), other).unwrap();
    folder
}

/// A round of `kf dev`, all of it.
fn developed_round(child: &mut Child, number: usize, verdict: &str, told: &[&str]) {
    let text = child.until(&format!("round {number}: {verdict} in "));
    told.iter().for_each(|told| assert!(text.contains(told), "no `{told}` in\n{text}"));
}

fn begun(child: &mut Child) -> String {
    let line = child.line();
    line.strip_prefix("database ").unwrap_or_else(|| panic!("{line}")).to_owned()
}

fn call(folder: &Path, url: &str, words: &[&str]) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_kf"));
    let output = command.args(["call", "--db", url]).args(words).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_changes_is_deployed_and_tested() {
    let folder = developed();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let mut child = Child::start(folder.path(), &["dev"]);
    let url = begun(&mut child);
    developed_round(
        &mut child,
        1,
        "fine",
        &["round 1: all files", "created notes, other, reader", "1 of 1 ran: all passed"],
    );
    call(folder.path(), &url, &["notes.write", "7", "kept"]);
    // deployed with its rows, and tested
    write("notes.kf", &STORED.replace("WHERE n.id = $id", "WHERE n.id = $id AND n.mood IS NULL"));
    developed_round(
        &mut child,
        2,
        "fine",
        &["round 2: notes.kf changed", "updated notes", "1 of 1 ran: all passed"],
    );
    assert!(call(folder.path(), &url, &["notes.read", "7"]).contains("kept"));
    // nothing that is tested
    write("other.kf", "database other;\ntable t { id int primary, more text }\n");
    developed_round(&mut child, 3, "fine", &["updated other; 2 unchanged", "none reached"]);
    // half-typed
    write("notes.kf", &STORED[..STORED.len() - 10]);
    developed_round(&mut child, 4, "not fine", &["error[KF", "left as it was"]);
    write("notes.kf", &STORED.replace("mood text", "mood text, more text"));
    developed_round(&mut child, 5, "fine", &["updated notes", "1 of 1 ran"]);
    // a test that fails runs until it passes
    write("notes.kft", &TESTS.replace("('a')", "('b')"));
    developed_round(&mut child, 6, "not fine", &["notes: what is written is read", "1 of 1 ran: 1 failed"]);
    write("other.kf", "database other;\ntable t { id int primary, more text, still text }\n");
    developed_round(&mut child, 7, "not fine", &["updated other", "1 of 1 ran: 1 failed"]);
    write("notes.kft", TESTS);
    developed_round(&mut child, 8, "fine", &["3 unchanged", "1 of 1 ran: all passed"]);
    // rows would go
    write("notes.kf", &STORED.replace(", mood text", ", feeling text"));
    developed_round(&mut child, 9, "not fine", &["left as it was; `kf dev --reset` makes it anew"]);
    assert!(call(folder.path(), &url, &["notes.read", "7"]).contains("kept"));
    child.interrupt();
    assert_eq!(child.end(), Some(0));
    let files = std::env::temp_dir().join(format!("kf-dev-{}", child.id()));
    assert!(!files.exists(), "{}", files.display());
}

#[test]
fn rows_that_stand_in_the_way_go_where_that_was_asked_for() {
    let folder = developed();
    let mut child = Child::start(folder.path(), &["dev", "--reset", "--no-tests"]);
    let url = begun(&mut child);
    developed_round(&mut child, 1, "fine", &["created notes"]);
    call(folder.path(), &url, &["notes.write", "7", "gone"]);
    fs::write(folder.path().join("notes.kf"), STORED.replace(", mood text", ", feeling text")).unwrap();
    developed_round(&mut child, 2, "fine", &["database made anew; created notes"]);
    assert!(!call(folder.path(), &url, &["notes.read", "7"]).contains("gone"));
    child.terminate();
    assert_eq!(child.end(), Some(0));
}

#[test]
fn what_a_host_installs_is_there_when_schemas_are_developed() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("kf.toml", "[test]\ninstall = 'clock.sql'\n");
    write("clock.kf", "extern clock in clocks;\nfunction hour($of int) view returns (int);\n");
    write(
        "late.kf",
        "database late;\nuse clock as clock;\ntable t { id int primary }\n\
        action hour($of int) public view returns (int) { return clock.hour($of); }\n",
    );
    write(
        "clock.sql",
        "CREATE SCHEMA clocks; GRANT USAGE ON SCHEMA clocks TO kf_reader;\n\
        CREATE FUNCTION clocks.hour(of int8) RETURNS int8 LANGUAGE sql IMMUTABLE AS 'SELECT of / 3600;",
    );
    let mut child = Child::start(folder.path(), &["dev"]);
    let url = begun(&mut child);
    developed_round(&mut child, 1, "not fine", &["`clock.sql` cannot be run"]);
    // what failed left nothing, so that it can be run again
    let sql = fs::read_to_string(folder.path().join("clock.sql")).unwrap();
    write("clock.sql", &(sql + "'"));
    write("late.kf", &(fs::read_to_string(folder.path().join("late.kf")).unwrap() + "// mended\n"));
    developed_round(&mut child, 2, "fine", &["created late"]);
    assert!(call(folder.path(), &url, &["late.hour", "7200"]).contains('2'));
    child.terminate();
    assert_eq!(child.end(), Some(0));
}

/// The next line of `kf dev --format json`, which has to be a `kind` of round `number`.
fn event(child: &mut Child, kind: &str, number: usize) -> Value {
    let line = child.line();
    let event: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
    assert_eq!(
        (event["type"].as_str(), event["round"].as_u64()),
        (Some(kind), Some(number as u64)),
        "{line}"
    );
    assert!(event["milliseconds"].as_f64().is_some(), "{line}");
    event
}

#[test]
fn what_is_done_is_told_to_programs_and_what_is_taken_out_is_dropped() {
    let folder = developed();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("kf.toml", "[[clients]]\nlang = \"python\"\noutput = \"py\"\nonly = [\"notes\"]\n");
    write("other.kf", &STORED.replace("database notes", "database diary"));
    let mut child = Child::start(folder.path(), &["dev", "--format", "json"]);
    let first: Value = serde_json::from_str(&child.line()).unwrap();
    let url = first["url"].as_str().unwrap().to_owned();
    assert_eq!(event(&mut child, "round", 1)["summary"]["ok"], true);
    let deployed = event(&mut child, "deploy", 1);
    assert_eq!(deployed["created"], serde_json::json!(["diary", "notes", "reader"]), "{deployed}");
    assert_eq!(
        event(&mut child, "clients", 1)["written"],
        serde_json::json!(["py/__init__.py", "py/_kf.py", "py/notes.py"])
    );
    assert_eq!(event(&mut child, "tests", 1)["ran"], 1);
    assert_eq!(event(&mut child, "end", 1)["ok"], true);
    call(folder.path(), &url, &["notes.write", "7", "kept"]);
    // half-typed
    write("reader.kf", &READER[..READER.len() - 10]);
    assert!(event(&mut child, "round", 2)["summary"]["errors"].as_u64() > Some(0));
    assert_eq!(event(&mut child, "end", 2)["ok"], false);
    // an importer and what it imports are taken out
    fs::remove_file(folder.path().join("reader.kf")).unwrap();
    event(&mut child, "round", 3);
    assert_eq!(event(&mut child, "deploy", 3)["dropped"], serde_json::json!(["reader"]));
    assert_eq!(event(&mut child, "clients", 3)["written"], serde_json::json!([]));
    assert_eq!(event(&mut child, "tests", 3)["ran"], 0);
    event(&mut child, "end", 3);
    // another name is another schema, and rows go with theirs
    call(folder.path(), &url, &["diary.write", "7", "gone"]);
    write("other.kf", &STORED.replace("database notes", "database journal"));
    event(&mut child, "round", 4);
    let renamed = event(&mut child, "deploy", 4);
    assert_eq!(
        (&renamed["created"][0], &renamed["dropped"][0]),
        (&"journal".into(), &"diary".into()),
        "{renamed}"
    );
    assert!(call(folder.path(), &url, &["notes.read", "7"]).contains("kept"));
    event(&mut child, "clients", 4);
    event(&mut child, "tests", 4);
    event(&mut child, "end", 4);
    write("notes.kft", &TESTS.replace("('a')", "('b')"));
    event(&mut child, "round", 5);
    event(&mut child, "deploy", 5);
    event(&mut child, "clients", 5);
    let failed = event(&mut child, "tests", 5);
    assert_eq!(failed["failed"][0]["failures"][0]["kind"], "rows", "{failed}");
    assert_eq!(event(&mut child, "end", 5)["ok"], false);
    write("notes.kf", &STORED.replace(", mood text", ", feeling text"));
    event(&mut child, "round", 6);
    let refused = event(&mut child, "deploy", 6);
    assert_eq!((refused["ok"].as_bool(), refused["lossy"].as_bool()), (Some(false), Some(true)), "{refused}");
    assert!(refused["failures"][0]["code"].as_str().unwrap().starts_with("KF"), "{refused}");
    child.interrupt();
    assert_eq!(child.end(), Some(0));
}

#[test]
fn clients_follow_the_interfaces_they_are_of() {
    let folder = developed();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let listed = "[[clients]]\nlang = \"typescript\"\noutput = \"web/kf\"\n";
    write("kf.toml", listed);
    let mut child = Child::start(folder.path(), &["dev", "--no-tests"]);
    begun(&mut child);
    let new = ["clients  wrote web/kf/_kf.ts, web/kf/notes.ts, web/kf/reader.ts"];
    developed_round(&mut child, 1, "fine", &new);
    // a body is no interface, and what was written began no round
    std::thread::sleep(std::time::Duration::from_millis(400));
    write("notes.kf", &STORED.replace("WHERE n.id = $id", "WHERE n.id = $id AND n.mood IS NULL"));
    developed_round(&mut child, 2, "fine", &["round 2: notes.kf changed", "clients  up to date"]);
    let mended = STORED.replace("read($id int)", "read($id int, $mood text default null)");
    write("notes.kf", &mended);
    developed_round(&mut child, 3, "fine", &["clients  wrote web/kf/notes.ts  "]);
    assert!(read("web/kf/notes.ts").contains("mood?:"), "{}", read("web/kf/notes.ts"));
    // half-typed
    write("notes.kf", &mended.replace("mood text", "mood txt"));
    let text = child.until("round 4: not fine in ");
    assert!(!text.contains("clients"), "{text}");
    write("notes.kf", &mended);
    developed_round(&mut child, 5, "fine", &["clients  up to date"]);
    // kf.toml alone
    write("kf.toml", &format!("{listed}[[clients]]\nlang = \"go\"\noutput = \"go\"\nowner = \"0xab\"\n"));
    developed_round(
        &mut child,
        6,
        "fine",
        &["round 6: kf.toml changed", "clients  wrote go/kf.go, go/notes_kf.go"],
    );
    // somebody else's file
    write("go/notes_kf.go", "package mine\n");
    write("notes.kf", &mended.replace("action read", "// Reads.\naction read"));
    developed_round(&mut child, 7, "not fine", &["was not written by `kf client`", "clients  not written"]);
    assert!(!read("web/kf/notes.ts").contains("Reads."), "all or nothing");
    fs::remove_file(folder.path().join("go/notes_kf.go")).unwrap();
    fs::remove_file(folder.path().join("reader.kf")).unwrap();
    developed_round(&mut child, 8, "fine", &["go/notes_kf.go", "removed web/kf/reader.ts, go/reader_kf.go"]);
    child.interrupt();
    assert_eq!(child.end(), Some(0));
}
