use std::fmt::Write;

use super::render::Render;
use super::{expression, statement, whole};

const STATEMENTS: &str = include_str!("statements.sql");
const EXPRESSIONS: &str = include_str!("expressions.sql");

/// Each block of lines between empty ones.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n").map(str::trim).filter(|block| !block.is_empty())
}

#[test]
fn statements() {
    let mut output = String::new();
    for text in blocks(STATEMENTS) {
        let (tree, problems) = statement(text);
        assert!(problems.is_empty(), "{text}: {problems:#?}");
        let tree = tree.unwrap();
        writeln!(output, "{text}\n    {}\n", Render::default().statement(tree.get().unwrap())).unwrap();
    }
    insta::assert_snapshot!(output);
}

#[test]
fn expressions() {
    let mut output = String::new();
    for text in EXPRESSIONS.lines().filter(|line| !line.is_empty()) {
        let (tree, problems) = expression(text, whole(text));
        assert!(problems.is_empty(), "{text}: {problems:#?}");
        let tree = tree.unwrap();
        writeln!(output, "{text}\n    {}", Render::default().expr(tree.get().unwrap())).unwrap();
    }
    insta::assert_snapshot!(output);
}

/// What stands under an expression's span reads as that same expression, with the same places inside it: so no span is
/// too short or too long.
#[test]
fn every_expression_stands_where_it_says() {
    let statements = blocks(STATEMENTS).map(|text| {
        let mut render = Render::default();
        render.statement(statement(text).0.unwrap().get().unwrap());
        (text, render.met)
    });
    let expressions = EXPRESSIONS.lines().filter(|line| !line.is_empty()).map(|text| {
        let mut render = Render::default();
        render.expr(expression(text, whole(text)).0.unwrap().get().unwrap());
        (text, render.met)
    });
    let mut seen = 0;
    for (text, met) in statements.chain(expressions) {
        for expr in met {
            let (again, problems) = expression(text, expr.span);
            let part = &text[expr.span.range()];
            assert!(problems.is_empty(), "`{part}` in `{text}`: {problems:#?}");
            assert_eq!(again.unwrap().get(), Some(&expr), "`{part}` in `{text}`");
            seen += 1;
        }
    }
    assert!(seen > 500, "{seen}");
}
