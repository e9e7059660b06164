//! Branches, loops, assignments and results.

use insta::assert_snapshot;

use super::super::{Printed, item};
use super::{binary, column, function, ident, number, operation, output, select, span, table, variable};
use crate::pg::*;

fn statement(at: usize, kind: PlStatementKind) -> PlStatement {
    PlStatement { kind, span: span(at) }
}

fn with_body(variables: Vec<Parameter>, result: Result, body: Vec<PlStatement>) -> Printed {
    item(&Item::Function(Function { variables, result, body, ..function() }))
}

/// The body between the dollar quotes.
fn body_of(printed: &Printed) -> &str {
    printed.text.split("$kf$").nth(1).unwrap()
}

/// The word each marked line begins with, and what it was made of.
fn marked(printed: &Printed) -> Vec<(&str, u32)> {
    let lines: Vec<&str> = body_of(printed).split('\n').collect();
    let word = |line: u32| lines[line as usize - 1].trim().split([' ', ';']).next().unwrap();
    printed.lines.iter().map(|(line, span)| (word(*line), span.start)).collect()
}

/// A loop of each kind around a choice.
fn loops() -> PlStatementKind {
    let kind = |at, kind| statement(at, kind);
    let branch = |at: usize, condition, body| PlBranch { condition, body, span: span(at) };
    let choice = PlStatementKind::If {
        branches: vec![
            branch(
                2,
                binary(">", variable("$a"), number("1")),
                vec![kind(3, PlStatementKind::Exit { label: None, when: None })],
            ),
            branch(4, binary(">", variable("$a"), number("0")), vec![kind(5, PlStatementKind::Continue)]),
        ],
        otherwise: vec![kind(6, PlStatementKind::ReturnNext)],
    };
    let each = PlStatementKind::ForEach {
        target: ident("$x"),
        array: variable("$all"),
        body: vec![kind(2, choice)],
    };
    let rows =
        select(vec![output(column("t", "a"), "a"), output(column("t", "b"), "b")], table("t", "t"), None);
    let query = PlStatementKind::ForQuery {
        targets: vec![ident("$r.a"), ident("$r.b")],
        query: rows,
        body: vec![kind(1, each)],
    };
    PlStatementKind::ForRange {
        counter: ident("#i"),
        low: number("-1"),
        high: number("3"),
        body: vec![kind(0, query), kind(7, PlStatementKind::Exit { label: None, when: None })],
    }
}

#[test]
fn branches_and_loops_keep_the_lines_of_what_is_inside() {
    let printed = with_body(vec![], Result::Void, vec![statement(9, loops())]);
    assert_eq!(
        marked(&printed),
        [
            ("FOR", 9),
            ("FOR", 0),
            ("FOREACH", 1),
            ("IF", 2),
            ("EXIT", 3),
            ("ELSIF", 4),
            ("CONTINUE", 5),
            ("RETURN", 6),
            ("EXIT", 7)
        ]
    );
    assert_snapshot!(body_of(&printed), @r##"
    #variable_conflict use_column
    BEGIN
      FOR "#i" IN -1 .. 3 LOOP
        FOR "$r.a", "$r.b" IN SELECT "t"."a", "t"."b" FROM "ds_x"."t" LOOP
          FOREACH "$x" IN ARRAY "$all" LOOP
            IF "$a" > 1 THEN
              EXIT;
            ELSIF "$a" > 0 THEN
              CONTINUE;
            ELSE
              RETURN NEXT;
            END IF;
          END LOOP;
        END LOOP;
        EXIT;
      END LOOP;
    END
    "##);
}

#[test]
fn a_labelled_loop_is_left_from_inside_another() {
    let exit = |label: Option<&str>, when| PlStatementKind::Exit { label: label.map(ident), when };
    let body = vec![
        statement(1, exit(Some("#range"), None)),
        statement(
            2,
            exit(None, Some(binary("<=", variable("$a"), binary("|", variable("$b"), number("1"))))),
        ),
    ];
    let condition = binary("<", variable("$a"), number("3"));
    let labelled = PlStatementKind::While { label: Some(ident("#range")), condition, body };
    let bare = PlStatementKind::While {
        label: None,
        condition: Expr::Bool(true),
        body: vec![statement(3, labelled)],
    };
    let printed = with_body(vec![], Result::Void, vec![statement(4, bare)]);
    assert_eq!(marked(&printed), [("WHILE", 4), ("<<\"#range\">>", 3), ("EXIT", 1), ("EXIT", 2)]);
    assert_snapshot!(body_of(&printed), @r##"
    #variable_conflict use_column
    BEGIN
      WHILE true LOOP
        <<"#range">> WHILE "$a" < 3 LOOP
          EXIT "#range";
          EXIT WHEN "$a" <= "$b" | 1;
        END LOOP;
      END LOOP;
    END
    "##);
}

#[test]
fn assignments_and_results() {
    let into = |query| PlStatementKind::SelectInto { targets: vec![ident("$a"), ident("$b")], query };
    let two = |name: &str| {
        select(vec![output(column(name, "a"), "a"), output(column(name, "b"), "b")], table(name, name), None)
    };
    let kinds = [
        PlStatementKind::Assign { target: ident("$a"), value: number("1") },
        PlStatementKind::AssignElement { array: ident("$c"), index: variable("$a"), value: number("2") },
        PlStatementKind::PerformValue(binary("/", number("1"), variable("$a"))),
        into(Query { limit: Some(number("1")), ..two("t") }),
        into(operation(SetOperator::Union, true, two("t"), two("u"))),
        PlStatementKind::ReturnValue(variable("$a")),
    ];
    let parameter = |name: &str, ty| Parameter { name: ident(name), ty };
    let body = kinds.into_iter().enumerate().map(|(at, kind)| statement(at, kind)).collect();
    let variables = vec![parameter("$a", Type::Int8), parameter("$b", Type::Numeric(Some((5, 2))))];
    let value = with_body(variables, Result::Value(Type::Int8), body);
    assert_snapshot!(value.text, @r##"
    CREATE FUNCTION "ds_x"."f@x"("@ctx" kf.ctx, "$a" numeric(5,2))
    RETURNS int8
    LANGUAGE plpgsql
    VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS $kf$
    #variable_conflict use_column
    DECLARE
      "$a" int8;
      "$b" numeric(5,2);
    BEGIN
      "$a" := 1;
      "$c"["$a"] := 2;
      PERFORM 1 / "$a";
      SELECT "t"."a", "t"."b"
      INTO "$a", "$b"
      FROM "ds_x"."t"
      LIMIT 1;
      SELECT "q".*
      INTO "$a", "$b"
      FROM (
        SELECT "t"."a", "t"."b"
        FROM "ds_x"."t"
        UNION ALL
        SELECT "u"."a", "u"."b"
        FROM "ds_x"."u"
      ) AS "q";
      RETURN "$a";
    END
    $kf$;
    "##);
}

#[test]
fn a_row_is_made_of_out_parameters() {
    let parameter = |name: &str, ty| Parameter { name: ident(name), ty };
    let columns = vec![parameter("a", Type::Int8), parameter("b", Type::Text)];
    let row = with_body(vec![], Result::Row(columns), vec![statement(0, PlStatementKind::Return)]);
    assert_eq!(row.object, "\"ds_x\".\"f@x\"(kf.ctx, numeric)");
    assert_snapshot!(row.text, @r##"
    CREATE FUNCTION "ds_x"."f@x"("@ctx" kf.ctx, "$a" numeric(5,2), OUT "a" int8, OUT "b" text)
    LANGUAGE plpgsql
    VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS $kf$
    #variable_conflict use_column
    BEGIN
      RETURN;
    END
    $kf$;
    "##);
}
