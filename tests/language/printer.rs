//! What the printer writes, read back by PostgreSQL.

mod parentheses;

use kuneiform::deploy::connect::Session;
use kuneiform::pg::print::{expression, item};
use kuneiform::pg::{
    Body, Call, Expr, From, Function, Ident, Item, Namespace, OutputItem, PlBranch, PlStatement,
    PlStatementKind, QualifiedName, Query, Result, Select, SetOperator, Severity, Volatility,
};
use kuneiform::source::{SourceId, Span};

use crate::support::{block_on, empty_database, session};

async fn text(session: &Session, sql: &str) -> String {
    session.client.query_one(sql, &[]).await.unwrap().get(0)
}

fn span(at: usize) -> Span {
    Span::new(SourceId(0), at, at + 1)
}

fn select(items: Vec<OutputItem>, from: Option<From>) -> Query {
    let body = Select { distinct: false, items, from, filter: None, group_by: vec![], having: None };
    Query {
        ctes: vec![],
        recursive: false,
        body: Body::Select(Box::new(body)),
        order_by: vec![],
        limit: None,
        offset: None,
    }
}

fn output(expr: Expr) -> OutputItem {
    OutputItem { expr, name: None }
}

fn statement(at: usize, kind: PlStatementKind) -> PlStatement {
    PlStatement { kind, span: span(at) }
}

fn function(name: &str, body: Vec<PlStatement>) -> Function {
    Function {
        name: QualifiedName { schema: Ident::new("public"), name: Ident::new(name) },
        parameters: vec![],
        result: Result::Void,
        volatility: Volatility::Volatile,
        variables: vec![],
        body,
        span: span(0),
    }
}

#[test]
fn literals_survive_both_settings_of_conforming_strings() {
    let texts = [
        "it's",
        "a\\b",
        "\\",
        "'\\'",
        "\\'; DROP TABLE x; --",
        "1\n2\r\n3\t\u{1}\u{7f}",
        "żółć \u{202e}",
        "",
    ];
    block_on(async {
        let session = session(&empty_database().await).await;
        for conforming in ["on", "off"] {
            session
                .client
                .batch_execute(&format!(
                    "SET standard_conforming_strings = {conforming}; SET escape_string_warning = off"
                ))
                .await
                .unwrap();
            for expected in texts {
                let sql = format!("SELECT {}", expression(&Expr::Text(expected.to_owned())));
                assert_eq!(text(&session, &sql).await, expected, "{sql}");
            }
            let every: Vec<u8> = (0..=255).collect();
            let sql = format!("SELECT {}", expression(&Expr::Bytes(every.clone())));
            let read: Vec<u8> = session.client.query_one(&sql, &[]).await.unwrap().get(0);
            assert_eq!(read, every);
        }
    });
}

#[test]
fn a_body_may_contain_any_text() {
    let message = "$kf$ $kf1$ $$ 'quoted' \\ $kf2";
    let raise = PlStatementKind::Raise {
        severity: Severity::Exception,
        sqlstate: "KF001",
        message: Expr::Text(message.to_owned()),
    };
    let printed = item(&Item::Function(function("f", vec![statement(1, raise)])));
    block_on(async {
        let session = session(&empty_database().await).await;
        session.client.batch_execute(&printed.text).await.unwrap();
        let error = session.client.batch_execute(&format!("SELECT {}", printed.object)).await.unwrap_err();
        let error = error.as_db_error().unwrap();
        assert_eq!((error.code().code(), error.message()), ("KF001", message));
    });
}

fn next_value(sequence: &str) -> Expr {
    let sequence = Expr::Text(sequence.to_owned());
    Expr::Call(Box::new(Call::plain(Namespace::Catalog, "nextval", vec![sequence])))
}

fn three_rows() -> From {
    let call = Call::plain(
        Namespace::Catalog,
        "generate_series",
        vec![Expr::Number("1".to_owned()), Expr::Number("3".to_owned())],
    );
    From::Function { call: Box::new(call), alias: Ident::new("g"), columns: vec![] }
}

/// Queries whose select list, two columns a row, is evaluated for each of three rows.
fn queries_for_their_effects() -> Vec<Query> {
    let items = || vec![output(next_value("public.s")), output(next_value("public.s"))];
    let plain = select(items(), Some(three_rows()));
    let ordered = Query { limit: Some(Expr::Number("3".to_owned())), ..plain.clone() };
    let union = Query {
        body: Body::Operation {
            operator: SetOperator::Union,
            all: true,
            left: Box::new(Query { limit: Some(Expr::Number("0".to_owned())), ..plain.clone() }),
            right: Box::new(plain.clone()),
        },
        ..plain.clone()
    };
    let cte = kuneiform::pg::Cte {
        name: Ident::new("c"),
        columns: vec![Ident::new("x"), Ident::new("y")],
        not_materialized: false,
        query: plain.clone(),
    };
    let column = |name: &str| output(Expr::Column { relation: Ident::new("c"), column: Ident::new(name) });
    let from = From::Cte { name: Ident::new("c"), alias: Ident::new("c") };
    let with = Query { ctes: vec![cte], ..select(vec![column("x"), column("y")], Some(from)) };
    vec![plain, ordered, union, with]
}

#[test]
fn a_performed_query_is_evaluated_whole() {
    block_on(async {
        let session = session(&empty_database().await).await;
        session.client.batch_execute("CREATE SEQUENCE public.s START 1").await.unwrap();
        let mut expected = 0i64;
        for (index, query) in queries_for_their_effects().into_iter().enumerate() {
            let body = vec![statement(1, PlStatementKind::PerformQuery(query))];
            let printed = item(&Item::Function(function(&format!("f{index}"), body)));
            session.client.batch_execute(&printed.text).await.unwrap();
            session.client.batch_execute(&format!("SELECT {}", printed.object)).await.unwrap();
            expected += 6;
            let row = session.client.query_one("SELECT last_value FROM public.s", &[]).await.unwrap();
            assert_eq!(row.get::<_, i64>(0), expected, "{}", printed.text);
        }
        let empty = vec![statement(1, PlStatementKind::PerformQuery(select(vec![], Some(three_rows()))))];
        let printed = item(&Item::Function(function("empty", empty)));
        session.client.batch_execute(&printed.text).await.unwrap();
        session.client.batch_execute(&format!("SELECT {}", printed.object)).await.unwrap();
    });
}

/// Divides by `divisor` after enough columns to need several lines.
fn long_query(divisor: Expr) -> Query {
    let word = |index: usize| output(Expr::Text(format!("a column that is rather long {index}")));
    let mut items: Vec<OutputItem> = (0..8).map(word).collect();
    let one = Box::new(Expr::Number("1".to_owned()));
    items.push(output(Expr::Binary { operator: "/", left: one, right: Box::new(divisor) }));
    select(items, Some(three_rows()))
}

/// Statements over many lines, each of which fails where `"$where"` is its number.
fn failing_statements() -> Vec<PlStatement> {
    let fails_at = |number: usize| Expr::Binary {
        operator: "-",
        left: Box::new(Expr::Variable(Ident::new("$where"))),
        right: Box::new(Expr::Number(number.to_string())),
    };
    let perform = |number| statement(number, PlStatementKind::PerformQuery(long_query(fails_at(number))));
    let condition =
        Expr::Is { operand: Box::new(Expr::Subquery(Box::new(scalar(fails_at(2))))), what: "NOT NULL" };
    let call = Call::plain(
        Namespace::Catalog,
        "concat",
        (0..30)
            .map(|number| Expr::Text(format!("argument {number}\n")))
            .chain([Expr::Binary {
                operator: "/",
                left: Box::new(Expr::Number("1".to_owned())),
                right: Box::new(fails_at(4)),
            }])
            .collect(),
    );
    vec![
        perform(1),
        statement(
            2,
            PlStatementKind::If {
                branches: vec![PlBranch { condition, body: vec![perform(3)], span: span(2) }],
                otherwise: vec![],
            },
        ),
        statement(4, PlStatementKind::PerformCall(call)),
        perform(5),
        statement(6, PlStatementKind::Return),
    ]
}

fn scalar(divisor: Expr) -> Query {
    let mut query = long_query(divisor);
    let Body::Select(select) = &mut query.body else { panic!() };
    select.items.drain(0..8);
    select.from = None;
    query
}

#[test]
fn lines_lead_back_to_statements() {
    let mut function = function("f", failing_statements());
    function.parameters =
        vec![kuneiform::pg::Parameter { name: Ident::new("$where"), ty: kuneiform::pg::Type::Int8 }];
    let printed = item(&Item::Function(function));
    block_on(async {
        let session = session(&empty_database().await).await;
        session.client.batch_execute(&printed.text).await.unwrap();
        for number in 1..=5usize {
            let sql = format!("SELECT public.f({number})");
            let error = session.client.batch_execute(&sql).await.unwrap_err();
            let context = error.as_db_error().unwrap().where_().unwrap().to_owned();
            let line = context.lines().find_map(|line| line.split(" line ").nth(1)).unwrap();
            let line: u32 = line.split(' ').next().unwrap().parse().unwrap();
            let found: Vec<Span> =
                printed.lines.iter().filter(|(at, _)| *at == line).map(|(_, span)| *span).collect();
            assert_eq!(found, [span(number)], "{context}\n{}", printed.text);
        }
        session.client.batch_execute("SELECT public.f(6)").await.unwrap();
    });
}
