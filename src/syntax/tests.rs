//! What holds for any text.

use pest::Parser;
use proptest::prelude::*;

use super::ast::Ast;
use super::grammar::{Grammar, Rule};
use super::parse;
use crate::diagnostics::{Diagnostic, Sink};
use crate::source::{Sources, roomy};

const CORPUS: &[&str] = &[
    include_str!("../../tests/syntax/every_spelling.kf"),
    include_str!("../../tests/syntax/faults.kf"),
    include_str!("../../tests/syntax/every_interface.kf"),
    include_str!("../../tests/syntax/interface_faults.kf"),
    "database a;\ntable t { id int primary }\naction x($a int) public { f($a); DELETE FROM t WHERE id = $a; }\n",
];

fn read(text: &str) -> (Ast, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    let id = sources.add("test.kf", text);
    let mut sink = Sink::new();
    let ast = parse(&sources, id, &mut sink);
    (ast, sink.into_sorted())
}

fn matches_file(text: &str) -> bool {
    roomy(|| Grammar::parse(Rule::file, text).is_ok())
}

/// Every place a message points at lies in the text, on borders of characters.
fn check_places(text: &str, said: &[Diagnostic]) {
    for diagnostic in said {
        let labels = diagnostic.also.iter().map(|label| label.span).chain([diagnostic.at.span]);
        let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        for span in labels.chain(edits) {
            assert!(text.get(span.range()).is_some(), "{span:?} {diagnostic:?}");
        }
        assert!(!diagnostic.message.chars().any(char::is_control), "{diagnostic:?}");
    }
}

fn check(text: &str) {
    let (ast, said) = read(text);
    check_places(text, &said);
    check_ast_places(text, &ast);
    assert!(!said.is_empty() || matches_file(text), "accepted, but no `file`: {text}");
}

/// The same for every span in the tree, found in its debug form.
fn check_ast_places(text: &str, ast: &Ast) {
    let shown = format!("{ast:?}");
    for part in shown.split("start: ").skip(1) {
        let (start, rest) = part.split_once(", end: ").expect("a span");
        let end: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let range = start.parse::<usize>().expect("an offset")..end.parse::<usize>().expect("an offset");
        assert!(text.get(range.clone()).is_some(), "{range:?} in {text}");
    }
}

#[test]
fn the_corpus_keeps_its_promises() {
    CORPUS.iter().for_each(|text| check(text));
    for sound in [CORPUS[0], CORPUS[2]] {
        assert!(read(sound).1.is_empty() && matches_file(sound));
    }
}

/// One of the corpus with a slice of it removed, doubled or replaced.
fn mangled() -> impl Strategy<Value = String> {
    let splice = prop_oneof![
        Just(String::new()),
        "[(){};,.'\"$@#/* \n-]{1,3}",
        prop::sample::select(vec![
            "table",
            "action",
            "use",
            "{",
            "}",
            ";",
            "/*",
            "'",
            "\0",
            "é",
            "\u{202E}",
            "if x {",
            "else",
            ":=",
            "..",
            "for $i in",
            "return",
            "$x",
            "_",
            "["
        ])
        .prop_map(str::to_owned),
    ];
    (0..CORPUS.len(), any::<prop::sample::Index>(), 0usize..12, splice).prop_map(
        |(which, at, length, splice)| {
            let text: Vec<char> = CORPUS[which].chars().collect();
            let at = at.index(text.len());
            let end = (at + length).min(text.len());
            text[..at].iter().copied().chain(splice.chars()).chain(text[end..].iter().copied()).collect()
        },
    )
}

/// Schemas of words and marks the language has, in any order.
fn shuffled() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "database",
        "extern",
        "config",
        "function",
        "use",
        "table",
        "action",
        "a",
        "as",
        "int",
        "text",
        "(",
        ")",
        "{",
        "}",
        ";",
        ",",
        "$a",
        "@b",
        "#c",
        "1",
        "'s'",
        "0xab",
        ".",
        "=",
        "primary",
        "default",
        "returns",
        "public",
        "SELECT",
        "DELETE FROM",
        "if",
        "else",
        "elseif",
        "for $a in",
        "..",
        ":=",
        "return",
        "next",
        "break;",
        "$x := 1;",
        "_",
        "\n",
        "-- c\n",
        "/* d */",
        "foreign key",
        "references",
        "on",
        "decimal(3,1)",
        "[",
        "]",
        "f();",
        "\"q\"",
        "-",
    ]);
    prop::collection::vec(words, 0..40).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_is_read(text in "\\PC{0,200}") { check(&text) }

    #[test]
    fn arbitrary_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&String::from_utf8_lossy(&bytes))
    }

    #[test]
    fn mangled_schemas_are_read(text in mangled()) { check(&text) }

    #[test]
    fn shuffled_words_are_read(text in shuffled()) { check(&text) }
}
