//! Shapes: what the printed text looks like.

mod control;

use insta::assert_snapshot;

use super::{expression, item, query};
use crate::pg::*;
use crate::source::{SourceId, Span};

fn ident(name: &str) -> Ident {
    Ident::new(name)
}

fn table_name(name: &str) -> QualifiedName {
    QualifiedName { schema: ident("ds_x"), name: ident(name) }
}

fn span(at: usize) -> Span {
    Span::new(SourceId(0), at, at + 1)
}

fn number(digits: &str) -> Expr {
    Expr::Number(digits.to_owned())
}

fn text(value: &str) -> Expr {
    Expr::Text(value.to_owned())
}

fn column(relation: &str, column: &str) -> Expr {
    Expr::Column { relation: ident(relation), column: ident(column) }
}

fn variable(name: &str) -> Expr {
    Expr::Variable(ident(name))
}

fn binary(operator: &'static str, left: Expr, right: Expr) -> Expr {
    Expr::Binary { operator, left: Box::new(left), right: Box::new(right) }
}

fn negated(operand: Expr) -> Expr {
    Expr::Unary { operator: "-", operand: Box::new(operand) }
}

fn table(name: &str, alias: &str) -> From {
    From::Table { table: table_name(name), alias: ident(alias) }
}

fn output(expr: Expr, name: &str) -> OutputItem {
    OutputItem { expr, name: Some(ident(name)) }
}

fn select(items: Vec<OutputItem>, from: From, filter: Option<Expr>) -> Query {
    let select = Select { distinct: false, items, from: Some(from), filter, group_by: vec![], having: None };
    rows(Body::Select(Box::new(select)))
}

fn rows(body: Body) -> Query {
    Query { ctes: vec![], recursive: false, body, order_by: vec![], limit: None, offset: None }
}

fn ascending(expr: Expr) -> SortKey {
    SortKey { expr, descending: false, nulls_first: None }
}

fn composed() -> Query {
    let wallets = From::Join {
        kind: JoinKind::Left,
        left: Box::new(table("wallets", "w")),
        right: Box::new(table("names", "n")),
        on: Some(binary("=", column("w", "id"), column("n", "wallet_id"))),
    };
    let own = select(
        vec![output(column("n", "name"), "name"), output(column("w", "address"), "owner")],
        wallets,
        None,
    );
    let cte = Cte { name: ident("own"), columns: vec![], not_materialized: true, query: own };
    let joined = From::Join {
        kind: JoinKind::Inner,
        left: Box::new(table("posts", "posts")),
        right: Box::new(From::Cte { name: ident("own"), alias: ident("e") }),
        on: Some(binary("=", column("e", "name"), column("posts", "author"))),
    };
    let long =
        (0..4).map(|at| binary("<>", column("posts", &format!("a_rather_long_column_{at}")), number("1")));
    let filter = Expr::And(
        std::iter::once(binary("=", column("e", "owner"), variable("$address"))).chain(long).collect(),
    );
    let items = vec![output(column("posts", "text"), "text"), output(column("posts", "author"), "who")];
    Query {
        ctes: vec![cte],
        order_by: vec![ascending(column("posts", "id"))],
        limit: Some(number("10")),
        ..select(items, joined, Some(filter))
    }
}

#[test]
fn a_composed_query() {
    assert_snapshot!(query(&composed()), @r#"
    WITH "own" AS NOT MATERIALIZED (
      SELECT "n"."name", "w"."address" AS "owner"
      FROM "ds_x"."wallets" AS "w"
      LEFT JOIN "ds_x"."names" AS "n" ON "w"."id" = "n"."wallet_id"
    )
    SELECT "posts"."text", "posts"."author" AS "who"
    FROM "ds_x"."posts"
    JOIN "own" AS "e" ON "e"."name" = "posts"."author"
    WHERE "e"."owner" = "$address"
      AND "posts"."a_rather_long_column_0" <> 1
      AND "posts"."a_rather_long_column_1" <> 1
      AND "posts"."a_rather_long_column_2" <> 1
      AND "posts"."a_rather_long_column_3" <> 1
    ORDER BY "posts"."id"
    LIMIT 10
    "#);
}

fn operation(operator: SetOperator, all: bool, left: Query, right: Query) -> Query {
    rows(Body::Operation { operator, all, left: Box::new(left), right: Box::new(right) })
}

#[test]
fn set_operations_stand_in_parentheses_where_they_must() {
    let one = |name: &str| select(vec![output(column(name, "a"), "a")], table(name, name), None);
    let limited = Query { limit: Some(number("1")), ..one("t") };
    let inner = operation(SetOperator::Union, true, one("u"), one("v"));
    let outer = operation(SetOperator::Intersect, false, limited, inner);
    assert_snapshot!(query(&operation(SetOperator::Except, false, outer, one("w"))), @r#"
    (SELECT "t"."a" FROM "ds_x"."t" LIMIT 1)
    INTERSECT
    (SELECT "u"."a" FROM "ds_x"."u" UNION ALL SELECT "v"."a" FROM "ds_x"."v")
    EXCEPT
    SELECT "w"."a"
    FROM "ds_x"."w"
    "#);
}

#[test]
fn constants_and_subqueries_are_read_as_values() {
    let scalar = || Box::new(select(vec![output(column("t", "a"), "a")], table("t", "t"), None));
    let sorted = Query {
        order_by: vec![ascending(number("1")), ascending(negated(number("2"))), ascending(text("x"))],
        ..*scalar()
    };
    assert_snapshot!(query(&sorted), @r#"
    SELECT "t"."a"
    FROM "ds_x"."t"
    ORDER BY COALESCE(1), COALESCE(-2), COALESCE('x')
    "#);
    let any = Expr::Quantified {
        operator: "=",
        all: false,
        left: Box::new(number("1")),
        array: Box::new(Expr::Subquery(scalar())),
    };
    assert_snapshot!(expression(&any), @r#"1 = ANY (COALESCE((SELECT "t"."a" FROM "ds_x"."t")))"#);
    let list = |negated| Expr::InList {
        operand: Box::new(number("1")),
        list: vec![Expr::Subquery(scalar())],
        negated,
    };
    assert_snapshot!(expression(&list(false)), @r#"1 = (SELECT "t"."a" FROM "ds_x"."t")"#);
    assert_snapshot!(expression(&list(true)), @r#"1 <> (SELECT "t"."a" FROM "ds_x"."t")"#);
}

#[test]
fn signs_casts_and_names() {
    let cast = |expr| Expr::Cast(Box::new(expr), Type::Int8);
    let field = Expr::Field { variable: ident("@ctx"), field: ident("caller") };
    let index = |array| Expr::Index { array: Box::new(array), index: Box::new(number("1")) };
    let slice = Expr::Slice { array: Box::new(variable("$a")), low: Some(Box::new(number("1"))), high: None };
    let all = [
        cast(number("-5")),
        negated(number("-5")),
        negated(negated(variable("$a"))),
        binary("-", variable("$a"), number("-1")),
        binary("^", number("-2"), number("2")),
        field,
        index(variable("$a")),
        index(index(variable("$a"))),
        slice,
        column("od\"d", "text"),
        Expr::And(vec![]),
        Expr::Or(vec![binary("=", number("1"), number("2"))]),
        Expr::Row(vec![number("1")]),
    ];
    let printed: Vec<String> = all.iter().map(expression).collect();
    assert_snapshot!(printed.join("\n"), @r#"
    (-5)::int8
    -(-5)
    -(-"$a")
    "$a" - -1
    (-2) ^ 2
    ("@ctx")."caller"
    "$a"[1]
    ("$a"[1])[1]
    "$a"[1 :]
    "od""d"."text"
    true
    1 = 2
    ROW(1)
    "#);
}

#[test]
fn calls_carry_everything() {
    let call = Call {
        distinct: true,
        order_by: vec![SortKey { expr: column("t", "a"), descending: true, nulls_first: Some(false) }],
        filter: Some(binary(">", column("t", "a"), number("0"))),
        over: None,
        ..Call::plain(Namespace::Catalog, "array_agg", vec![column("t", "a")])
    };
    assert_snapshot!(expression(&Expr::Call(Box::new(call))), @r#"
    pg_catalog.array_agg(DISTINCT "t"."a" ORDER BY "t"."a" DESC NULLS LAST) FILTER (WHERE "t"."a" > 0)
    "#);
    let frame = Frame {
        unit: FrameUnit::Rows,
        start: FrameBound::Preceding(Box::new(number("1"))),
        end: Some(FrameBound::CurrentRow),
    };
    let over = Window {
        partition_by: vec![column("t", "a")],
        order_by: vec![ascending(column("t", "b"))],
        frame: Some(frame),
    };
    let count = Call { over: Some(over), ..Call::plain(Namespace::Catalog, "count", vec![Expr::Star]) };
    assert_snapshot!(expression(&Expr::Call(Box::new(count))), @r#"
    pg_catalog.count(*) OVER (
      PARTITION BY "t"."a"
      ORDER BY "t"."b"
      ROWS BETWEEN 1 PRECEDING AND CURRENT ROW
    )
    "#);
    let kf = Call::plain(Namespace::Kf, "error", vec![text("no")]);
    let own = Call::plain(Namespace::Schema(ident("ds_x")), "f@x", vec![variable("@ctx")]);
    let all = [kf, own].map(|call| expression(&Expr::Call(Box::new(call))));
    assert_eq!(all, ["kf.error('no')", "\"ds_x\".\"f@x\"(\"@ctx\")"]);
}

fn insert() -> Insert {
    let update = ConflictAction::Update {
        assignments: vec![Assignment { column: ident("b"), value: column("excluded", "b") }],
        filter: Some(binary("<", column("t", "b"), column("excluded", "b"))),
    };
    Insert {
        ctes: vec![],
        recursive: false,
        table: table_name("t"),
        alias: ident("t"),
        columns: vec![ident("a"), ident("b")],
        source: InsertSource::Values(vec![vec![number("1"), number("2")], vec![number("3"), number("4")]]),
        conflict: Some(Conflict { columns: vec![ident("a")], action: update }),
        returning: vec![output(column("t", "a"), "a")],
    }
}

fn update() -> Update {
    let set = |name: &str| Assignment { column: ident(name), value: number("1") };
    Update {
        ctes: vec![],
        recursive: false,
        table: table_name("t"),
        alias: ident("x"),
        assignments: vec![set("a"), set("b")],
        from: Some(table("u", "u")),
        filter: Some(binary("=", column("x", "a"), column("u", "a"))),
        returning: vec![],
    }
}

fn delete() -> Delete {
    Delete {
        ctes: vec![],
        recursive: false,
        table: table_name("t"),
        alias: ident("t"),
        filter: None,
        returning: vec![],
    }
}

fn function() -> Function {
    let raise = |severity| PlStatementKind::Raise { severity, sqlstate: "KF001", message: text("no\nway") };
    let condition = Expr::Exists { query: Box::new(composed()), negated: true };
    let then = vec![PlStatement { kind: raise(Severity::Exception), span: span(2) }];
    let kinds = [
        PlStatementKind::If {
            branches: vec![PlBranch { condition, body: then, span: span(1) }],
            otherwise: vec![],
        },
        PlStatementKind::Insert(insert()),
        PlStatementKind::Update(update()),
        PlStatementKind::Delete(delete()),
        raise(Severity::Notice),
        PlStatementKind::ReturnQuery(rows(Body::Delete(Box::new(delete())))),
        PlStatementKind::Return,
    ];
    let parameter = |name: &str, ty| Parameter { name: ident(name), ty };
    Function {
        name: table_name("f@x"),
        parameters: vec![parameter("@ctx", Type::Context), parameter("$a", Type::Numeric(Some((5, 2))))],
        result: Result::Table(vec![parameter("a", Type::Array(Box::new(Type::Text)))]),
        volatility: Volatility::Volatile,
        variables: vec![],
        body: kinds.into_iter().map(|kind| PlStatement { kind, span: span(1) }).collect(),
        span: span(0),
    }
}

#[test]
fn a_function_and_its_lines() {
    let printed = item(&Item::Function(function()));
    assert_eq!(printed.object, "\"ds_x\".\"f@x\"(kf.ctx, numeric)");
    assert!(printed.text.lines().all(|line| !line.ends_with(' ')), "{}", printed.text);
    let body: Vec<&str> = printed.text.split("$kf$").nth(1).unwrap().split('\n').collect();
    let begins: Vec<&str> = printed.lines.iter().map(|(line, _)| body[*line as usize - 1].trim()).collect();
    let words: Vec<&str> = begins.iter().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(words, ["IF", "RAISE", "INSERT", "UPDATE", "DELETE", "RAISE", "RETURN", "RETURN;"]);
    assert_snapshot!(printed.text);
}

#[test]
fn definitions() {
    let column = |name: &str, ty, default| Column { name: ident(name), ty, not_null: true, default };
    let named = |name: &str| (ident(name), vec![ident("a"), ident("b")]);
    let items = [
        Item::Schema(Schema { name: ident("ds_x") }),
        Item::Table(Table {
            name: table_name("t"),
            columns: vec![
                column("a", Type::Text, Some(text("it's"))),
                column("b", Type::Int8, Some(number("-1"))),
                column("c", Type::Array(Box::new(Type::Text)), None),
            ],
            primary_key: named("t_pkey"),
            unique: vec![named("t_key")],
            checks: vec![Check {
                name: ident("t_check"),
                condition: binary(">", Expr::Output(ident("b")), number("0")),
            }],
        }),
        Item::Index(Index {
            name: ident("i"),
            table: table_name("t"),
            columns: vec![ident("b")],
            unique: true,
        }),
        Item::ForeignKey(ForeignKey {
            name: ident("t_fkey"),
            table: table_name("t"),
            columns: vec![ident("a")],
            parent: table_name("u"),
            parent_columns: vec![ident("id")],
            on_delete: Some(ReferentialAction::SetNull),
            on_update: Some(ReferentialAction::NoAction),
        }),
        Item::Readers(Readers {
            schema: ident("x"),
            tables: vec![table_name("t"), table_name("u")],
            functions: vec![
                (table_name("f@x"), vec![Type::Context]),
                (table_name("g@x"), vec![Type::Context, Type::Text]),
            ],
        }),
        Item::Grant(Grant {
            function: table_name("f@x"),
            arguments: vec![Type::Context, Type::Array(Box::new(Type::Numeric(Some((5, 2)))))],
            to: Grantee::Oracle,
        }),
    ];
    let printed: Vec<String> =
        items.iter().map(item).map(|printed| format!("-- {}\n{}", printed.object, printed.text)).collect();
    assert_snapshot!(printed.join("\n\n"));
}
