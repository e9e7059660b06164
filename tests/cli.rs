//! `kf` as it is typed: exit codes, stdout, stderr, files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

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
    for word in ["init", "explain", "KF_FORMAT", "NO_COLOR", "Exit codes", "Examples"] {
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
