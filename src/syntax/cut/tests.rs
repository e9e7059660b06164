use super::*;
use crate::diagnostics::Sink;
use crate::source::SourceId;
use crate::syntax::reporter::Reporter;
use crate::syntax::scan::scan;

/// Runs `work` on the tokens of `text`.
fn with<T>(text: &str, work: impl FnOnce(Tokens<'_>) -> T) -> T {
    let mut sink = Sink::new();
    let scanned = scan(text, SourceId(0), &mut Reporter::new(&mut sink));
    work(Tokens::new(&scanned))
}

/// Kind, text and whether it was closed.
fn cut_items(text: &str) -> Vec<(ItemKind, String, bool)> {
    with(text, |tokens| {
        let shown = |item: Item| {
            let span = tokens.range_span(&item.range).range();
            (item.kind, text[span].to_owned(), item.close.is_some())
        };
        items(tokens).into_iter().map(shown).collect()
    })
}

fn cut_entries(text: &str) -> Vec<(EntryKind, String, bool)> {
    with(text, |tokens| {
        let shown = |entry: Entry| {
            let text = &text[tokens.range_span(&entry.range).range()];
            (
                entry.kind,
                if entry.range.is_empty() { String::new() } else { text.to_owned() },
                entry.lacks_comma,
            )
        };
        entries(tokens, 0..tokens.len()).into_iter().map(shown).collect()
    })
}

fn cut_statements(text: &str) -> Vec<(String, bool)> {
    with(text, |tokens| {
        let shown = |piece: Piece| {
            let text = &text[tokens.range_span(&piece.range).range()];
            (if piece.range.is_empty() { String::new() } else { text.to_owned() }, piece.ended)
        };
        statements(tokens, 0..tokens.len()).into_iter().map(shown).collect()
    })
}

fn statement_texts(text: &str) -> Vec<String> {
    cut_statements(text).into_iter().map(|(text, _)| text).collect()
}

#[test]
fn items_end_at_their_semicolon_or_brace() {
    let kinds: Vec<ItemKind> =
        cut_items("database a; use b as b; table t { a int } @k(a = 1) action x() { f(); } procedure y() {}")
            .into_iter()
            .map(|(kind, ..)| kind)
            .collect();
    use ItemKind::*;
    assert_eq!(kinds, [Database, Use, Table, Annotation, Action, Action]);
}

#[test]
fn an_item_on_a_new_line_ends_an_open_one() {
    let cut = cut_items("table a {\n x int\ntable b { y int }\naction c() {\n f(\nuse d as e;");
    let kinds: Vec<(ItemKind, bool)> = cut.iter().map(|(kind, _, closed)| (*kind, *closed)).collect();
    use ItemKind::*;
    assert_eq!(kinds, [(Table, false), (Table, true), (Action, false), (Use, false)]);
}

#[test]
fn columns_and_conditions_that_look_like_keywords_do_not_end_an_item() {
    for inside in [
        "action text,\n use int,\n table int,\n action decimal(1,0),\n database uuid,\n foreign int",
        "SELECT a FROM t WHERE\n action IN ($a, $b) AND\n table = 1;",
        "SELECT\n use AS x FROM\n action;",
    ] {
        let cut = cut_items(&format!("table a {{\n {inside}\n}}"));
        assert_eq!(cut.len(), 1, "{cut:?}");
        assert!(cut[0].2);
    }
}

#[test]
fn a_misspelt_keyword_is_taken_for_the_nearest_that_fits() {
    let cut = with("tabel a { b int }\nacton c() {}\nusing x;", items);
    let keywords: Vec<Keyword> = cut.iter().map(|item| item.keyword).collect();
    assert_eq!(keywords, [Keyword::Misspelt("table"), Keyword::Misspelt("action"), Keyword::Written]);
}

#[test]
fn an_item_without_its_keyword_is_known_by_what_follows_it() {
    let text =
        "names as n;\nm { a: 1 } as o;\n0xab.c as p;\nt { id int }\nf($x int, $y int) public view { g(); }";
    let cut = with(text, items);
    let found: Vec<_> = cut.iter().map(|item| (item.keyword, item.kind)).collect();
    let import = (Keyword::Missing("use"), ItemKind::Use);
    let table = (Keyword::Missing("table"), ItemKind::Table);
    let action = (Keyword::Missing("action"), ItemKind::Action);
    assert_eq!(found, [import, import, import, table, action]);
}

#[test]
fn what_is_left_of_an_action_is_no_item_without_its_keyword() {
    let text =
        "f($x);\n$a := g($x) { }\nSELECT a AS b;\nif ($x) { f(); }\nfor $x in g(1) { f(); }\nelse { f(); }";
    let cut = with(text, items);
    assert!(cut.iter().all(|item| matches!(item.kind, ItemKind::Junk)), "{cut:?}");
}

#[test]
fn a_missing_semicolon_does_not_swallow_the_next_line() {
    let cut = cut_items("use a as a\nuse b\n as b;\ndatabase c\ntable d { e int }");
    let texts: Vec<&str> = cut.iter().map(|(_, text, _)| text.as_str()).collect();
    assert_eq!(texts, ["use a as a", "use b\n as b;", "database c", "table d { e int }"]);
}

#[test]
fn junk_ends_at_a_semicolon_a_block_or_the_next_item() {
    let cut = cut_items("a b; c { d; { e } } f\ntable t { x int } }");
    use ItemKind::*;
    let kinds: Vec<ItemKind> = cut.iter().map(|(kind, ..)| *kind).collect();
    assert_eq!(kinds, [Junk, Junk, Junk, Table, Stray]);
}

#[test]
fn entries_are_cut_at_commas_outside_parentheses() {
    let cut =
        cut_entries("a decimal(1,2), #i index(a, b), fk(a) references t, foreign key (a) ref t, fk int,");
    use EntryKind::*;
    let kinds: Vec<EntryKind> = cut.iter().map(|(kind, ..)| *kind).collect();
    assert_eq!(kinds, [Column, Index, ForeignKey, ForeignKey, Column]);
    assert_eq!(cut[0].1, "a decimal(1,2)");
}

#[test]
fn an_entry_without_a_comma_before_it_is_found() {
    let cut = cut_entries("a int primary b text\nunique int #i index(a) fk(a) ref t");
    let lacks: Vec<(&str, bool)> = cut.iter().map(|(_, text, lacks)| (text.as_str(), *lacks)).collect();
    let expected = [
        ("a int primary", true),
        ("b text", true),
        ("unique int", true),
        ("#i index(a)", true),
        ("fk(a) ref t", false),
    ];
    assert_eq!(lacks, expected);
}

#[test]
fn columns_named_like_types_are_one_entry() {
    assert_eq!(cut_entries("text text not null, user text ref int, default int").len(), 3);
    assert_eq!(cut_entries("a int,, b int")[1].1, "");
}

#[test]
fn an_unclosed_parenthesis_costs_one_entry() {
    let cut = cut_entries("fk(a references t(id),\n b int,\n c int");
    assert_eq!(cut.len(), 3);
    assert!(!cut[0].2);
}

#[test]
fn statements_are_cut_at_semicolons() {
    assert_eq!(statement_texts("f(';'); SELECT 1;; g(1"), ["f(';')", "SELECT 1", "", "g(1"]);
    assert!(!cut_statements("f()")[0].1);
}

#[test]
fn a_block_is_one_statement_with_its_else_chain() {
    let text = "if a { f(); } elseif b { g(); } else if c { } else { h(); } for $i in 1..2 { f(); } k();";
    let cut = statement_texts(text);
    assert_eq!(cut.len(), 3, "{cut:?}");
    assert!(cut[0].ends_with("else { h(); }"));
    assert_eq!(cut[2], "k()");
}

#[test]
fn a_loop_has_no_else() {
    let cut = statement_texts("for $i in 1..2 { f(); } else { g(); } k();");
    assert_eq!(cut, ["for $i in 1..2 { f(); }", "else { g(); }", "k()"]);
}

#[test]
fn a_statement_without_its_semicolon_ends_where_the_next_begins() {
    let cut = cut_statements(
        "DELETE FROM t\nDELETE FROM u;\nSELECT 1\nUPDATE t SET a = 1\nINSERT INTO t VALUES (1)\nSELECT 2;",
    );
    let ended: Vec<bool> = cut.iter().map(|(_, ended)| *ended).collect();
    assert_eq!(ended, [false, true, false, false, false, true]);
}

#[test]
fn lines_inside_one_statement_do_not_end_it() {
    for text in [
        "INSERT INTO t (a)\nSELECT a FROM u;",
        "SELECT a FROM t\nUNION ALL\nSELECT b FROM u;",
        "WITH a AS (SELECT 1)\nDELETE FROM t;",
        "WITH a AS names.owned()\nSELECT b FROM a;",
        "INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO\nUPDATE SET a = 2;",
        "SELECT a FROM t WHERE b IN (\nSELECT c FROM d\n);",
        "$a,\n$b,\n_ := f();",
        "_,\n$b := f();",
        "$a\ndecimal(5, 2)\n:=\n1;",
    ] {
        assert_eq!(statement_texts(text).len(), 1, "{text}");
    }
}
