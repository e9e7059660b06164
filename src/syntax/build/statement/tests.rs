use crate::diagnostics::Sink;
use crate::language::Type;
use crate::source::Sources;
use crate::syntax::ast::{Action, ExprKind, ForSource, Item, Statement, StatementKind};
use crate::syntax::parse;

/// The action whose body is `text`, and `CODE text at fault` for everything said.
fn read(text: &str) -> (Action, Vec<String>) {
    let text = format!("database a;\naction a() {{ {text} }}");
    let mut sources = Sources::new();
    let id = sources.add("test.kf", text.clone());
    let mut sink = Sink::new();
    let ast = parse(&sources, id, &mut sink);
    let said = sink.into_sorted();
    let said = said.iter().map(|said| format!("{} {}", said.code, &text[said.at.span.range()])).collect();
    match ast.items.into_iter().next() {
        Some(Item::Action(action)) => (action, said),
        other => panic!("{other:?}"),
    }
}

/// The statements of `text`, which has no fault.
fn body(text: &str) -> Vec<Statement> {
    let (action, said) = read(text);
    assert_eq!((said, action.incomplete), (Vec::new(), false), "{text}");
    action.body
}

fn one(text: &str) -> StatementKind {
    let mut body = body(text);
    assert_eq!(body.len(), 1, "{text}");
    body.remove(0).kind
}

fn told(text: &str) -> Vec<String> {
    read(text).1
}

#[test]
fn a_declaration_has_a_type_and_maybe_a_value() {
    let StatementKind::Declare { variable, ty, value } = one("$X decimal(3,1)[];") else { panic!() };
    assert_eq!((variable.name.as_str(), ty.ty), ("x", Type::array(Type::decimal(3, 1))));
    assert_eq!(value, None);
    for text in ["$x text := 'a';", "$x text = 'a';"] {
        let StatementKind::Declare { value: Some(value), .. } = one(text) else { panic!("{text}") };
        assert!(matches!(value.kind, ExprKind::Literal(_)));
    }
}

#[test]
fn the_first_sign_assigns_and_the_others_compare() {
    for text in ["$x := $y = 1;", "$x = $y = 1;", "$x = $y == 1;"] {
        let StatementKind::Assign { variable, value } = one(text) else { panic!("{text}") };
        assert_eq!(variable.name.as_str(), "x");
        assert!(matches!(value.kind, ExprKind::Binary { .. }), "{text}");
    }
    assert_eq!(told("$x == 1;"), ["KF0106 $x"]);
    assert_eq!(told("$x : = 1;"), ["KF0106 $x"]);
}

#[test]
fn an_element_is_assigned_by_its_index() {
    let StatementKind::AssignElement { array, index, .. } = one("$a[$b[1] + 1] := 2;") else { panic!() };
    assert_eq!(array.name.as_str(), "a");
    assert!(matches!(index.kind, ExprKind::Binary { .. }));
    assert!(matches!(one("$a['1'::int] := 2;"), StatementKind::AssignElement { .. }));
    assert_eq!(told("$a[1:2] := $b;"), ["KF0106 $a[1:2]"]);
}

#[test]
fn a_row_is_received_from_one_call() {
    let StatementKind::Receive { receivers, call } = one("$a, _, $b := ens.f((1), 2);") else { panic!() };
    let names: Vec<_> =
        receivers.iter().map(|one| one.variable.as_ref().map(|name| name.name.as_str())).collect();
    assert_eq!(names, [Some("a"), None, Some("b")]);
    assert_eq!((call.alias.is_some(), call.arguments.len()), (true, 2));
    assert!(matches!(one("_ := f();"), StatementKind::Receive { .. }));
    assert!(matches!(one("$a := f();"), StatementKind::Assign { .. }));
    assert_eq!(told("$a, $b := f() + f();"), ["KF0106 f() + f()"]);
}

#[test]
fn the_parts_of_an_if_are_one_list() {
    let text = "if $a { f(); } elseif $b {} else if $c { f(); f(); } else { g(); };";
    let StatementKind::If { branches, otherwise } = one(text) else { panic!() };
    let sizes: Vec<usize> = branches.iter().map(|branch| branch.body.len()).collect();
    assert_eq!((sizes, otherwise.map(|body| body.len())), (vec![1, 0, 2], Some(1)));
    assert_eq!(body("if ($a) { } if ($b) OR $c { }; f();").len(), 3);
}

#[test]
fn a_loop_goes_over_what_stands_after_in() {
    let source = |text: &str| match one(&format!("for $x in {text} {{ f(); }}")) {
        StatementKind::For { source, body, .. } if body.len() == 1 => source,
        other => panic!("{text}: {other:?}"),
    };
    for text in
        ["1..10", "1 .. 10", "$a..$b", "f(x[1])..length($y)", "$r.low..$r.high", "1.5::int..2", "-1..+1"]
    {
        assert!(matches!(source(text), ForSource::Range { .. }), "{text}");
    }
    for text in ["array $a", "array f()", "$a", "[1, 2]", "ARRAY[1]", "$a[1:2]", "$r.list", "f() || g()"] {
        assert!(matches!(source(text), ForSource::Array(_)), "{text}");
    }
    for text in ["SELECT 1", "WITH a AS (SELECT 1) SELECT * FROM a", "(SELECT 1)"] {
        assert!(matches!(source(text), ForSource::Query(_)), "{text}");
    }
    for text in ["f()", "ens.f($a, (1))", "ens . f()"] {
        assert!(matches!(source(text), ForSource::Call(_)), "{text}");
    }
}

#[test]
fn an_action_returns_values_a_row_or_a_query() {
    assert_eq!(one("return;"), StatementKind::Return(Vec::new()));
    assert!(matches!(one("return $a, (SELECT 1);"), StatementKind::Return(list) if list.len() == 2));
    assert!(matches!(one("return next $a, 1;"), StatementKind::ReturnNext(list) if list.len() == 2));
    assert!(matches!(one("return SELECT 1;"), StatementKind::ReturnQuery(_)));
    assert!(matches!(one("RETURN WITH a AS ens.f() SELECT * FROM a;"), StatementKind::ReturnQuery(_)));
    assert_eq!(told("return INSERT INTO t VALUES (1);"), ["KF0106 INSERT"]);
}

#[test]
fn a_statement_spans_all_but_its_semicolon() {
    let text = "$x  int := 1 ; if $a { f(); } ; break;";
    let whole = format!("database a;\naction a() {{ {text} }}");
    let spans: Vec<String> = body(text).iter().map(|one| whole[one.span.range()].to_owned()).collect();
    assert_eq!(spans, ["$x  int := 1", "if $a { f(); }", "break"]);
}

#[test]
fn words_of_statements_are_names_elsewhere() {
    let text = "SELECT if, for, in, return FROM next WHERE break = 1 AND else = 2;";
    let text = text.replace("for, in, ", "").replace("else", "elseif");
    assert!(matches!(one(&text), StatementKind::Query(_)));
    assert!(matches!(one("if.f();"), StatementKind::Call(_)));
    assert!(matches!(one("$if := $for.next;"), StatementKind::Assign { .. }));
}

#[test]
fn a_fault_costs_its_statement_and_no_other() {
    let (action, said) = read("if $a { $x := 1 +; f(); } for $i in { g(); } if { h(); } return 2;");
    assert_eq!(said, ["KF0106 ", "KF0106 {", "KF0106 {"]);
    assert!(action.incomplete);
    let StatementKind::If { branches, .. } = &action.body[0].kind else { panic!() };
    assert_eq!(action.body.len(), 2);
    let [StatementKind::Faulty { variables }, StatementKind::Call(_)] =
        [&branches[0].body[0].kind, &branches[0].body[1].kind]
    else {
        panic!()
    };
    assert_eq!(variables.len(), 1);
}

#[test]
fn a_declared_variable_is_kept_without_its_faulty_value() {
    let (action, said) = read("$x int := (1 +);");
    assert_eq!((said.len(), action.incomplete), (1, true));
    assert!(matches!(action.body[0].kind, StatementKind::Declare { value: None, .. }));
}

#[test]
fn statements_inside_others_count_too() {
    let inner = "f(); ".repeat(1000);
    assert_eq!(
        told(&format!("if $a {{ {inner} }} else {{ {} }}", "f(); ".repeat(999))),
        Vec::<String>::new()
    );
    assert_eq!(told(&format!("if $a {{ {inner} }} else {{ {inner} }}")), ["KF0132 a"]);
}

#[test]
fn blocks_nest_as_deep_as_brackets() {
    let nested = |depth: usize| format!("{}f();{}", "if $a { ".repeat(depth), " }".repeat(depth));
    assert_eq!(told(&nested(62)), Vec::<String>::new());
    assert_eq!(told(&nested(64)), ["KF0131 {"]);
}

#[test]
fn what_lacks_its_semicolon_ends_at_the_next_statement() {
    let lines =
        "$a int\n$b := 1\nf($a)\n$b = 2\n$l[1] := 3\nif $a { }\nbreak\nreturn $b\nens.f()\nDELETE FROM t\n";
    assert_eq!(told(lines).len(), 9);
    assert_eq!(body("$a := f(\n$b\n);\n$a := 1 +\n f(2);\n$a := $b AND\n $c = 1;").len(), 3);
}
