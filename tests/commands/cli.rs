//! `kf` as it is typed: exit codes, stdout, stderr, files.

use std::path::Path;
use std::process::{Command, Output, Stdio};

fn kf(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kf"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("KF_FORMAT")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    told(kf(folder, arguments).output().unwrap())
}

fn told(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn help_names_every_command_and_the_environment() {
    let here = folder();
    let (code, stdout, stderr) = run(here.path(), &["--help"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    for word in
        ["init", "check", "fix", "compile", "explain", "KF_FORMAT", "NO_COLOR", "Exit codes", "Examples"]
    {
        assert!(stdout.contains(word), "no {word} in {stdout}");
    }
    assert!(stdout.lines().all(|line| line.chars().count() <= 100), "{stdout}");
}

#[test]
fn a_wrong_command_line_is_exit_2_on_stderr() {
    let here = folder();
    let (code, stdout, stderr) = run(here.path(), &["explian"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("explain"), "{stderr}");
    assert_eq!(run(here.path(), &[]).0, 2);
    assert_eq!(
        run(here.path(), &["--version"]),
        (0, format!("kf {}\n", env!("CARGO_PKG_VERSION")), String::new())
    );
}

#[test]
fn explain_prints_a_page_the_list_or_what_was_meant() {
    let here = folder();
    let (code, stdout, _) = run(here.path(), &["explain", "kf0201"]);
    assert_eq!(code, 0);
    assert!(stdout.starts_with("KF0201: unknown table\n"), "{stdout}");
    assert!(!stdout.contains("```") && !stdout.contains("<!--"), "{stdout}");
    assert!(run(here.path(), &["explain", "KF004"]).1.starts_with("KF004: no such action\n"));

    let (code, stdout, stderr) = run(here.path(), &["explain", "KF0299"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.starts_with("error: no code `KF0299`\n  help: did you mean `KF02"), "{stderr}");

    let (code, stdout, _) = run(here.path(), &["explain"]);
    assert_eq!(code, 0);
    for code in kuneiform::diagnostics::Code::ALL {
        assert!(stdout.contains(&format!("  {code}  {}", code.severity().word())), "{code} is not listed");
    }
}

#[test]
fn a_closed_stdout_is_no_fault() {
    let here = folder();
    let mut child =
        kf(here.path(), &["explain"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

#[test]
fn init_makes_a_project_and_overwrites_nothing() {
    let here = folder();
    let (code, stdout, stderr) = run(here.path(), &["init", "My-Notes"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.contains("wrote My-Notes/kf.toml\n") && stdout.contains("  cd My-Notes\n"), "{stdout}");
    let report = run(&here.path().join("My-Notes"), &["check", "--deny-warnings"]);
    assert_eq!(report, (0, "no faults in 3 files\n".to_owned(), String::new()));
    let style = run(&here.path().join("My-Notes"), &["fmt", "--check"]);
    assert_eq!(style, (0, String::new(), "3 files in the style\n".to_owned()));
    let config = std::fs::read_to_string(here.path().join("My-Notes/kf.toml")).unwrap();
    assert!(config.starts_with("name = \"my_notes\"\n"), "{config}");

    let project = here.path().join("My-Notes");
    std::fs::write(project.join("kf.toml"), "mine").unwrap();
    let (code, stdout, stderr) = run(&project, &["init"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("`kf.toml` exists already"), "{stderr}");
    assert_eq!(std::fs::read_to_string(project.join("kf.toml")).unwrap(), "mine");
}

#[test]
fn init_leaves_a_half_made_project_alone() {
    let here = folder();
    std::fs::create_dir_all(here.path().join("schemas")).unwrap();
    std::fs::write(here.path().join("schemas/people.kf"), "mine").unwrap();
    std::fs::write(here.path().join(".gitignore"), "mine").unwrap();
    assert_eq!(run(here.path(), &["init"]).0, 2);
    assert!(!here.path().join("kf.toml").exists());
    std::fs::remove_file(here.path().join("schemas/people.kf")).unwrap();
    assert_eq!(run(here.path(), &["init"]).0, 0);
    assert_eq!(std::fs::read_to_string(here.path().join(".gitignore")).unwrap(), "mine");
}

const PEOPLE: &str = "\
database people;

table people { id text primary, name text not_null }

action find($name text) public view {
	SELECT id, nmae FROM people WHERE name = $name;
}
";

/// A folder with one file, in which a column is misspelt.
fn misspelt() -> tempfile::TempDir {
    let here = folder();
    std::fs::write(here.path().join("people.kf"), PEOPLE).unwrap();
    here
}

#[test]
fn check_reports_for_people_editors_and_machines() {
    let here = misspelt();
    let (code, stdout, stderr) = run(here.path(), &["check"]);
    assert_eq!((code, stderr.as_str()), (1, ""));
    assert!(stdout.contains("people.kf:6:13]") && stdout.contains("did you mean `name`?"), "{stdout}");
    assert!(!stdout.contains('\u{1b}'), "no colours into a pipe");

    let (code, stdout, _) = run(here.path(), &["check", "--format", "short", "people.kf"]);
    assert_eq!(code, 1);
    assert!(stdout.starts_with("people.kf:6:13: error[KF0202]: ") && stdout.lines().count() == 1, "{stdout}");

    let output = kf(here.path(), &["check"]).env("KF_FORMAT", "json").output().unwrap();
    let (code, stdout, _) = told(output);
    let lines: Vec<serde_json::Value> =
        stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(code, 1);
    assert_eq!(lines[0]["code"], "KF0202");
    assert_eq!(lines[0]["spans"][0]["col"], serde_json::json!({"start": 13, "end": 17}));
    assert!(lines[0]["rendered"].as_str().unwrap().starts_with("error[KF0202]"));
    let last = serde_json::json!({
        "v": 1, "type": "summary", "errors": 1, "warnings": 0, "infos": lines.len() - 2, "files": 1, "ok": false,
    });
    assert_eq!(lines.last().unwrap(), &last);
}

#[test]
fn check_reads_an_unsaved_text_beside_its_saved_neighbours() {
    let here = misspelt();
    let notes = "database notes;\nuse people as people;\ntable t { id text primary }\n\
                 action a() public view { SELECT f.id FROM people.find($x) AS f; }\n";
    std::fs::write(here.path().join("people.kf"), PEOPLE.replace("nmae", "name")).unwrap();
    let arguments = ["check", "--format", "short", "--stdin-filename", "./x/../notes.kf", "-"];
    let mut child = kf(here.path(), &arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), notes.as_bytes()).unwrap();
    let (code, stdout, _) = told(child.wait_with_output().unwrap());
    assert_eq!(code, 1);
    assert!(stdout.starts_with("./x/../notes.kf:4:55: error[KF0203]: "), "{stdout}");
    let errors = stdout.lines().filter(|line| line.contains(" error["));
    assert_eq!(errors.count(), 1, "the import is found: {stdout}");
}

#[test]
fn check_refuses_what_it_cannot_read() {
    let here = misspelt();
    for arguments in
        [&["check", "-"][..], &["check", "--stdin-filename", "a.kf", "people.kf"], &["check", "peple.kf"]]
    {
        let (code, stdout, stderr) = run(here.path(), arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(stderr.starts_with("error: ") && stderr.contains("\n  help: "), "{stderr}");
    }
    std::fs::write(here.path().join("people.kf"), b"database a; // \xff").unwrap();
    let (code, stdout, _) = run(here.path(), &["check", "--format", "short"]);
    let expected = "people.kf:1:16: error[KF0101]: source is not UTF-8: byte 0xff at offset 15\n";
    assert_eq!((code, stdout.as_str()), (1, expected));
}

#[test]
fn a_reader_that_stops_early_changes_no_exit_code() {
    let here = misspelt();
    let mut child =
        kf(here.path(), &["check"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(1), Vec::new()));
}

const NOTES: &str = "\
database notes;
use people as people;
table t { id text primary }
action known() public view { SELECT t.id FROM t INNER JOIN people.find('x') AS p ON p.id = t.id; }
";

/// Two schemas without a fault, one importing the other.
fn network() -> tempfile::TempDir {
    let here = folder();
    std::fs::write(here.path().join("people.kf"), PEOPLE.replace("nmae", "name")).unwrap();
    std::fs::write(here.path().join("notes.kf"), NOTES).unwrap();
    here
}

#[test]
fn compile_writes_sql_to_stdout_or_a_file_importees_first() {
    let here = network();
    let (code, sql, stderr) = run(here.path(), &["compile"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    let schema = |name: &str| sql.find(&format!("CREATE SCHEMA \"ds_{name}\"")).unwrap();
    assert!(schema("people") < schema("notes"), "{sql}");
    assert_eq!(
        run(here.path(), &["compile", "-o", "out.sql", "notes.kf", "people.kf"]),
        (0, String::new(), String::new())
    );
    assert_eq!(
        std::fs::read_to_string(here.path().join("out.sql")).unwrap(),
        sql,
        "in whatever order they are named"
    );

    let (_, alone, _) = run(here.path(), &["compile", "notes.kf"]);
    assert!(
        alone.contains("ds_notes") && !alone.contains("CREATE SCHEMA \"ds_people\""),
        "what was asked for: {alone}"
    );
    let (_, owned, _) = run(here.path(), &["compile", "people.kf", "--owner", "0xab"]);
    assert!(owned.contains("CREATE SCHEMA \"ds_x"), "{owned}");
}

#[test]
fn compile_tells_what_else_is_known() {
    let here = network();
    let emitted = |what: &str| run(here.path(), &["compile", "people.kf", "--emit", what]).1;
    let interface: serde_json::Value = serde_json::from_str(&emitted("interface")).unwrap();
    assert_eq!(interface[0]["actions"]["find"]["parameters"][0]["type"], "text");
    let manifest: serde_json::Value = serde_json::from_str(&emitted("manifest")).unwrap();
    assert_eq!(manifest[0]["actions"]["find"]["reads"][0]["columns"], serde_json::json!(["id", "name"]));
    assert!(emitted("ast").contains("find") && emitted("hir").contains("find"));
}

#[test]
fn compile_writes_nothing_when_there_are_errors() {
    let here = misspelt();
    let (code, stdout, stderr) = run(here.path(), &["compile", "-o", "out.sql"]);
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.starts_with("error[KF0202]") && stderr.ends_with("1 error in 1 file\n"), "{stderr}");
    assert!(!here.path().join("out.sql").exists());
    std::fs::write(here.path().join("people.kf"), PEOPLE.replace("nmae", "name")).unwrap();
    let (code, _, stderr) = run(here.path(), &["compile", "-o", "no/such/folder.sql"]);
    assert_eq!(code, 2);
    assert_eq!(stderr, "error: cannot write `no/such/folder.sql`: no such file or directory\n");
}

#[test]
fn warnings_are_errors_only_if_denied() {
    let here = folder();
    std::fs::write(
        here.path().join("people.kf"),
        PEOPLE.replace("id, nmae", "id").replace("= $name", "= name"),
    )
    .unwrap();
    let (code, stdout, _) = run(here.path(), &["check", "--format", "short"]);
    assert_eq!(code, 0);
    assert!(stdout.contains("people.kf:6:30: warning[KF0406]: "), "{stdout}");
    let (code, stdout, _) = run(here.path(), &["check", "--format", "short", "--deny-warnings"]);
    assert_eq!(code, 1);
    assert!(stdout.contains("people.kf:6:30: error[KF0406]: "), "{stdout}");
    assert_eq!(run(here.path(), &["compile", "--deny-warnings"]).1, "", "no SQL");
}

#[test]
fn every_command_that_is_listed_has_help_with_examples() {
    let here = folder();
    let (_, help, _) = run(here.path(), &["--help"]);
    let listed =
        help.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with([' ', '-']));
    let commands: Vec<&str> = listed.filter_map(|line| line.split_once("  ")).map(|(word, _)| word).collect();
    let commands: Vec<&str> =
        commands.into_iter().filter(|word| word.bytes().all(|b| b.is_ascii_lowercase())).collect();
    assert_eq!(
        commands,
        [
            "init",
            "check",
            "fix",
            "fmt",
            "test",
            "dev",
            "compile",
            "import",
            "openapi",
            "graph",
            "doc",
            "client",
            "explain",
            "schema",
            "plan",
            "deploy",
            "rollback",
            "drop",
            "call",
            "repl",
            "list",
            "show",
            "db",
            "node",
            "events",
            "demo",
            "completions",
            "man"
        ]
    );
    for command in commands {
        let (code, help, _) = run(here.path(), &[command, "--help"]);
        assert_eq!(code, 0, "{command}");
        assert!(help.contains("Usage: kf") && help.contains("Examples:"), "{command}: {help}");
    }
}

#[test]
fn the_interface_of_an_extern_is_found_like_an_import() {
    let here = folder();
    let write = |name: &str, text: &str| std::fs::write(here.path().join(name), text).unwrap();
    write(
        "functions.kf",
        "// what the host has\nextern math in tools;\n\nconfig round text;\nfunction half($of int) view returns (int);\n",
    );
    write("unread.kf", "extern other;\nfunction broken(");
    write(
        "shop.kf",
        "database shop;\nuse math {\n    round: 'up'\n} as m;\naction half($of) public view returns (int) { return m.half($of); }\n",
    );
    assert_eq!(run(here.path(), &["check", "shop.kf"]), (0, "no faults in 2 files\n".into(), String::new()));
    let json = |what: &str| -> serde_json::Value {
        let (code, stdout, stderr) = run(here.path(), &["compile", "--emit", what, "shop.kf"]);
        assert_eq!((code, stderr.as_str()), (0, ""));
        serde_json::from_str(&stdout).unwrap()
    };
    let function = serde_json::json!({
        "schema": "tools",
        "function": "half",
        "config": [{"name": "round", "type": "text"}],
        "parameters": [{"name": "of", "type": "int"}],
        "returns": {"row": [{"name": "col0", "type": "int", "nullable": true}]},
        "view": true,
    });
    assert_eq!(json("interface")[0]["externs"], serde_json::json!({"math.half": function}));
    let manifest = json("manifest");
    assert_eq!(manifest[0]["externs"]["math.half"], function);
    assert_eq!(manifest[0]["actions"]["half"]["externs"], serde_json::json!(["math.half"]));
    let (_, sql, _) = run(here.path(), &["compile", "shop.kf"]);
    assert!(sql.contains("RETURN \"tools\".\"half\"('up'::text, \"$of\");"), "{sql}");
    assert_eq!(run(here.path(), &["compile", "functions.kf"]), (0, String::new(), String::new()));
    std::fs::remove_file(here.path().join("functions.kf")).unwrap();
    let (code, stdout, _) = run(here.path(), &["check", "--format", "short", "shop.kf"]);
    assert_eq!(code, 1);
    assert!(stdout.contains("shop.kf:2:5: error[KF0603]: no extern `math`"), "{stdout}");
}

#[test]
fn lints_of_a_project_hold_for_every_command() {
    let here = folder();
    let schema = "database d;\ntable t { id text primary, n int }\n\
                  action a() public { UPDATE t SET n = 1; }\naction b($x int) public {}\n";
    std::fs::write(here.path().join("d.kf"), schema).unwrap();
    let short = |command: &str| run(here.path(), &[command, "d.kf", "--format", "short"]);
    let (code, stdout, _) = short("check");
    assert!(
        code == 0 && stdout.contains("warning[KF0407]") && stdout.contains("warning[KF0290]"),
        "{stdout}"
    );
    let config =
        |lints: &str| std::fs::write(here.path().join("kf.toml"), format!("[lints]\n{lints}\n")).unwrap();
    config("KF0407 = \"deny\"\nKF0290 = \"allow\"");
    let (code, stdout, _) = short("check");
    assert!(code == 1 && stdout.contains("error[KF0407]") && !stdout.contains("KF0290"), "{stdout}");
    for command in ["compile", "plan", "deploy"] {
        let (code, stdout, stderr) = short(command);
        assert_eq!((code, stdout.as_str()), (1, ""), "{command}");
        assert!(stderr.contains("error[KF0407]") && !stderr.contains("KF0290"), "{command}: {stderr}");
    }
    config("KF0407 = \"allow\"\nKF0290 = \"warn\"");
    assert_eq!(short("compile").0, 0);
    assert_eq!(run(here.path(), &["check", "--deny-warnings"]).0, 1, "what is left are warnings");
    config("KF0290 = \"allow\"\nKF0407 = \"allow\"");
    assert_eq!(run(here.path(), &["check", "--deny-warnings"]).0, 0);
    config("KF0201 = \"warn\"");
    let (code, _, stderr) = short("check");
    assert!(
        code == 2 && stderr.contains("`KF0201` is an error") && stderr.contains("kf.toml:2:1"),
        "{stderr}"
    );
}
