//! Whatever the text: no crash on the smallest stack, an error if and only if there is no tree, and every place inside the
//! island, on character borders.

use kuneiform::diagnostics::{Diagnostic, Sink};
use kuneiform::source::{SourceId, Span};
use kuneiform::syntax::ast::{Expr, Statement};
use kuneiform::syntax::sql;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::on_a_small_stack;
use super::render::Render;

const STATEMENTS: &str = include_str!("statements.sql");
const EXPRESSIONS: &str = include_str!("expressions.sql");

const WORDS: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "WITH",
    "RECURSIVE",
    "AS",
    "a",
    "t",
    "t.a",
    "$x",
    "@caller",
    "1",
    "1.5",
    "'x'",
    "0xab",
    "(",
    ")",
    "[",
    "]",
    ",",
    "+",
    "-",
    "*",
    "/",
    "^",
    "||",
    "=",
    "<>",
    "<",
    "::",
    "int",
    "decimal(3,2)",
    "!",
    "NOT",
    "AND",
    "OR",
    "IS",
    "NULL",
    "TRUE",
    "IN",
    "BETWEEN",
    "LIKE",
    "ESCAPE",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "EXISTS",
    "ANY",
    "ALL",
    "DISTINCT",
    "ON",
    "USING",
    "JOIN",
    "LEFT",
    "CROSS",
    "LATERAL",
    "GROUP",
    "ORDER",
    "BY",
    "HAVING",
    "LIMIT",
    "OFFSET",
    "UNION",
    "EXCEPT",
    "VALUES",
    "INSERT",
    "INTO",
    "UPDATE",
    "SET",
    "DELETE",
    "CONFLICT",
    "DO",
    "NOTHING",
    "RETURNING",
    "OVER",
    "PARTITION",
    "ROWS",
    "PRECEDING",
    "WINDOW",
    "FILTER",
    "CAST",
    "ARRAY",
    "COLLATE",
    "\"C\"",
    "trim",
    "position",
    "substring",
    "FOR",
    "overlay",
    "placing",
    "both",
    "ISNULL",
    ":",
    ".",
    "ens.f()",
    "f",
    "count(*)",
    "DEFAULT",
    "FETCH",
    "NATURAL",
    "ASC",
    "DESC",
    "NULLS",
    "FIRST",
    "-- c\n",
    "/* c */",
    "// c\n",
    "~",
    ";",
    "'",
    "\"",
    "\u{e9}",
    "$",
    "@",
];

fn soup() -> impl Strategy<Value = String> {
    let word = prop::sample::select(WORDS);
    let between = prop::sample::select(&[" ", " ", " ", ""][..]);
    prop::collection::vec((word, between), 0..40)
        .prop_map(|words| words.into_iter().map(|(word, between)| format!("{word}{between}")).collect())
}

/// A good text with some of its words left out, said twice, moved or replaced, and perhaps cut off.
fn mangled() -> impl Strategy<Value = String> {
    let good: Vec<&'static str> = STATEMENTS.split("\n\n").chain(EXPRESSIONS.lines()).collect();
    let edits =
        prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(WORDS), 0..4_u8), 0..4);
    (prop::sample::select(good), edits, any::<prop::sample::Index>(), any::<bool>()).prop_map(
        |(good, edits, cut, cuts)| {
            let mut words: Vec<&str> = good.split_inclusive([' ', '(', ')', ',']).collect();
            for (index, word, edit) in edits {
                if words.is_empty() {
                    break;
                }
                let at = index.index(words.len());
                match edit {
                    0 => drop(words.remove(at)),
                    1 => words.insert(at, words[at]),
                    2 => words.insert(at, word),
                    _ => words[at] = word,
                }
            }
            let mut text = words.concat();
            if cuts && !text.is_empty() {
                let mut end = cut.index(text.len());
                while !text.is_char_boundary(end) {
                    end -= 1;
                }
                text.truncate(end);
            }
            text
        },
    )
}

/// The text between others, as an island in a file.
fn in_a_file(text: &str) -> (String, Span) {
    let before = "\u{1f600} (";
    let span = Span::new(SourceId(7), before.len(), before.len() + text.len());
    (format!("{before}{text}) '\u{e9}"), span)
}

fn holds(
    file: &str,
    island: Span,
    tree: bool,
    problems: &[Diagnostic],
    met: &[Expr],
) -> Result<(), TestCaseError> {
    prop_assert_eq!(tree, problems.is_empty(), "{:?}", problems);
    let places = problems
        .iter()
        .flat_map(|problem| {
            let fixes = problem.fixes.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.span));
            let also = problem.also.iter().map(|label| label.span);
            [problem.at.span].into_iter().chain(also).chain(fixes)
        })
        .chain(met.iter().map(|expr| expr.span));
    for place in places {
        prop_assert_eq!(place.source, island.source);
        prop_assert!(island.start <= place.start && place.end <= island.end, "{:?} in {:?}", place, island);
        prop_assert!(file.get(place.range()).is_some(), "{:?} cuts a character", place);
    }
    for problem in problems {
        prop_assert!(!problem.message.chars().any(char::is_control), "{:?}", problem.message);
    }
    Ok(())
}

/// Reads `text` in all three ways.
fn survives(text: &str) -> Result<(), TestCaseError> {
    let (file, island) = in_a_file(text);
    let mut sink = Sink::new();
    let mut render = Render::default();
    let tree: Option<Statement> = sql::statement(&file, island, &mut sink);
    tree.iter().for_each(|tree| drop(render.statement(tree)));
    holds(&file, island, tree.is_some(), &sink.into_sorted(), &render.met)?;

    let mut sink = Sink::new();
    let mut render = Render::default();
    let tree = sql::expression(&file, island, &mut sink);
    tree.iter().for_each(|tree| drop(render.expr(tree)));
    holds(&file, island, tree.is_some(), &sink.into_sorted(), &render.met)?;
    // `substring(s FOR n)` counts from a 1 that stands nowhere and borrows the place of FOR.
    let written = |expr: &Expr| !file[expr.span.range()].eq_ignore_ascii_case("for");
    for expr in render.met.into_iter().filter(written) {
        let mut sink = Sink::new();
        let again = sql::expression(&file, expr.span, &mut sink);
        prop_assert_eq!(
            again.as_ref(),
            Some(&expr),
            "`{}`: {:?}",
            &file[expr.span.range()],
            sink.into_sorted()
        );
    }

    let mut sink = Sink::new();
    let trees = sql::expressions(&file, island, &mut sink);
    holds(&file, island, trees.is_some(), &sink.into_sorted(), &[])
}

fn check(cases: u32, texts: impl Strategy<Value = String> + Send + 'static) {
    on_a_small_stack(move || {
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        TestRunner::new(config).run(&texts, |text| survives(&text)).unwrap();
    });
}

#[test]
fn soup_of_words() {
    check(1_000, soup());
}

#[test]
fn mangled_statements_and_expressions() {
    check(2_000, mangled());
}

#[test]
fn any_characters() {
    check(500, "\\PC{0,60}");
}
