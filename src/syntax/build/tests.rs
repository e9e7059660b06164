use crate::diagnostics::{Diagnostic, Sink};
use crate::language::Type;
use crate::source::Sources;
use crate::syntax::ast::{Action, Ast, AttributeKind, Item, StatementKind, Table};
use crate::syntax::parse;

fn read(text: &str) -> (Ast, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    let id = sources.add("test.kf", text);
    let mut sink = Sink::new();
    let ast = parse(&sources, id, &mut sink);
    (ast, sink.into_sorted())
}

/// `CODE text at fault` for everything said about `text` after `database a;`.
fn told(text: &str) -> Vec<String> {
    let text = format!("database a;\n{text}");
    let shown = |said: Diagnostic| format!("{} {}", said.code, &text[said.at.span.range()]);
    read(&text).1.into_iter().map(shown).collect()
}

/// The same for a column of a table.
fn column(text: &str) -> Vec<String> {
    told(&format!("table t {{ id int primary, {text} }}"))
}

/// The same for the head of an action.
fn head(text: &str) -> Vec<String> {
    told(&format!("action {text} {{ }}"))
}

/// The same for the body of an action.
fn body(text: &str) -> Vec<String> {
    told(&format!("action a() {{ {text} }}"))
}

fn table(text: &str) -> Table {
    match read(&format!("database a;\n{text}")).0.items.into_iter().next() {
        Some(Item::Table(table)) => table,
        other => panic!("{other:?}"),
    }
}

fn action(text: &str) -> Action {
    match read(&format!("database a;\n{text}")).0.items.into_iter().next() {
        Some(Item::Action(action)) => action,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_begins_with_its_name() {
    let first = |text: &str| read(text).1.first().map(|said| (said.code.id(), said.at.span.range()));
    assert_eq!(first(""), Some(("KF0106", 0..0)));
    assert_eq!(first("// nothing"), Some(("KF0106", 10..10)));
    assert_eq!(first("table t { id int pk }"), Some(("KF0106", 0..5)));
    assert_eq!(first("table t { id int pk } database a;"), Some(("KF0106", 22..30)));
    assert_eq!(first("databse a; table t { id int pk }"), Some(("KF0106", 0..7)));
    assert_eq!(read("databse a;").0.name.map(|name| name.name.to_string()), Some("a".to_owned()));
    assert_eq!(read("\u{FEFF}database a;").1, []);
}

#[test]
fn names_of_schemas_that_postgres_or_the_engine_use_are_reserved() {
    for name in [
        "pg_x",
        "information_schema",
        "public",
        "kf",
        "kf_a",
        "ds_a",
        "kwil",
        "kwild_x",
        "postgres",
        "template1",
    ] {
        let said = read(&format!("database {name};")).1;
        assert_eq!(said[0].code.id(), "KF0109", "{name}");
    }
    assert_eq!(read("database kfc;").1, []);
}

#[test]
fn imports_have_three_targets() {
    assert_eq!(told("use ens as e; use 0xab.bank as b; use 'x00' as c;"), Vec::<String>::new());
    assert_eq!(told("use ens;"), ["KF0106 ;"]);
    assert_eq!(told("use 0xabc.bank as b;"), ["KF0110 0xabc"]);
    assert_eq!(told("use 0xab as b;"), ["KF0106 0xab"]);
    assert_eq!(told("use ext {a: 1, b: 'c'} as e; use ext {} as f;"), Vec::<String>::new());
    assert_eq!(told("use ext {a: 1, b: 'c', a: 2} as e;"), ["KF0210 a"]);
    assert_eq!(told("use ext {a: b} as e;"), ["KF0106 b"]);
    assert_eq!(told("use a as pg_a;"), ["KF0109 pg_a"]);
}

#[test]
fn types_are_known_or_told() {
    assert_eq!(column("a flaot4"), ["KF0206 flaot4"]);
    assert_eq!(column("a double precision not null"), ["KF0220 double"]);
    assert_eq!(column("a timestamp with time zone"), ["KF0206 timestamp"]);
    assert_eq!(column("a decimal"), ["KF0206 decimal"]);
    assert_eq!(column("a decimal(3)"), ["KF0206 decimal"]);
    assert_eq!(column("a decimal(0,0)"), ["KF0110 (0,0)"]);
    assert_eq!(column("a decimal(3,4)"), ["KF0110 (3,4)"]);
    assert_eq!(column("a decimal(99999,4)"), ["KF0110 (99999,4)"]);
    assert_eq!(column("a text(10)"), ["KF0106 (10)"]);
    assert_eq!(column("a int[][]"), ["KF0206 []"]);
    assert_eq!(column("a pg_catalog.int4"), ["KF0106 pg_catalog.int4"]);
}

#[test]
fn attributes_are_known_or_told() {
    assert_eq!(column("a int null"), ["KF0207 null"]);
    assert_eq!(column("a int check (a > 0) not null"), ["KF0207 check"]);
    assert_eq!(column("a int generated always as identity unique"), ["KF0207 generated"]);
    assert_eq!(column("a int nul not nul"), ["KF0106 nul"]);
    assert_eq!(column("a int min 3"), ["KF0106 min"]);
    assert_eq!(column("a int default now()"), ["KF0106 now"]);
    assert_eq!(column("a blob default 0xabc"), ["KF0110 0xabc"]);
    assert_eq!(column("a int references t(id) on delete explode"), ["KF0106 explode"]);
    assert_eq!(column("a int ref t on delete cascade on_delete cascade"), ["KF0106 on_delete cascade"]);
}

#[test]
fn names_are_checked_where_they_are_given() {
    let long = "a".repeat(64);
    assert_eq!(column("ctid int"), ["KF0109 ctid"]);
    assert_eq!(column("_a int"), ["KF0107 _a"]);
    assert_eq!(column("\"a\" int"), ["KF0107 \"a\""]);
    assert_eq!(column(&format!("{long} int")), [format!("KF0108 {long}")]);
    assert_eq!(head(&format!("a(${})", &long[1..])), [format!("KF0108 ${}", &long[1..])]);
    assert_eq!(head(&format!("a(${})", &long[2..])), Vec::<String>::new());
    assert_eq!(head("error()"), ["KF0109 error"]);
    assert_eq!(head("select()"), ["KF0109 select"]);
    assert_eq!(told("table notice { id int pk }"), ["KF0109 notice"]);
    assert_eq!(column("error int, select int, table int, primary int, default int"), Vec::<String>::new());
}

#[test]
fn a_fault_in_a_table_costs_its_entry() {
    let read = table("table t { id int primary, a int ?, b text primary ?, #i index(a), c int }");
    let columns: Vec<(&str, &Type)> = read.columns.iter().map(|c| (c.name.name.as_str(), &c.ty.ty)).collect();
    assert_eq!(
        columns,
        [("id", &Type::Int), ("a", &Type::Unknown), ("b", &Type::Unknown), ("c", &Type::Int)]
    );
    assert_eq!(read.columns[2].attributes[0].kind, AttributeKind::PrimaryKey);
    assert_eq!(read.indexes.len(), 1);
}

#[test]
fn commas_of_a_table() {
    assert_eq!(column("a int,"), Vec::<String>::new());
    assert_eq!(column("a int,,"), ["KF0106 ,"]);
    assert_eq!(column("a int b int"), ["KF0106 int"]);
    assert_eq!(told("table t { }"), ["KF0106 }"]);
    assert_eq!(told("table t {"), ["KF0106 {", "KF0106 "]);
}

#[test]
fn heads_of_actions() {
    assert_eq!(head("a"), ["KF0106 a"]);
    assert_eq!(head("a($b int"), ["KF0106 int"]);
    assert_eq!(head("a($b $c)"), ["KF0106 $c"]);
    assert_eq!(head("a(b int)"), ["KF0106 b"]);
    assert_eq!(head("a(inout $b int)"), ["KF0106 inout"]);
    assert_eq!(head("a($b,)"), ["KF0106 )"]);
    assert_eq!(head("a() pubic veiw"), ["KF0209 pubic", "KF0209 veiw"]);
    assert_eq!(head("a() mustsign init"), ["KF0209 mustsign", "KF0209 init"]);
    assert_eq!(head("a() returns int"), ["KF0106 int"]);
    assert_eq!(head("a() returns table(int)"), ["KF0106 )"]);
    assert_eq!(head("a() returns (int) public"), ["KF0106 public"]);
    assert_eq!(told("action a() public;"), ["KF0106 ;"]);
}

#[test]
fn a_misread_head_does_not_hide_its_body() {
    assert_eq!(told("action a(b) { TRUNCATE t; }"), ["KF0106 b", "KF0111 TRUNCATE"]);
}

#[test]
fn the_header_ends_with_the_modifiers_and_comments_above_are_the_doc() {
    let text = "/// One.\n\t-- two\naction a($b) public view /* c */ returns (int) { f($b); }";
    let read = action(text);
    let whole = format!("database a;\n{text}");
    assert_eq!(&whole[read.header.range()], "action a($b) public view");
    assert_eq!(read.doc.as_deref(), Some("One.\ntwo"));
    assert!(!read.incomplete);
    assert_eq!(action("f(); // no\naction a() {}").doc, None);
    assert_eq!(action("// far\n\naction a() {}").doc, None);
    assert_eq!(action("/* block\n// not a line\n*/ action a() {}").doc, None);
    assert_eq!(table("// near\ntable t { id int pk }").doc.as_deref(), Some("near"));
}

#[test]
fn annotations_stand_before_actions() {
    assert_eq!(told("// doc\n@kgw(authn='true') @b() action a() {}"), Vec::<String>::new());
    assert_eq!(told("@kgw(authn='true') table t { id int pk }"), ["KF0106 @kgw"]);
    assert_eq!(told("@kgw(authn) action a() {}"), ["KF0106 authn"]);
    assert_eq!(told("@kgw action a() {}"), ["KF0106 @kgw"]);
    assert_eq!(action("// doc\n@kgw(authn='true')\naction a() {}").doc.as_deref(), Some("doc"));
}

#[test]
fn calls_are_read_with_their_places() {
    let read = action("action a($b) { ens . f( $b, 'x' ) ; ERROR('no'); }");
    let StatementKind::Call(call) = &read.body[0].kind else { panic!("{read:?}") };
    assert_eq!(call.alias.as_ref().map(|alias| alias.name.as_str()), Some("ens"));
    assert_eq!((call.name.name.as_str(), call.arguments.len()), ("f", 2));
    assert_eq!(call.span, read.body[0].span);
    assert_eq!(call.span.range().len(), "ens . f( $b, 'x' )".len());
    assert_eq!(read.body.len(), 2);
}

#[test]
fn calls_that_go_wrong() {
    assert_eq!(body("f(1"), ["KF0106 (", "KF0106 1"]);
    assert_eq!(body("f(1;"), ["KF0106 ("]);
    assert_eq!(body("f(1));"), ["KF0106 )"]);
    assert_eq!(body("f([1);"), ["KF0106 ["]);
    assert_eq!(body("a.b.c();"), ["KF0106 b"]);
    assert_eq!(body("error 'no';"), ["KF0106 error"]);
    assert_eq!(body("f() g();"), ["KF0106 )"]);
    assert_eq!(body("f() + 1;"), ["KF0106 )"]);
}

#[test]
fn other_statements_are_told_once() {
    assert_eq!(
        body("if $a { f(); } else if $b { g(1; } else { h(); } TRUNCATE t;"),
        ["KF0106 (", "KF0111 TRUNCATE"]
    );
    assert_eq!(body("@caller = 'x';"), ["KF0140 @caller"]);
    assert_eq!(body("@caller := 'x';"), ["KF0140 @caller"]);
    assert_eq!(body("@caller == 'x';"), ["KF0106 @caller"]);
    assert_eq!(body("BEGIN DELETE FROM t; EXCEPTION WHEN OTHERS THEN NULL; END;"), ["KF0111 BEGIN"]);
    assert_eq!(body("EXPLAIN (ANALYZE) SELECT 1;"), ["KF0111 EXPLAIN"]);
    assert_eq!(body("set(1); lock();"), Vec::<String>::new());
    assert_eq!(body("SELCT 1;"), ["KF0106 SELCT"]);
    assert_eq!(body("frobnicate the table;"), ["KF0111 frobnicate"]);
    assert_eq!(body("(1);"), ["KF0106 ("]);
    assert_eq!(body("else { f(); }"), ["KF0106 else"]);
}

#[test]
fn a_body_with_a_fault_is_incomplete() {
    let read = action("action a() { SELCT 1; f(); }");
    assert!(read.incomplete);
    assert_eq!(read.body.len(), 1);
}

#[test]
fn brackets_of_sql_are_checked_before_sql_is() {
    assert_eq!(body("SELECT (1 FROM t;"), ["KF0106 ("]);
    assert_eq!(body("SELECT 1) FROM t;"), ["KF0106 )"]);
    assert_eq!(body("SELECT (1] FROM t;"), ["KF0106 ("]);
}

#[test]
fn limits_are_told_at_the_name() {
    let parameters: Vec<String> = (0..100).map(|number| format!("$p{number}")).collect();
    assert_eq!(head(&format!("a({})", parameters.join(", "))), ["KF0132 a"]);
    assert_eq!(head(&format!("a() {}", "public ".repeat(20_000))), ["KF0132 action"]);
    assert_eq!(told(&format!("action a() {{ {} }}", "f(); ".repeat(2001))), ["KF0132 a"]);
    let columns: Vec<String> = (0..1000).map(|number| format!("c{number} int")).collect();
    assert_eq!(column(&columns.join(", ")), ["KF0132 t"]);
}

#[test]
fn two_hundred_errors_are_enough() {
    let said = read(&format!("database a; action a() {{ {} }}", "@caller = 1; ".repeat(500))).1;
    assert_eq!(said.len(), 201);
    assert_eq!(said[200].code.id(), "KF0132");
}
