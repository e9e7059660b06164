//! How diagnostics look: for people, for editors, for machines.

use kuneiform::diagnostics::render::{self, Style};
use kuneiform::diagnostics::{Code, Diagnostic, json, short};
use kuneiform::source::{SourceId, Sources, Span, Unit};

const ASCII: Style = Style { unicode: false, colour: false, width: 100, pages: None };

/// The span of the `nth` occurrence of `what` in source `id`.
fn nth(sources: &Sources, id: SourceId, what: &str, nth: usize) -> Span {
    let text = &sources.get(id).unwrap().text;
    let (start, _) = text.match_indices(what).nth(nth).unwrap_or_else(|| panic!("no `{what}` in {text:?}"));
    Span::new(id, start, start + what.len())
}

fn at(sources: &Sources, id: SourceId, what: &str) -> Span {
    nth(sources, id, what, 0)
}

fn one(text: &str) -> (Sources, SourceId) {
    let mut sources = Sources::new();
    let id = sources.add("src/users.kf", text);
    (sources, id)
}

const USERS: &str = "\
database users;

table users {
	id text primary,
	name text not_null
}

action find($name text) public view {
	SELECT id, nmae
	FROM users
	WHERE name = $name;
}
";

fn unknown_column(sources: &Sources, id: SourceId) -> Diagnostic {
    let column = at(sources, id, "nmae");
    Diagnostic::new(Code::UnknownColumn, column, "table `users` has no column `nmae`")
        .label("not found")
        .also(nth(sources, id, "users", 2), "the only table in reach")
        .note("its columns are `id`, `name`")
        .did_you_mean(column, Some("name"))
}

#[test]
fn a_diagnostic_in_unicode_and_ascii() {
    let (sources, id) = one(USERS);
    let diagnostic = unknown_column(&sources, id);
    insta::assert_snapshot!("unicode", render::one(&diagnostic, &sources, Style::PLAIN));
    insta::assert_snapshot!("ascii", render::one(&diagnostic, &sources, ASCII));
}

#[test]
fn a_warning_with_a_fix_and_two_labels_on_a_line() {
    let (sources, id) =
        one("action f($address) public view {\n\tSELECT id FROM t AS e WHERE e.address = address;\n}\n");
    let span = at(&sources, id, "e.address").to(nth(&sources, id, "address", 2));
    let bare = nth(&sources, id, "address", 2);
    let diagnostic = Diagnostic::new(Code::Tautology, span, "column `address` is compared with itself")
        .also(at(&sources, id, "$address"), "a parameter of that name exists")
        .also(bare, "this is the column again")
        .note("the comparison holds for every row in which the column is not null")
        .fix("write `$address`", true, bare, "$address");
    insta::assert_snapshot!(render::one(&diagnostic, &sources, Style::PLAIN));
}

#[test]
fn the_primary_place_comes_first() {
    let (sources, id) = one(USERS);
    let diagnostic = Diagnostic::new(Code::AttributeType, at(&sources, id, "name = $name"), "`name` is text")
        .label("here")
        .also(at(&sources, id, "name text not_null"), "declared here");
    let text = render::one(&diagnostic, &sources, Style::PLAIN);
    insta::assert_snapshot!(text);
    assert!(text.find(":11:8]") < text.find(":5:2]"), "{text}");
}

#[test]
fn several_files_in_one_diagnostic() {
    let mut sources = Sources::new();
    let a = sources.add("a.kf", "database a;\nuse b as b;\n");
    let b = sources.add("deep/b.kf", "// the other one\ndatabase b;\n\nuse a as a;\n");
    let diagnostic = Diagnostic::new(
        Code::ImportCycle,
        at(&sources, a, "use b as b;"),
        "imports form a cycle: `a` → `b` → `a`",
    )
    .label("`a` imports `b`")
    .also(at(&sources, b, "use a as a;"), "`b` imports `a`")
    .help("move what both need into a third schema");
    insta::assert_snapshot!(render::one(&diagnostic, &sources, Style::PLAIN));
}

#[test]
fn tabs_wide_characters_and_accents_stand_above_their_marks() {
    let (sources, id) = one("\tSELECT '日本 é 😀',\tnmae FROM t;\n");
    let diagnostic =
        Diagnostic::new(Code::UnknownColumn, at(&sources, id, "nmae"), "no column `nmae`").label("here");
    let text = render::one(&diagnostic, &sources, Style::PLAIN);
    insta::assert_snapshot!(text);
    assert!(text.contains("src/users.kf:1:19"), "the column counts characters: {text}");
}

#[test]
fn the_end_of_a_file_is_right_after_its_last_word() {
    let text = "database x;\n\ntable t {\n\tid text primary\n\n\n";
    let (sources, id) = one(text);
    let end = Span::new(id, text.len(), text.len());
    let diagnostic = Diagnostic::new(Code::Syntax, end, "expected `}`, found the end of the file")
        .label("expected `}`")
        .also(at(&sources, id, "{"), "opened here");
    insta::assert_snapshot!(render::one(&diagnostic, &sources, Style::PLAIN));
    let (empty, id) = one("");
    let diagnostic =
        Diagnostic::new(Code::Syntax, Span::new(id, 0, 0), "expected `database`").label("the file is empty");
    insta::assert_snapshot!("empty_file", render::one(&diagnostic, &empty, Style::PLAIN));
}

#[test]
fn crlf_and_byte_order_marks_do_not_shift_anything() {
    let (sources, id) = one("\u{feff}database x;\r\ntable t {\r\n\tid txet primary\r\n}\r\n");
    let diagnostic =
        Diagnostic::new(Code::UnknownType, at(&sources, id, "txet"), "unknown type `txet`").label("here");
    insta::assert_snapshot!(render::one(&diagnostic, &sources, Style::PLAIN));
    let first = Diagnostic::new(Code::ReservedName, at(&sources, id, "x"), "reserved name `x`");
    assert_eq!(
        short::line(&first, &sources, Unit::Chars),
        "src/users.kf:1:10: error[KF0109]: reserved name `x`"
    );
    assert_eq!(
        short::line(&first, &sources, Unit::Bytes),
        "src/users.kf:1:10: error[KF0109]: reserved name `x`"
    );
    assert!(render::one(&first, &sources, Style::PLAIN).contains(":1:10]"));
}

#[test]
fn a_label_over_many_lines() {
    let (sources, id) = one(USERS);
    let whole = at(&sources, id, "SELECT").to(at(&sources, id, "WHERE name = $name"));
    let diagnostic = Diagnostic::new(Code::ResultShape, whole, "this returns two columns, one is declared")
        .label("two columns");
    insta::assert_snapshot!(render::one(&diagnostic, &sources, Style::PLAIN));
    let tall = at(&sources, id, "table").to(at(&sources, id, "WHERE"));
    let diagnostic = Diagnostic::new(Code::Unterminated, tall, "this never ends").label("begins here");
    insta::assert_snapshot!("tall", render::one(&diagnostic, &sources, Style::PLAIN));
}

#[test]
fn control_characters_are_spelled_out() {
    let (sources, id) = one("database x\u{0}y; // \u{1b}[31m \u{202e}evil\rreturn\n");
    let diagnostic = Diagnostic::new(
        Code::ControlCharacter,
        at(&sources, id, "\u{0}"),
        "control character `\u{0}` in `x\u{0}y`",
    )
    .label("in \u{1b}[31mhere\r");
    let text = render::one(&diagnostic, &sources, Style::PLAIN);
    insta::assert_snapshot!(text);
    for output in
        [text, short::line(&diagnostic, &sources, Unit::Chars), json::line(&diagnostic, &sources, None)]
    {
        assert!(output.chars().all(|c| c == '\n' || !c.is_control()), "{output:?}");
    }
}

#[test]
fn long_lines_are_cut_around_the_label() {
    let text = format!("\tSELECT {} nmae {} FROM t;\n", "a + ".repeat(4000), "+ b".repeat(4000));
    let (sources, id) = one(&text);
    let diagnostic =
        Diagnostic::new(Code::UnknownColumn, at(&sources, id, "nmae"), "no column `nmae`").label("here");
    let shown = render::one(&diagnostic, &sources, Style::PLAIN);
    insta::assert_snapshot!(shown);
    assert!(shown.lines().all(|line| line.chars().count() <= 100), "{shown}");
    let narrow = Style { width: 50, ..Style::PLAIN };
    insta::assert_snapshot!("narrow", render::one(&unknown_column(&one(USERS).0, id), &one(USERS).0, narrow));
}

#[test]
fn past_fifty_the_rest_is_counted_and_no_error_is_hidden_by_advice() {
    let text = "x\n".repeat(2000);
    let (sources, id) = one(&text);
    let advice = |line: usize| {
        Diagnostic::new(
            Code::MissingIndex,
            Span::new(id, line * 2, line * 2 + 1),
            "no index serves this lookup",
        )
    };
    let mut diagnostics: Vec<Diagnostic> = (0..1000).map(advice).collect();
    diagnostics.push(Diagnostic::new(Code::UnknownTable, Span::new(id, 3998, 3999), "unknown table `x`"));
    let shown = render::human(&diagnostics, &sources, Style::PLAIN);
    assert_eq!(shown.matches("info[KF0409]").count(), 49);
    assert_eq!(shown.matches("error[KF0201]: unknown table `x`").count(), 1);
    assert!(shown.contains("src/users.kf:2000:1"));
    assert!(shown.ends_with("and 951 more\n"), "{shown}");
}

#[test]
fn a_tally_says_how_many_of_what() {
    let (sources, id) = one(USERS);
    let error = unknown_column(&sources, id);
    let advice = Diagnostic::new(Code::MissingIndex, at(&sources, id, "name"), "no index serves this lookup");
    let tally = |diagnostics: &[Diagnostic], files| render::tally(diagnostics, files, Style::PLAIN);
    assert_eq!(tally(&[], 1), "no faults in 1 file\n");
    assert_eq!(tally(&[error.clone(), error, advice], 3), "2 errors, 1 remark in 3 files\n");
}

#[test]
fn colour_is_only_ever_added() {
    let (sources, id) = one(USERS);
    let diagnostic = unknown_column(&sources, id);
    let coloured = render::one(&diagnostic, &sources, Style { colour: true, ..Style::PLAIN });
    assert!(coloured.contains("\u{1b}[1;31merror[KF0202]\u{1b}[0m"));
    let mut bare = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        bare.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    bare.push_str(rest);
    assert_eq!(bare, render::one(&diagnostic, &sources, Style::PLAIN));
}

#[test]
fn short_lines_fold_and_count_in_the_unit_asked_for() {
    let (sources, id) = one("x\nä😀 y\n");
    let diagnostic = Diagnostic::new(Code::MissingIndex, at(&sources, id, "y"), "a\nb");
    let line = |unit| short::line(&diagnostic, &sources, unit);
    assert_eq!(line(Unit::Chars), "src/users.kf:2:4: info[KF0409]: a b");
    assert_eq!(line(Unit::Bytes), "src/users.kf:2:8: info[KF0409]: a b");
    assert_eq!(line(Unit::Utf16), "src/users.kf:2:5: info[KF0409]: a b");
}

#[test]
fn json_lines_carry_every_unit() {
    let mut sources = Sources::new();
    let a = sources.add("a.kf", "\u{feff}x\r\n\tä😀 nmae, b\r\n");
    let b = sources.add("b.kf", "table users {}\n");
    let column = at(&sources, a, "nmae");
    let diagnostic = Diagnostic::new(Code::UnknownColumn, column, "table `users` has no column `nmae`")
        .label("not found")
        .also(at(&sources, b, "users"), "declared here")
        .note("its columns are `id`, `name`")
        .did_you_mean(column, Some("name"));
    let line = json::line(&diagnostic, &sources, Some("as a person reads it\n"));
    assert!(!line.contains('\n'));
    let value: serde_json::Value = serde_json::from_str(&line).unwrap();
    let span = |file: &str, primary, label: &str, numbers: [u32; 10]| {
        let [byte, byte_end, line, line_end, col, col_end, bytes, bytes_end, utf16, utf16_end] = numbers;
        serde_json::json!({
            "file": file, "primary": primary, "label": label,
            "byte": {"start": byte, "end": byte_end}, "line": {"start": line, "end": line_end},
            "col": {"start": col, "end": col_end}, "col_byte": {"start": bytes, "end": bytes_end},
            "col_utf16": {"start": utf16, "end": utf16_end},
        })
    };
    let expected = serde_json::json!({
        "v": 1, "type": "diagnostic", "level": "error", "code": "KF0202", "title": "unknown column",
        "message": "table `users` has no column `nmae`", "url": "docs/errors/KF0202.md", "file": "a.kf",
        "spans": [
            span("a.kf", true, "not found", [14, 18, 2, 2, 5, 9, 9, 13, 6, 10]),
            span("b.kf", false, "declared here", [6, 11, 1, 1, 7, 12, 7, 12, 7, 12]),
        ],
        "notes": ["its columns are `id`, `name`"], "help": ["did you mean `name`?"],
        "fixes": [{"title": "write `name`", "safe": false,
                   "edits": [{"file": "a.kf", "byte": {"start": 14, "end": 18}, "text": "name"}]}],
        "rendered": "as a person reads it\n",
    });
    assert_eq!(value, expected);
    let keys = ["\"v\":1,\"type\":\"diagnostic\",\"level\":\"error\",\"code\":\"KF0202\""];
    assert!(line.starts_with(&format!("{{{}", keys[0])), "the order of fields is fixed: {line}");
}

#[test]
fn json_ends_with_a_summary() {
    let (sources, id) = one(USERS);
    let diagnostics = [
        unknown_column(&sources, id),
        Diagnostic::new(Code::MissingIndex, at(&sources, id, "name"), "no index serves this lookup"),
        Diagnostic::new(Code::UnusedCte, at(&sources, id, "id"), "unused"),
    ];
    let expected = r#"{"v":1,"type":"summary","errors":1,"warnings":1,"infos":1,"files":3,"ok":false}"#;
    assert_eq!(json::summary(&diagnostics, 3), expected);
    let expected = r#"{"v":1,"type":"summary","errors":0,"warnings":1,"infos":1,"files":3,"ok":true}"#;
    assert_eq!(json::summary(&diagnostics[1..], 3), expected);
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    fn anywhere() -> impl Strategy<Value = (String, Vec<(usize, usize)>)> {
        let piece = prop_oneof![
            Just("\n".to_owned()),
            Just("\r\n".to_owned()),
            Just("\r".to_owned()),
            Just("\t".to_owned()),
            Just("\u{feff}".to_owned()),
            Just("日本😀".to_owned()),
            Just("e\u{301}".to_owned()),
            Just("\u{1b}[31m".to_owned()),
            "[a-z ]{0,40}",
            Just("x".repeat(300)),
        ];
        let text = prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat());
        (text, prop::collection::vec((0usize..600, 0usize..80), 1..5))
    }

    proptest! {
        #[test]
        fn any_spans_in_any_text_are_drawn((text, spans) in anywhere(), width in 20usize..120, unicode: bool) {
            let (sources, id) = one(&text);
            let mut places = spans.iter().map(|(start, length)| Span::new(id, *start, start + length));
            let mut diagnostic = Diagnostic::new(Code::Syntax, places.next().unwrap(), "m").label("first");
            for place in places {
                diagnostic = diagnostic.also(place, "other");
            }
            let shown = render::one(&diagnostic, &sources, Style { unicode, width, ..Style::PLAIN });
            prop_assert!(shown.contains("src/users.kf:"), "{}", shown);
            prop_assert!(shown.contains("first"), "{}", shown);
            prop_assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{:?}", shown);
            json::line(&diagnostic, &sources, None);
            short::line(&diagnostic, &sources, Unit::Utf16);
        }
    }
}
