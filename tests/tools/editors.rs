//! The files of editors/ in the editors they are for, run without a screen: where is what they are told shown? The fault of
//! each file is the word `wrong`, behind letters of every kind; the cursor has to be on its first letter.
//!
//! `bash tests/setup.sh tests` brings the editors.

mod colours;

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
fn language_clients_by_efm() {
    let (here, names) = files();
    let lines = driven(here.path(), &["node", &script("efm.js")]);
    assert_exact(lines, &names, "", "|1 202");
}

#[test]
fn the_textmate_grammar_knows_every_file_of_ours() {
    let mut files = Vec::new();
    kf_files(&root().join("src/cli/init"), &mut files);
    files.retain(|path| path.extension().is_some_and(|extension| extension == "kft"));
    assert!(files.len() > 5, "no tests");
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

/// What a C compiler makes of the kept parser.
fn tree_sitter_parser(here: &Path) -> PathBuf {
    let grammar = root().join("editors/tree-sitter-kuneiform");
    let library = here.join("kuneiform.so");
    let output = Command::new("cc")
        .args(["-O0", "-shared", "-fPIC", "-I"])
        .arg(grammar.join("src"))
        .arg(grammar.join("src/parser.c"))
        .arg("-o")
        .arg(&library)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    library
}

/// Texts and trees of the grammar's own tests: `====`, a title, `====`, the text, `---`, the tree.
fn tree_sitter_corpus() -> Vec<(String, String, String)> {
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(root().join("editors/tree-sitter-kuneiform/test/corpus")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let parts: Vec<&str> = text.split("====================\n").skip(1).collect();
        for pair in parts.chunks(2) {
            let (text, tree) = pair[1].split_once("\n---\n").unwrap();
            let tree = tree.split_whitespace().collect::<Vec<_>>().join(" ");
            cases.push((pair[0].trim().to_owned(), text.to_owned(), tree));
        }
    }
    cases
}

/// Every schema and test of ours that kf reads without a fault of syntax, those on pages too.
fn read_by_kf() -> Vec<String> {
    let mut files = Vec::new();
    for folder in ["tests", "examples", "bench", "src/cli/init"] {
        kf_files(&root().join(folder), &mut files);
    }
    let mut texts: Vec<String> = files.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    for folder in ["docs/language", "docs/guide", "docs/errors"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let page = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let blocks = page.split("\n```kf").skip(1).filter_map(|rest| rest.split_once('\n'));
            texts.extend(blocks.map(|(_, rest)| rest.split("\n```").next().unwrap().to_owned()));
        }
    }
    texts.retain(|text| kuneiform::source::roomy(|| kuneiform::syntax::concrete::read(text).is_some()));
    texts
}

/// What `sample.kf` has where, and how it is coloured.
const COLOURS: &[(&str, &str)] = &[
    ("1:1", "comment.documentation"),
    ("2:1", "keyword"),
    ("2:10", "module"),
    ("6:7", "type.definition"),
    ("7:5", "property"),
    ("7:8", "type"),
    ("7:13", "attribute"),
    ("7:22", "comment"),
    ("8:31", "number"),
    ("9:5", "label"),
    ("12:1", "attribute"),
    ("12:14", "string"),
    ("13:8", "function"),
    ("13:13", "variable.parameter"),
    ("13:32", "keyword.modifier"),
    ("14:5", "module"),
    ("14:11", "function.call"),
    ("15:5", "keyword.conditional"),
    ("15:12", "operator"),
    ("16:9", "function.builtin"),
    ("18:5", "keyword.repeat"),
    ("18:17", "keyword.sql"),
    ("18:26", "property"),
    ("18:60", "variable.builtin"),
    ("18:72", "function.call"),
    ("18:86", "variable"),
    ("21:17", "boolean"),
    ("22:5", "keyword.return"),
    ("22:12", "number"),
];

#[test]
fn tree_sitter_in_neovim() {
    let here = tempfile::tempdir().unwrap();
    let parser = tree_sitter_parser(here.path());
    let corpus = tree_sitter_corpus();
    let texts = read_by_kf();
    assert!(corpus.len() > 5 && texts.len() > 400, "{} {}", corpus.len(), texts.len());
    let all = corpus.iter().map(|(_, text, _)| text).chain(&texts);
    let mut list = String::new();
    for (number, text) in all.enumerate() {
        let path = here.path().join(format!("{number}.kf"));
        std::fs::write(&path, text).unwrap();
        list.push_str(&format!("{}\n", path.display()));
    }
    std::fs::write(here.path().join("list"), list).unwrap();
    let run = format!(
        "env KF_PARSER='{}' KF_LIST=list KF_SAMPLE='{}' nvim -u NONE -i NONE -n --headless -c 'luafile {}'",
        parser.display(),
        script("sample.kf"),
        script("treesitter.lua")
    );
    let lines = driven(here.path(), &["sh", "-c", &run]);
    let told: Vec<Vec<&str>> = lines.iter().map(|line| line.splitn(3, '|').collect()).collect();
    assert!(told.iter().all(|line| line[0] != "failed"), "{told:?}");
    for (line, text) in told.iter().zip(corpus.iter().map(|(_, text, _)| text).chain(&texts)) {
        assert_eq!(line[1], "fine", "of\n{text}");
    }
    for (line, (title, _, tree)) in told.iter().zip(&corpus) {
        assert_eq!(line[2], tree, "{title}");
    }
    assert_eq!(told.iter().filter(|line| line[0] == "query").count(), 5);
    assert!(told.iter().any(|line| *line == ["highlighter", "active", "kuneiform"]));
    // Of several patterns for one place the last one counts.
    let colours: BTreeMap<&str, &str> =
        told.iter().filter(|line| line[0] == "at").map(|line| (line[1], line[2])).collect();
    for (place, colour) in COLOURS {
        assert_eq!(colours.get(place), Some(colour), "{place}");
    }
}

#[test]
fn the_kept_parser_is_made_of_the_grammar() {
    let grammar = root().join("editors/tree-sitter-kuneiform");
    let hash = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(
        std::fs::read(grammar.join("grammar.js")).unwrap(),
    ));
    let kept = std::fs::read_to_string(grammar.join("src/grammar.sha256")).unwrap();
    assert_eq!(kept.split_whitespace().next(), Some(hash.as_str()), "run `npm run generate` there");
}

fn kf_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            kf_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "kf" || extension == "kft") {
            found.push(path);
        }
    }
    found.sort();
}
