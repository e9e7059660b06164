//! What shells complete once they have read `kf completions`, and what `kf man` writes: asked of the shells and of groff.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

fn kf(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_kf")).args(words).output().unwrap();
    assert!(output.status.success(), "kf {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What `program` says when it is given `input`. It must like it, in silence.
fn fine(program: &str, words: &[&str], input: &str) -> String {
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{program}: {error}"));
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && complaints.is_empty(), "{program} {words:?}: {complaints}");
    String::from_utf8(output.stdout).unwrap()
}

/// The words bash offers for the last of `words`.
fn in_bash(words: &str) -> Vec<String> {
    let count = words.split(' ').count() - 1;
    let (last, before) = {
        let mut back = words.rsplit(' ');
        (back.next().unwrap(), back.next().unwrap())
    };
    let ask = format!(
        "\nCOMP_WORDS=({words}); [ -n '{last}' ] || COMP_WORDS+=(''); COMP_CWORD={count}\n\
         _kf kf '{last}' '{before}'; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    );
    let said = fine("bash", &["--norc", "-s"], &(kf(&["completions", "bash"]) + &ask));
    said.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_options_and_values() {
    assert_eq!(in_bash("kf ch"), ["check"]);
    assert_eq!(in_bash("kf db st"), ["start", "stop", "status"]);
    assert_eq!(in_bash("kf call --for"), ["--format"]);
    assert_eq!(in_bash("kf call --format "), ["table", "json", "csv"]);
}

#[test]
fn fish_completes_what_it_has_read() {
    let ask = "\ncomplete -C 'kf ch'\ncomplete -C 'kf call --as o'\n";
    let said = fine("fish", &["--no-config"], &(kf(&["completions", "fish"]) + ask));
    assert!(said.lines().any(|line| line.starts_with("check\tCheck")), "{said}");
    let offered: Vec<&str> = said.lines().filter(|line| line.starts_with('o')).collect();
    assert_eq!(offered, ["oracle", "owner"], "{said}");
    fine("fish", &["--no-execute"], &kf(&["completions", "fish"]));
}

#[test]
fn zsh_can_read_its_script() {
    let script = kf(&["completions", "zsh"]);
    assert!(script.starts_with("#compdef kf"), "{script}");
    fine("zsh", &["-f", "-n"], &script);
    // Read for good, the script registers itself.
    let ask = "\nprint -r -- $_comps[kf]\n";
    let said = fine("zsh", &["-f", "-s"], &format!("autoload -Uz compinit && compinit -D -u\n{script}{ask}"));
    assert_eq!(said.trim(), "_kf");
}

#[test]
fn other_shells_get_every_command() {
    for shell in ["elvish", "powershell"] {
        let script = kf(&["completions", shell]);
        for word in ["check", "completions", "rollback", "--args-json"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

/// What groff says of a page beside its text; nothing, as it should be.
fn formatted(page: &Path) -> String {
    let page = page.to_str().unwrap();
    let plain = fine("groff", &["-man", "-ww", "-Tutf8", "-P-cbou", page], "");
    // man(1) adds the preprocessors and the pager's view of things.
    let by_man =
        Command::new("man").args(["--warnings=w", "-l", page]).env("MANWIDTH", "100").output().unwrap();
    assert!(by_man.status.success() && by_man.stderr.is_empty(), "{by_man:?}");
    plain
}

#[test]
fn manual_pages_are_whole_and_without_warnings() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("share/man/man1");
    kf(&["man", "--output", into.to_str().unwrap()]);
    let mut names: Vec<_> = fs::read_dir(&into).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert!(names.len() > 25, "{names:?}");
    for name in &names {
        formatted(name);
    }
    let call = formatted(&into.join("kf-call.1"));
    for part in ["NAME", "kf-call", "SYNOPSIS", "OPTIONS", "--args-json", "EXAMPLES", "NOTES", "Kuneiform"] {
        assert!(call.contains(part), "{part}\n{call}");
    }
    // Examples are a line each.
    assert!(call.lines().any(|line| line.trim() == "kf call ens.get_ownership"), "{call}");
    assert!(into.join("kf-db-start.1").exists());
    assert_eq!(fs::read_to_string(into.join("kf.1")).unwrap(), kf(&["man"]));
    let main = formatted(&into.join("kf.1"));
    for part in ["kf-check(1)", "ENVIRONMENT", "KF_CALLER", "EXIT CODES", "consent"] {
        assert!(main.contains(part), "{part}\n{main}");
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let into = folder.path().join("file/man1");
    let output =
        Command::new(env!("CARGO_BIN_EXE_kf")).args(["man", "-o", into.to_str().unwrap()]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot make `"), "{output:?}");
}
