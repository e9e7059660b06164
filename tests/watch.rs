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
    assert!(told.contains("is not there"), "{told}");
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
    for (format, found) in [("human", "╭─[notes.kf:2:"), ("short", "notes.kf:2:1")] {
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
