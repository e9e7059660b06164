//! The files of editors/ in the editors they are for, run without a screen: where is what they are told shown? The fault of
//! each file is the word `wrong`, behind letters of every kind; the cursor has to be on its first letter.
//!
//! `bash tests/setup.sh tests` brings the editors.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What stands before the fault, by name of the file.
const LINES: &[(&str, &str)] = &[
    ("accents", "    SELECT id, 'é à ñ ü' AS a, "),
    ("ascii", "    SELECT id, 'abc' AS a, "),
    ("combining", "    SELECT id, 'e\u{301} n\u{303}' AS a, "),
    ("emoji", "    SELECT id, '😀 👩\u{200d}🚀 🇯🇵' AS a, "),
    ("tabs", "\tSELECT\tid,\t'x'\tAS\ta,\t"),
    ("wide", "    SELECT id, '京都 日本語' AS a, "),
];

fn text(name: &str, line: &str) -> String {
    format!(
        "database {name};\n\ntable t {{\n    id text primary\n}}\n\naction a($id text) public view {{\n\
         {line}wrong AS b FROM t WHERE id = $id;\n}}\n"
    )
}

/// A folder with a file of each kind, by name.
fn files() -> (tempfile::TempDir, Vec<String>) {
    let mut files: BTreeMap<String, String> =
        LINES.iter().map(|(name, line)| ((*name).to_owned(), text(name, line))).collect();
    files.insert("crlf".into(), text("crlf", LINES[0].1).replace('\n', "\r\n"));
    // The fault is on the line of the byte order mark.
    files.insert("bom".into(), "\u{feff}".to_owned() + &text("bom", LINES[1].1).replace('\n', " "));
    let everything = text("everything", "\tSELECT id,\t'é京😀e\u{301}' AS a, ");
    files.insert("everything".into(), "\u{feff}".to_owned() + &everything.replace('\n', "\r\n"));
    let here = tempfile::tempdir().unwrap();
    for (name, text) in &files {
        std::fs::write(here.path().join(format!("{name}.kf")), text).unwrap();
    }
    (here, files.into_keys().collect())
}

/// Runs an editor in a folder; what it wrote to `$KF_OUT`, line by line.
fn driven(here: &Path, command: &[&str]) -> Vec<String> {
    let kf = PathBuf::from(env!("CARGO_BIN_EXE_kf"));
    let out = here.join("out");
    let path = format!("{}:{}", kf.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let output = Command::new("timeout")
        .arg("60")
        .args(command)
        .current_dir(here)
        .env("PATH", path)
        .env("LC_ALL", "C.UTF-8")
        .env("HOME", here)
        .env("KF_OUT", &out)
        .env("KF_EDITORS", root().join("editors"))
        .env_remove("KF_FORMAT")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    let text = std::fs::read_to_string(&out)
        .unwrap_or_else(|_| panic!("{command:?}: {said}: run `bash tests/setup.sh tests` once?"));
    text.lines().map(str::to_owned).collect()
}

fn script(name: &str) -> String {
    root().join("tests/editors").join(name).display().to_string()
}

/// That every file has one entry, on the fault, with `rest` behind it.
fn assert_exact(mut lines: Vec<String>, names: &[String], prefix: &str, rest: &str) {
    lines.sort();
    let expected: Vec<String> = names.iter().map(|name| format!("{prefix}{name}.kf|wrong{rest}")).collect();
    assert_eq!(lines, expected);
}

#[test]
fn vim_by_make() {
    let (here, names) = files();
    let lines =
        driven(here.path(), &["vim", "-u", "NONE", "-i", "NONE", "-n", "-es", "-S", &script("vim.vim")]);
    assert_exact(lines, &names, "", "|202e");
}

#[test]
fn vim_by_ale() {
    let (here, names) = files();
    let lines =
        driven(here.path(), &["vim", "-u", "NONE", "-i", "NONE", "-n", "-es", "-S", &script("ale.vim")]);
    assert_exact(lines, &names, "", "|KF0202|E");
}

#[test]
fn neovim_by_nvim_lint() {
    let (here, names) = files();
    let run = format!("luafile {}", script("neovim.lua"));
    let lines = driven(here.path(), &["nvim", "-u", "NONE", "-i", "NONE", "-n", "--headless", "-c", &run]);
    assert_exact(lines, &names, "", "|KF0202|1");
}

#[test]
fn emacs_by_compile() {
    let (here, names) = files();
    let lines = driven(here.path(), &["emacs", "-Q", "--batch", "-l", &script("emacs.el")]);
    assert_exact(lines, &names, "", "|kuneiform-mode");
}

#[test]
fn emacs_by_flycheck() {
    let (here, names) = files();
    let lines = driven(here.path(), &["emacs", "-Q", "--batch", "-l", &script("flycheck.el")]);
    assert_exact(lines, &names, "", "|KF0202|error");
}

#[test]
fn kakoune_by_make_and_by_lint() {
    let (here, names) = files();
    let (lint, make): (Vec<String>, Vec<String>) = driven(here.path(), &["sh", &script("kakoune.sh")])
        .into_iter()
        .partition(|line| line.starts_with("lint"));
    assert_exact(make, &names, "", "");
    // Kakoune's lint has lines only, and says the column.
    assert!(lint[0].contains(" 8|error[KF0202]: ") && lint[0].ends_with("(col 41)"), "{lint:?}");
}

#[test]
fn visual_studio_code_and_sublime() {
    let (here, names) = files();
    let lines = driven(here.path(), &["node", &script("vscode.js")]);
    let of = |who: &str| lines.iter().filter(|line| line.starts_with(who)).cloned().collect();
    assert_exact(of("task"), &names, "task|", "|error KF0202");
    assert_exact(of("extension"), &names, "extension|", "|error KF0202");
    assert_exact(of("sublime"), &names, "sublime|", "");
}

#[test]
fn the_textmate_grammar_knows_every_file_of_ours() {
    let mut files = Vec::new();
    for folder in ["tests/corpus", "tests/diagnostics", "examples"] {
        kf_files(&root().join(folder), &mut files);
    }
    let modules = root().join("target/editors/node_modules");
    let output = Command::new("node")
        .arg(script("grammar.js"))
        .args(&files)
        .env("KF_EDITORS", root().join("editors"))
        .env("KF_MODULES", modules)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let failed = String::from_utf8_lossy(&output.stderr);
    let count: usize = said.trim().parse().unwrap_or_else(|_| panic!("{said}{failed}"));
    assert!(count > 8000, "only {count} pieces");
}

fn kf_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            kf_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "kf") {
            found.push(path);
        }
    }
    found.sort();
}
