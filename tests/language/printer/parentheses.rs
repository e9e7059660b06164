//! Random trees: PostgreSQL must read the printed text as the tree it was made of. It says how it read an expression
//! in the definition of a view, every operator in parentheses. The reference is the same tree with every operand
//! behind `COALESCE(..)`, which leaves nothing to precedence.

use kuneiform::deploy::connect::Session;
use kuneiform::pg::print::expression;
use kuneiform::pg::{Branch, Call, Expr, Ident, Namespace, Type};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::support::{block_on, empty_database, session};

const TREES: usize = 600;

fn column(name: &str) -> Expr {
    Expr::Column { relation: Ident::new("t"), column: Ident::new(name) }
}

fn boxed(expr: Expr) -> Box<Expr> {
    Box::new(expr)
}

fn binary(operator: &'static str, left: Expr, right: Expr) -> Expr {
    Expr::Binary { operator, left: boxed(left), right: boxed(right) }
}

/// Random trees of one depth: of type int8, boolean and text.
struct Trees {
    int: BoxedStrategy<Expr>,
    bool: BoxedStrategy<Expr>,
    text: BoxedStrategy<Expr>,
}

fn leaves() -> Trees {
    let number = prop_oneof![Just("0"), Just("7"), Just("-5"), Just("2")];
    Trees {
        int: prop_oneof![
            Just(column("i")),
            Just(column("j")),
            number.prop_map(|digits| Expr::Number(digits.to_owned()))
        ]
        .boxed(),
        bool: prop_oneof![Just(column("b")), Just(column("c")), Just(Expr::Bool(true))].boxed(),
        text: prop_oneof![Just(column("s")), Just(Expr::Text("x".to_owned()))].boxed(),
    }
}

fn deeper(below: &Trees) -> Trees {
    let (int, bool, text) = (&below.int, &below.bool, &below.text);
    Trees {
        int: prop_oneof![1 => int.clone(), 4 => ints(int, bool)].boxed(),
        bool: prop_oneof![1 => bool.clone(), 3 => tests(int, bool, text), 3 => logic(bool, int)].boxed(),
        text: prop_oneof![1 => text.clone(), 3 => texts(int, text)].boxed(),
    }
}

fn ints(int: &BoxedStrategy<Expr>, bool: &BoxedStrategy<Expr>) -> BoxedStrategy<Expr> {
    let operator = prop_oneof![Just("+"), Just("-"), Just("*"), Just("/"), Just("%")];
    let negate = |operand: Expr| match operand {
        Expr::Number(_) => operand,
        _ => Expr::Unary { operator: "-", operand: boxed(operand) },
    };
    let power = |(left, right)| Expr::Cast(boxed(binary("^", left, right)), Type::Int8);
    let case = |(condition, value, otherwise)| Expr::Case {
        operand: None,
        branches: vec![Branch { condition, value }],
        otherwise: Some(boxed(otherwise)),
    };
    prop_oneof![
        4 => (operator, int.clone(), int.clone()).prop_map(|(sign, left, right)| binary(sign, left, right)),
        2 => int.clone().prop_map(negate),
        1 => (int.clone(), int.clone()).prop_map(power),
        1 => int.clone().prop_map(|operand| Expr::Cast(boxed(operand), Type::Int8)),
        1 => (bool.clone(), int.clone(), int.clone()).prop_map(case),
        1 => int.clone().prop_map(|index| Expr::Index { array: boxed(column("a")), index: boxed(index) }),
        1 => (int.clone(), int.clone()).prop_map(|(element, index)| Expr::Index {
            array: boxed(Expr::Array(vec![element])),
            index: boxed(index)
        }),
    ]
    .boxed()
}

fn texts(int: &BoxedStrategy<Expr>, text: &BoxedStrategy<Expr>) -> BoxedStrategy<Expr> {
    prop_oneof![
        3 => (text.clone(), text.clone()).prop_map(|(left, right)| binary("||", left, right)),
        1 => text.clone().prop_map(|operand| Expr::CollateC(boxed(operand))),
        2 => int.clone().prop_map(|operand| Expr::Cast(boxed(operand), Type::Text)),
    ]
    .boxed()
}

fn tests(
    int: &BoxedStrategy<Expr>,
    bool: &BoxedStrategy<Expr>,
    text: &BoxedStrategy<Expr>,
) -> BoxedStrategy<Expr> {
    let comparison = || prop_oneof![Just("="), Just("<>"), Just("<"), Just(">=")];
    let compared = |of: &BoxedStrategy<Expr>| {
        (comparison(), of.clone(), of.clone()).prop_map(|(sign, left, right)| binary(sign, left, right))
    };
    let between = |(operand, low, high, negated)| Expr::Between {
        operand: boxed(operand),
        low: boxed(low),
        high: boxed(high),
        negated,
    };
    let like = |(operand, pattern, negated)| Expr::Like {
        operand: boxed(operand),
        pattern: boxed(pattern),
        escape: None,
        negated,
    };
    let in_list = |(operand, list, negated)| Expr::InList { operand: boxed(operand), list, negated };
    let any_of = |(operator, left)| Expr::Quantified {
        operator,
        all: false,
        left: boxed(left),
        array: boxed(column("a")),
    };
    prop_oneof![
        compared(int),
        compared(text),
        compared(bool),
        (int.clone(), int.clone(), int.clone(), any::<bool>()).prop_map(between),
        (bool.clone(), bool.clone(), bool.clone(), any::<bool>()).prop_map(between),
        (text.clone(), text.clone(), text.clone(), any::<bool>()).prop_map(between),
        (text.clone(), text.clone(), any::<bool>()).prop_map(like),
        (int.clone(), proptest::collection::vec(int.clone(), 1..3), any::<bool>()).prop_map(in_list),
        (bool.clone(), proptest::collection::vec(bool.clone(), 1..3), any::<bool>()).prop_map(in_list),
        (comparison(), int.clone()).prop_map(any_of),
    ]
    .boxed()
}

fn logic(bool: &BoxedStrategy<Expr>, int: &BoxedStrategy<Expr>) -> BoxedStrategy<Expr> {
    let pair = || proptest::collection::vec(bool.clone(), 2..4);
    let what = prop_oneof![Just("NULL"), Just("NOT NULL"), Just("TRUE"), Just("NOT FALSE")];
    let distinct =
        |(left, right, negated)| Expr::IsDistinct { left: boxed(left), right: boxed(right), negated };
    prop_oneof![
        2 => pair().prop_map(and),
        2 => pair().prop_map(or),
        1 => bool.clone().prop_map(|operand| Expr::Unary { operator: "NOT", operand: boxed(operand) }),
        1 => (bool.clone(), what).prop_map(|(operand, what)| Expr::Is { operand: boxed(operand), what }),
        1 => (int.clone(), int.clone(), any::<bool>()).prop_map(distinct),
        1 => (bool.clone(), bool.clone(), any::<bool>()).prop_map(distinct),
    ]
    .boxed()
}

/// AND is associative and printed so; nested ANDs are one AND here, as they are for PostgreSQL.
fn and(all: Vec<Expr>) -> Expr {
    let flat = |expr| match expr {
        Expr::And(inner) => inner,
        other => vec![other],
    };
    Expr::And(all.into_iter().flat_map(flat).collect())
}

fn or(all: Vec<Expr>) -> Expr {
    let flat = |expr| match expr {
        Expr::Or(inner) => inner,
        other => vec![other],
    };
    Expr::Or(all.into_iter().flat_map(flat).collect())
}

/// The same tree with every operand behind a call.
fn armoured(expr: &Expr) -> Expr {
    let arm = |expr: &Expr| match expr {
        Expr::Column { .. } => expr.clone(),
        _ => Expr::Call(Box::new(Call::plain(Namespace::Grammar, "COALESCE", vec![armoured(expr)]))),
    };
    let one = |expr: &Expr| boxed(arm(expr));
    let all = |list: &[Expr]| list.iter().map(arm).collect::<Vec<Expr>>();
    match expr.clone() {
        Expr::Unary { operator, operand } => Expr::Unary { operator, operand: one(&operand) },
        Expr::Binary { operator, left, right } => {
            Expr::Binary { operator, left: one(&left), right: one(&right) }
        }
        Expr::And(list) => Expr::And(all(&list)),
        Expr::Or(list) => Expr::Or(all(&list)),
        Expr::Is { operand, what } => Expr::Is { operand: one(&operand), what },
        Expr::IsDistinct { left, right, negated } => {
            Expr::IsDistinct { left: one(&left), right: one(&right), negated }
        }
        Expr::Between { operand, low, high, negated } => {
            Expr::Between { operand: one(&operand), low: one(&low), high: one(&high), negated }
        }
        Expr::Like { operand, pattern, escape, negated } => {
            Expr::Like { operand: one(&operand), pattern: one(&pattern), escape, negated }
        }
        Expr::InList { operand, list, negated } => {
            Expr::InList { operand: one(&operand), list: all(&list), negated }
        }
        Expr::Quantified { operator, all, left, array } => {
            Expr::Quantified { operator, all, left: one(&left), array }
        }
        Expr::Case { operand, branches, otherwise } => Expr::Case {
            operand,
            branches: branches
                .iter()
                .map(|branch| Branch { condition: arm(&branch.condition), value: arm(&branch.value) })
                .collect(),
            otherwise: otherwise.map(|expr| one(&expr)),
        },
        Expr::Cast(operand, ty) => Expr::Cast(one(&operand), ty),
        Expr::CollateC(operand) => Expr::CollateC(one(&operand)),
        Expr::Array(elements) => Expr::Array(all(&elements)),
        Expr::Index { array, index } => Expr::Index { array: one(&array), index: one(&index) },
        leaf => leaf,
    }
}

/// A definition, read: words, and what is one operand whether or not it stands in parentheses.
#[derive(PartialEq, Eq, Debug, Clone)]
enum Tree {
    Word(String),
    Group(Vec<Tree>),
}

fn word(text: &str) -> Tree {
    Tree::Word(text.to_owned())
}

type Tokens = std::vec::IntoIter<String>;

/// Reads up to the closing word that matches. Groups of one are that one, and so is COALESCE of one; a subscript and a
/// cast belong to what they follow.
fn read(tokens: &mut Tokens) -> Vec<Tree> {
    let mut all: Vec<Tree> = Vec::new();
    while let Some(token) = tokens.next() {
        match token.as_str() {
            ")" | "]" | "END" => return all,
            "(" => {
                if all.last() == Some(&word("COALESCE")) {
                    all.pop();
                }
                all.push(group(read(tokens)));
            }
            "[" => {
                let array = all.pop().unwrap();
                let index = group(read(tokens));
                all.push(Tree::Group(vec![array, word("["), index]));
            }
            "::" => {
                let operand = all.pop().unwrap();
                let ty = tokens.next().unwrap();
                all.push(Tree::Group(vec![operand, word("::"), Tree::Word(ty)]));
            }
            "CASE" => all.push(Tree::Group([vec![word("CASE")], read(tokens)].concat())),
            _ => all.push(Tree::Word(token)),
        }
    }
    all
}

fn group(mut inside: Vec<Tree>) -> Tree {
    if inside.len() == 1 { inside.remove(0) } else { Tree::Group(inside) }
}

fn normal(text: &str) -> Vec<Tree> {
    let mut spaced = text.replace("double precision", "float8").replace(';', " ");
    for mark in ["(", ")", "[", "]", ",", "::"] {
        spaced = spaced.replace(mark, &format!(" {mark} "));
    }
    let tokens: Vec<String> = spaced.split_whitespace().map(str::to_owned).collect();
    read(&mut tokens.into_iter())
}

async fn read_by_postgres(session: &Session, name: &str, expr: &Expr) -> String {
    let text = expression(expr);
    assert!(!text.contains("--"), "{text}");
    let sql = format!("CREATE VIEW public.{name} AS SELECT {text} AS v FROM public.t");
    session.client.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{text}\n{error:?}"));
    let sql = format!("SELECT pg_get_viewdef('public.{name}'::regclass, false)");
    session.client.query_one(&sql, &[]).await.unwrap().get(0)
}

#[test]
fn the_tree_decides_not_the_text() {
    let trees = (0..4).fold(leaves(), |below, _| deeper(&below));
    let any = prop_oneof![trees.int, trees.bool, trees.text];
    let mut runner = TestRunner::deterministic();
    block_on(async {
        let session = session(&empty_database().await).await;
        let table = "CREATE TABLE public.t (i int8, j int8, s text, b boolean, c boolean, a int8[])";
        session.client.batch_execute(table).await.unwrap();
        for number in 0..TREES {
            let tree = any.new_tree(&mut runner).unwrap().current();
            let printed = read_by_postgres(&session, &format!("v{number}"), &tree).await;
            let meant = read_by_postgres(&session, &format!("m{number}"), &armoured(&tree)).await;
            assert_eq!(normal(&printed), normal(&meant), "{}\n{printed}\n{meant}", expression(&tree));
        }
    });
}
