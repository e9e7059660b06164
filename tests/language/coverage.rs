//! Every function and every form of the language has a case in the corpus that runs, with what it must give.
//!
//! A form counts where a call written in a case reaches it; a function, an operator or another part of an expression
//! only where that call says what comes of it.

mod expressions;
mod statements;

use std::collections::{BTreeMap, BTreeSet};

use crate::support::corpus::{Case, cases};
use kuneiform::hir::walk::{self, Node};
use kuneiform::hir::{Action, Callee, Program};
use kuneiform::language::functions::{self, Function};
use kuneiform::language::{ContextValue, Name};
use kuneiform::syntax::ast::{Ast, Item, Statement};
use kuneiform::{Options, Owner};

/// What the calls of the corpus reach.
#[derive(Default)]
struct Reached {
    statements: BTreeSet<&'static str>,
    expressions: BTreeSet<String>,
    functions: BTreeSet<String>,
}

/// The actions a case calls by name, with whether some call of each says what comes of it.
fn called(case: &Case) -> BTreeMap<Name, bool> {
    let mut called = BTreeMap::new();
    let mut lines = case.text.lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        let Some(call) = line.strip_prefix("//> call ") else { continue };
        let target = call.split('(').next().unwrap();
        let action = target.rsplit('.').next().unwrap();
        let told =
            lines.peek().is_some_and(|line| ["//=", "//!", "//~"].iter().any(|mark| line.starts_with(mark)));
        *called.entry(Name::new(action)).or_default() |= told;
    }
    called
}

/// The actions that run when `first` does.
fn run_with<'p>(program: &'p Program, first: Callee, found: &mut Vec<(Callee, &'p Action)>) {
    let Some(schema) = program.schema(&first.dbid) else { return };
    let Some(action) = schema.action(&first.action) else { return };
    if found.iter().any(|(_, known)| std::ptr::eq(*known, action)) {
        return;
    }
    let mut next = Vec::new();
    walk::body(action, &mut |node| {
        if let Some(callee) = node.callee() {
            next.push(callee);
        }
        if let Node::Expr(expr) = node
            && let kuneiform::hir::ExprKind::Call { callee, .. } = &expr.kind
        {
            next.push(callee);
        }
    });
    found.push((first, action));
    for callee in next {
        run_with(program, callee.clone(), found);
    }
}

/// The statements of an action as its author wrote them.
fn written<'a>(asts: &'a [Ast], program: &Program, callee: &Callee) -> &'a [Statement] {
    let source = program.schema(&callee.dbid).unwrap().source;
    let items = asts.iter().filter(|ast| ast.source == source).flat_map(|ast| &ast.items);
    let mut named = items.filter_map(|item| match item {
        Item::Action(action) if action.name.name == callee.action => Some(action.body.as_slice()),
        _ => None,
    });
    named.next().unwrap_or_default()
}

const OPERATORS: &[&str] = &[
    "OR",
    "AND",
    "=",
    "<>",
    "<",
    "<=",
    ">",
    ">=",
    "||",
    "+",
    "-",
    "*",
    "/",
    "%",
    "^",
    "prefix Minus",
    "prefix Plus",
    "prefix Not",
];

fn reach(case: &Case, reached: &mut Reached) {
    let owner = case.text.contains(" owner").then(|| Owner("0x0a".into()));
    let checked = case.check(&Options { owner, ..Options::default() });
    let program = checked.program().unwrap();
    let own = program.schemas.iter().find(|schema| schema.name.as_str() == case.schema()).unwrap();
    for (action, told) in called(case) {
        let mut run = Vec::new();
        run_with(program, Callee { dbid: own.dbid.clone(), action }, &mut run);
        for (callee, action) in run {
            statements::of(written(checked.asts(), program, &callee), &mut reached.statements);
            if told {
                expressions::of(action, &mut reached.expressions);
                expressions::functions(action, &mut |function, count| {
                    reached.functions.insert(signature(function, count));
                });
            }
        }
    }
}

/// A function by its name and what it takes, since several share a name, with a number of arguments.
fn signature(function: &Function, count: usize) -> String {
    format!("{}{:?} of {count}", function.name, function.arguments)
}

/// The numbers of arguments to try a function with: each it takes, and where there is no most, one more than the least.
fn counts(function: &Function) -> std::ops::RangeInclusive<usize> {
    let (least, most) = function.arity();
    least..=most.unwrap_or(least + 1)
}

#[test]
fn everything_has_a_case_that_runs() {
    let mut reached = Reached::default();
    cases().iter().for_each(|case| reach(case, &mut reached));
    let mut missing: Vec<String> = Vec::new();
    let mut want = |what: &str, name: String, found: bool| {
        if !found {
            missing.push(format!("{what} {name}"));
        }
    };
    let known =
        |part: &str| part.starts_with('@') || OPERATORS.contains(&part) || expressions::ALL.contains(&part);
    let unknown: Vec<_> = reached.expressions.iter().filter(|part| !known(part)).collect();
    assert!(unknown.is_empty(), "not in the lists of this test: {unknown:?}");
    assert!(reached.statements.iter().all(|form| statements::ALL.contains(form)));
    for form in statements::ALL {
        want("statement", (*form).to_owned(), reached.statements.contains(form));
    }
    for form in expressions::ALL {
        want("expression", (*form).to_owned(), reached.expressions.contains(*form));
    }
    for operator in OPERATORS {
        want("operator", (*operator).to_owned(), reached.expressions.contains(*operator));
    }
    for value in ContextValue::ALL {
        let name = format!("@{}", value.word());
        want("context value", name.clone(), reached.expressions.contains(&name));
    }
    for function in functions::all() {
        for count in counts(function) {
            let signature = signature(function, count);
            want("function", signature.clone(), reached.functions.contains(&signature));
        }
    }
    assert!(missing.is_empty(), "no run of the corpus covers\n{}", missing.join("\n"));
}
