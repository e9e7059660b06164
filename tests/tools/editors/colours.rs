//! How the words of a schema and of its tests are coloured in editors that have no grammar of tree-sitter.

use serde_json::Value;

use super::{driven, root, script};

/// A file, a text whose first letter is looked at where it stands first, and what that is.
const WORDS: &[(&str, &str, &str)] = &[
    ("sample.kf", "About", "comment"),
    ("sample.kf", "database", "keyword"),
    ("sample.kf", "people;", ""),
    ("sample.kf", "table", "keyword"),
    ("sample.kf", "text", "type"),
    ("sample.kf", "$id", "variable"),
    ("sample.kf", "public", "keyword"),
    ("sample.kf", "1 {", "number"),
    ("sample.kf", "'too much'", "string"),
    ("sample.kf", "SELECT", "keyword"),
    ("sample.kf", "@caller", "context"),
    ("sample.kft", "About", "comment"),
    ("sample.kft", "tests people", "keyword"),
    ("sample.kft", "people;", ""),
    ("sample.kft", "setup", "keyword"),
    ("sample.kft", "@caller", "context"),
    ("sample.kft", "'alice'", "string"),
    ("sample.kft", "test \"", "keyword"),
    ("sample.kft", "$many", "variable"),
    ("sample.kft", "int", "type"),
    ("sample.kft", "12", "number"),
    ("sample.kft", "expect", "keyword"),
    ("sample.kft", "grow", ""),
    ("sample.kft", "fails", "keyword"),
    ("sample.kft", "returns", "keyword"),
    ("sample.kft", "unordered", "keyword"),
    ("sample.kft", "matches", "keyword"),
    ("sample.kft", "snapshot", "keyword"),
    ("sample.kft", "if ", "keyword"),
    ("sample.kft", "DELETE", "keyword"),
];

/// A folder with both files, a schema that calls things as tests do, and the list that scripts read.
fn here(more: &[(&str, &str, &str)]) -> tempfile::TempDir {
    let here = tempfile::tempdir().unwrap();
    for name in ["sample.kf", "sample.kft"] {
        std::fs::copy(root().join("tests/editors").join(name), here.path().join(name)).unwrap();
    }
    let list: String = WORDS.iter().chain(more).map(|(file, word, _)| format!("{file}|{word}\n")).collect();
    std::fs::write(here.path().join("words"), list).unwrap();
    here
}

/// Compares what an editor calls the colours with what they are for.
fn assert_coloured(told: &[String], more: &[(&str, &str, &str)], kind: impl Fn(&str) -> &'static str) {
    let words: Vec<_> = WORDS.iter().chain(more).collect();
    assert_eq!(told.len(), words.len(), "{told:?}");
    let wrong: Vec<String> = words
        .iter()
        .zip(told)
        .filter(|((_, _, wanted), told)| kind(told) != *wanted)
        .map(|((file, word, wanted), told)| format!("{file}: `{word}` is `{told}`, not {wanted}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn vim_colours_schemas_and_tests() {
    // What only tests say is no word of schemas.
    let more = [("names.kf", "tests int", ""), ("names.kf", "snapshot int", "")];
    let here = here(&more);
    std::fs::write(here.path().join("names.kf"), "table t { tests int primary, snapshot int }\n").unwrap();
    let command = ["vim", "-u", "NONE", "-i", "NONE", "-n", "-es", "-S", &script("colours.vim")];
    assert_coloured(&driven(here.path(), &command), &more, |told| match told {
        "kfDeclaration" | "kfModifier" | "kfControl" | "kfSql" => "keyword",
        "kfType" => "type",
        "kfVariable" => "variable",
        "kfContext" => "context",
        "kfNumber" => "number",
        "kfString" => "string",
        "kfComment" => "comment",
        "" => "",
        _ => "another",
    });
}

#[test]
fn emacs_colours_schemas_and_tests() {
    let here = here(&[]);
    let told = driven(here.path(), &["emacs", "-Q", "--batch", "-l", &script("colours.el")]);
    assert_coloured(&told, &[], |told| match told {
        "font-lock-keyword-face" => "keyword",
        "font-lock-type-face" => "type",
        "font-lock-variable-name-face" => "variable",
        "font-lock-builtin-face" => "context",
        "font-lock-string-face" => "string",
        "font-lock-comment-face" | "font-lock-comment-delimiter-face" => "comment",
        "font-lock-constant-face" => "number",
        "nil" => "",
        _ => "another",
    });
}

/// The colour of each of a file's words in what Kakoune draws.
fn drawn(file: &str, drawn: &str) -> Vec<String> {
    let message: Value = serde_json::from_str(drawn).unwrap();
    let atoms = message["params"][0].as_array().unwrap().iter().flat_map(|line| line.as_array().unwrap());
    let letters: Vec<(String, String)> = atoms
        .map(|atom| (atom["face"]["fg"].to_string(), atom["contents"].as_str().unwrap().to_owned()))
        .collect();
    let text: String = letters.iter().map(|(_, contents)| contents.as_str()).collect();
    let colour_at = |place: usize| {
        let mut end = 0;
        let atom = letters.iter().find(|(_, contents)| {
            end += contents.len();
            place < end
        });
        atom.unwrap().0.trim_matches('"').to_owned()
    };
    let words = WORDS.iter().filter(|(of, _, _)| *of == file);
    words.map(|(_, word, _)| colour_at(text.find(word).unwrap())).collect()
}

#[test]
fn kakoune_colours_schemas_and_tests() {
    let here = here(&[]);
    let files = ["sample.kf", "sample.kft"];
    let lines = driven(here.path(), &["sh", &script("colours.sh"), files[0], files[1]]);
    let told: Vec<String> = files.iter().zip(&lines).flat_map(|(file, line)| drawn(file, line)).collect();
    assert_coloured(&told, &[], |told| match told.trim_start_matches("rgb:").trim_start_matches('#') {
        "000001" => "keyword",
        "000002" => "type",
        "000003" => "variable",
        "000004" => "context",
        "000005" => "number",
        "000006" => "string",
        "000007" => "comment",
        "default" => "",
        _ => "another",
    });
}
