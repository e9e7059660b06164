//! The house stands as ARCHITECTURE.md says: rooms use lower floors only, files and functions stay small.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const LINES_OF_FILE: usize = 500;
const LINES_TO_AIM_FOR: usize = 400;
const LINES_OF_FUNCTION: usize = 60;
/// Where sqlparser's trees are taken apart, with every one of their fields on a line.
const LINES_OF_CONVERSION: usize = 90;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
}

/// Every file of `src`, with its path below `src` and its text.
fn sources() -> Vec<(String, String)> {
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    let name = |path: &Path| path.strip_prefix(root().join("src")).unwrap().display().to_string();
    files.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

/// The floor of every room, from the table in ARCHITECTURE.md.
fn floors() -> BTreeMap<String, u32> {
    let page = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let (_, section) = page.split_once("\n## Floors\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let mut floors = BTreeMap::new();
    for line in section.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if let [_, floor, room, ..] = cells.as_slice()
            && let Ok(floor) = floor.parse()
        {
            floors.insert(room.trim_matches('`').to_owned(), floor);
        }
    }
    floors
}

fn room_of(file: &str) -> String {
    file.split('/').next().unwrap().trim_end_matches(".rs").to_owned()
}

/// The rooms a file names behind `crate::`, in `use` lines and elsewhere.
fn rooms_used(text: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (_, rest) in text.match_indices("crate::").map(|(at, word)| (at, &text[at + word.len()..])) {
        let first_word = |text: &str| {
            let word: String =
                text.trim_start().chars().take_while(|char| char.is_alphanumeric() || *char == '_').collect();
            word
        };
        match rest.strip_prefix('{') {
            Some(group) => rooms.extend(top_level(group).iter().map(|part| first_word(part))),
            None => drop(rooms.insert(first_word(rest))),
        }
    }
    rooms
}

/// The parts of `a, b::{c, d}, e}` that no inner brace holds.
fn top_level(group: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, char) in group.char_indices() {
        match char {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&group[start..at]);
                return parts;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts
}

#[test]
fn rooms_use_lower_floors_only() {
    let floors = floors();
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let room = room_of(&file);
        if ["lib", "main"].contains(&room.as_str()) {
            continue;
        }
        let Some(own) = floors.get(&room) else {
            wrong.push(format!("`{room}` has no floor in ARCHITECTURE.md"));
            continue;
        };
        for used in rooms_used(&text).into_iter().filter(|used| *used != room) {
            if let Some(floor) = floors.get(&used).filter(|floor| *floor >= own) {
                wrong.push(format!("{file} on floor {own} uses `{used}` on floor {floor}"));
            }
            if room == "pg" && used != "source" {
                wrong.push(format!("{file} uses `{used}`, but knows PostgreSQL only"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_below_floor_nine_does_io() {
    let floors = floors();
    let forbidden = ["std::fs", "std::env", "std::net", "std::process", "std::time", "println!", "eprintln!"];
    for (file, text) in sources() {
        if floors.get(&room_of(&file)).is_none_or(|floor| *floor >= 9) {
            continue;
        }
        let found: Vec<_> = forbidden.iter().filter(|word| text.contains(**word)).collect();
        assert!(found.is_empty(), "{file} uses {found:?}");
    }
}

#[test]
fn words_of_sql_are_printed_in_one_room() {
    let statements =
        ["CREATE FUNCTION", "CREATE TABLE", "SELECT {", "INSERT INTO {", "UPDATE {", "DELETE FROM {"];
    for (file, text) in sources() {
        let is_compiler = ["lower", "rules", "types", "resolve", "hir"].contains(&room_of(&file).as_str());
        let quoted = |word: &&&str| text.contains(&format!("\"{word}"));
        let found: Vec<_> = statements.iter().filter(quoted).collect();
        assert!(!is_compiler || found.is_empty(), "{file} writes {found:?}");
    }
}

#[test]
fn files_stay_small() {
    for (file, text) in sources() {
        let lines = text.lines().count();
        if lines > LINES_TO_AIM_FOR {
            eprintln!("{file} has {lines} lines: look for the second job in it");
        }
        assert!(lines <= LINES_OF_FILE, "{file} has {lines} lines");
    }
}

/// Names and lengths of the functions of a formatted file.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let body = line.trim_start();
        let indent = &line[..line.len() - body.len()];
        let words = ["pub", "pub(super)", "pub(crate)", "const", "async"];
        let mut rest = body.split(' ').skip_while(|word| words.contains(word));
        if rest.next() != Some("fn") {
            continue;
        }
        let name = rest.next().unwrap_or_default().split(['(', '<']).next().unwrap().to_owned();
        let close = format!("{indent}}}");
        let length = if body.ends_with('}') || body.ends_with(';') {
            1
        } else {
            let declared = format!("{indent})");
            let is_end = |line: &&str| *line == close || (line.starts_with(&declared) && line.ends_with(';'));
            let end = lines[start..].iter().position(is_end);
            end.map_or(1, |end| end + 1)
        };
        found.push((name, length));
    }
    found
}

#[test]
fn functions_stay_small() {
    let text = "fn a() {\n    b();\n}\n\nimpl X {\n    pub fn c(&self) -> D {\n        e\n    }\n}\n";
    assert_eq!(functions(text), [("a".to_owned(), 3), ("c".to_owned(), 3)]);
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let is_conversion = file.starts_with("syntax/sql/convert/");
        let most = if is_conversion { LINES_OF_CONVERSION } else { LINES_OF_FUNCTION };
        let long = functions(&text).into_iter().filter(|(_, length)| *length > most);
        wrong.extend(long.map(|(name, length)| format!("{file}: `{name}` has {length} lines")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A pooler that gives each transaction another connection keeps no prepared statements: `connect::ask` names none.
#[test]
fn no_statement_is_prepared_by_name() {
    let naming = [
        ".batch_execute(",
        ".query_typed(",
        ".query(",
        ".query_one(",
        ".query_opt(",
        ".query_one_scalar(",
        ".execute(",
        ".prepare(",
    ];
    let sources = sources();
    let asking = |file: &str| file.starts_with("deploy/") && file != "deploy/connect/ask.rs";
    for (file, text) in sources.iter().filter(|(file, _)| asking(file)) {
        for word in naming {
            assert!(
                !text.contains(word),
                "{file} uses `{word}..)`: use `connect::ask`, which works through poolers and is heard by `--verbose`"
            );
        }
    }
}

/// The files that can name a file as their module: those of its folder, and the one its folder is named after.
fn parents(folder: &Path) -> Vec<PathBuf> {
    let beside = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    beside
        .chain([folder.with_extension("rs")])
        .filter(|path| path.is_file() && path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// A file in a folder below `tests` is compiled only if another names it.
#[test]
fn no_file_of_tests_is_left_out() {
    let mut files = Vec::new();
    rust_files(&root().join("tests"), &mut files);
    assert!(files.len() > 200, "{}", files.len());
    for file in files.iter().filter(|file| file.parent().unwrap() != root().join("tests")) {
        let folder = file.parent().unwrap();
        let (folder, module) = match file.file_stem().unwrap().to_str().unwrap() {
            "main" => continue,
            "mod" => (folder.parent().unwrap(), folder.file_name().unwrap().to_str().unwrap()),
            name => (folder, name),
        };
        let names = format!("mod {module};");
        let named = |parent: &PathBuf| std::fs::read_to_string(parent).unwrap().contains(&names);
        assert!(parents(folder).iter().any(named), "{}: nothing says `{names}`", file.display());
    }
}
