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

/// The places of what is no expression.
#[test]
fn places() {
    let mut output = String::new();
    for text in [
        "WITH x AS ens.f($a) , y (b) AS (SELECT 1) SELECT t.*, * FROM y AS z (c) LEFT OUTER JOIN LATERAL (SELECT 2 LIMIT 1) q ON (z.c = 1) CROSS JOIN ens.g() AS h (i, j) ORDER BY 1 DESC LIMIT 3",
        "(SELECT a FROM t ORDER BY a LIMIT 1) UNION ALL SELECT b FROM u JOIN (v JOIN w USING (a, b)) ON true EXCEPT (SELECT c FROM x) ORDER BY 1",
        "SELECT sum ( a ) FILTER (WHERE b) OVER (w ORDER BY c) + count(*) OVER w FROM t WINDOW w AS (PARTITION BY d)",
        "WITH x AS (SELECT 1) INSERT INTO t (a) SELECT a FROM u WHERE b ORDER BY c ON CONFLICT ( a , b ) DO UPDATE SET c = 1 WHERE d RETURNING a",
        "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING",
        "UPDATE t AS x SET a = CAST(b AS decimal ( 3 , 2 ) []) FROM u JOIN v ON x.a = u.a AND u.b=-1",
        "SELECT a::int :: text COLLATE \"C\" || 'x' FROM (SELECT 1 UNION SELECT 2) AS s WHERE EXISTS (SELECT 1)",
    ] {
        let mut render = Render::default();
        let (tree, problems) = statement(text);
        assert!(problems.is_empty(), "{text}: {problems:#?}");
        render.statement(tree.unwrap().get().unwrap());
        writeln!(output, "{text}").unwrap();
        for (what, place) in render.places {
            writeln!(output, "    {what}: {}", &text[place.range()]).unwrap();
        }
    }
    insta::assert_snapshot!(output);
}

/// Words that may be left out without a change.
const NOISE: &[&str] = &[
    "AS", "INNER", "OUTER", "ALL", "ASC", "ARRAY", "DISTINCT", "LATERAL", "+", "-", "!", "BOTH", "ROW",
    "COLLATE",
];

/// Leaving any word out either changes what is read or is refused: nothing is dropped in silence.
#[test]
fn no_word_is_ignored() {
    let read = |text: &str, is_statement: bool| {
        let mut render = Render::default();
        match is_statement {
            true => statement(text).0.map(|tree| render.statement(tree.get().unwrap())),
            false => expression(text, whole(text)).0.map(|tree| render.expr(tree.get().unwrap())),
        }
    };
    let statements = blocks(STATEMENTS).map(|text| (text, true));
    let expressions = EXPRESSIONS.lines().filter(|line| !line.is_empty()).map(|text| (text, false));
    let mut ignored = Vec::new();
    for (text, is_statement) in statements
        .chain(expressions)
        .filter(|(text, _)| !text.contains(['/', '-']) && !text.starts_with("trim"))
    {
        let meaning = read(text, is_statement);
        let words: Vec<&str> = text.split(' ').collect();
        for left_out in 0..words.len() {
            let shorter: Vec<&str> =
                words.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, word)| *word).collect();
            if read(&shorter.join(" "), is_statement) == meaning && !NOISE.contains(&words[left_out]) {
                ignored.push(format!("`{}` in `{text}`", words[left_out]));
            }
        }
    }
    assert!(ignored.is_empty(), "{}", ignored.join("\n"));
}
