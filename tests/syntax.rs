//! The tree of every spelling, and what is said about planted faults.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fmt::Write;

use kuneiform::diagnostics::{Diagnostic, Sink};
use kuneiform::source::Sources;
use kuneiform::syntax::ast::Ast;
use kuneiform::syntax::parse;

const EVERY_SPELLING: &str = include_str!("syntax/every_spelling.kf");
const EVERY_INTERFACE: &str = include_str!("syntax/every_interface.kf");
const INTERFACE_FAULTS: &str = include_str!("syntax/interface_faults.kf");
const FAULTS: &str = include_str!("syntax/faults.kf");
const BRACE_FAULTS: &str = include_str!("syntax/brace_faults.kf");
const STATEMENT_FAULTS: &str = include_str!("syntax/statement_faults.kf");

fn read(text: &str) -> (Ast, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    let id = sources.add("test.kf", text);
    let mut sink = Sink::new();
    let ast = parse(&sources, id, &mut sink);
    (ast, sink.into_sorted())
}

/// `line: CODE "text at fault" message`, and the help below it.
fn told(text: &str) -> String {
    let mut told = String::new();
    for said in read(text).1 {
        let line = text[..said.at.span.range().start].matches('\n').count() + 1;
        writeln!(told, "{line}: {} {:?} {}", said.code, &text[said.at.span.range()], said.message).unwrap();
        if let Some(help) = said.help {
            writeln!(told, "    {help}").unwrap();
        }
    }
    told
}

/// The tree of a text that has no faults.
fn assert_read(name: &str, text: &str) {
    let (ast, said) = read(text);
    assert_eq!(said, []);
    // `3..5` for a span and the bare text for a name keep the tree readable.
    let span = r"Span \{\s+source: SourceId\(\s+0,\s+\),\s+start: (\d+),\s+end: (\d+),\s+\}";
    let ident = r"Ident \{\s+name: Name\(\s+(\S+),\s+\),\s+span: (\S+),\s+\}";
    insta::with_settings!({filters => vec![(span, "$1..$2"), (ident, "$1 $2")]}, {
        insta::assert_debug_snapshot!(name, ast);
    });
}

#[test]
fn every_spelling_is_read() {
    assert_read("every_spelling_is_read", EVERY_SPELLING);
}

#[test]
fn every_spelling_of_an_interface_is_read() {
    assert_read("every_spelling_of_an_interface_is_read", EVERY_INTERFACE);
}

#[test]
fn every_fault_of_an_interface_is_told_where_it_stands() {
    insta::assert_snapshot!(told(INTERFACE_FAULTS));
}

#[test]
fn every_fault_is_told_where_it_stands() {
    insta::assert_snapshot!(told(FAULTS));
}

#[test]
fn every_fault_of_a_statement_is_told_where_it_stands() {
    insta::assert_snapshot!(told(STATEMENT_FAULTS));
}

#[test]
fn a_brace_too_few_or_too_many_is_told_once() {
    insta::assert_snapshot!(told(BRACE_FAULTS));
}

/// In a thread as small as a node may give, and as fast as a node needs it.
#[test]
fn garbage_is_refused_in_a_small_thread() {
    let bytes = 128 * 1024;
    let pieces = [
        "(",
        ")",
        "{",
        "}",
        "'",
        "\"",
        ";",
        "/*",
        "*/",
        "//",
        "$$",
        "\0",
        "é",
        "\u{202E}a",
        "a;",
        "if {",
        "BEGIN x;",
        "\ntable a {",
        "\naction a($b int) {",
        "\nuse a as",
        "table t { a int, ",
        "action a() { f(",
        "@k(",
        "#",
        "'\n",
        "\"\"\"\n",
        "1_0 ",
        "a.b.",
        "tabel a {}",
        "SELECT 1\n",
        "if a {} else ",
    ];
    for piece in pieces {
        let text = piece.repeat(bytes / piece.len());
        let small = std::thread::Builder::new().stack_size(512 * 1024);
        let said = small.spawn(move || read(&text).1.len()).unwrap().join().unwrap();
        assert!((1..=201).contains(&said), "{piece:?}: {said}");
    }
}

#[test]
fn a_source_past_the_limit_is_refused_unread() {
    let (ast, said) = read(&" ".repeat(1024 * 1024 + 1));
    assert_eq!(said[0].code.id(), "KF0130");
    assert!(said.len() == 1 && ast.items.is_empty());
}
