//! Tests: functions that do what a test says, and tell whoever calls them what they found. What was expected is judged
//! there, so that all of it can be shown.
//!
//! ```sql
//! "@found" := '{}'; "@wanted" := '{}';
//! FOR "$_row.id" IN SELECT .. LOOP
//!   "@found" := array_append("@found", jsonb_build_array("$_row.id"::text)::text);
//! END LOOP;
//! "@wanted" := array_append("@wanted", jsonb_build_array('n1'::text)::text);
//! RAISE NOTICE USING ERRCODE = 'KFT00', MESSAGE =
//!   jsonb_build_object('expectation', 0, 'found', to_jsonb("@found"), 'wanted', to_jsonb("@wanted"))::text;
//! ```

use super::context::{DEPTH, field};
use super::statement::{Scope, raise, statements, when};
use super::ty::cast_type;
use super::{action, expression, frame};
use crate::hir::{self, Expr, Program, Schema, Test, TestStep};
use crate::interface::{BodyLine, Expectation, Options, Point, Test as Made};
use crate::language::{ContextValue, Type};
use crate::pg::{
    self, Call, Function, Ident, Namespace, Parameter, PlStatement, PlStatementKind, Severity, Volatility,
};
use crate::source::{SourceId, Sources, Span, Unit};

/// What tells of an expectation.
pub const TOLD: &str = "KFT00";

/// Lowers and prints the tests of every schema that is not only imported, in the order of the program.
pub fn tests(program: &Program, sources: &Sources, options: &Options) -> Vec<Made> {
    let all = program.emitted().flat_map(|schema| schema.tests.iter().map(move |test| (schema, test)));
    all.filter_map(|(schema, test)| one(program, schema, test, sources, options)).collect()
}

/// What the functions of every schema that is not only imported tell that they come through, with the files they are
/// in; nothing unless `options.coverage`.
pub fn points(program: &Program, sources: &Sources, options: &Options) -> Vec<(SourceId, Point)> {
    let datasets = super::lower(program, options);
    let made = program.emitted().zip(datasets);
    let all =
        made.flat_map(|(schema, dataset)| dataset.points.into_iter().map(move |it| (schema.source, it)));
    let placed = |(id, point): (SourceId, Point)| {
        let source = sources.get(id)?;
        let place = source.lines.place(&source.text, point.at.start as usize, Unit::Chars);
        let at = BodyLine { line: place.line, column: place.column, ..point.at };
        Some((id, Point { at, ..point }))
    };
    all.filter_map(placed).collect()
}

fn one(
    program: &Program,
    schema: &Schema,
    test: &Test,
    sources: &Sources,
    options: &Options,
) -> Option<Made> {
    let source = sources.get(test.title_span.source)?;
    let function = function(program, schema, test, options);
    let printed = pg::print::item(&pg::Item::Function(function.clone()));
    let place = |body: u32, span: Span| {
        let place = source.lines.place(&source.text, span.start as usize, Unit::Chars);
        BodyLine { body, line: place.line, column: place.column, start: span.start, end: span.end }
    };
    let expectation = |it: &hir::Expectation| Expectation { kind: it.kind.clone(), at: place(0, it.span) };
    Some(Made {
        title: test.title.clone(),
        schema: schema.name.clone(),
        dbid: schema.dbid.clone(),
        path: source.path.clone(),
        at: place(0, test.title_span),
        function: function.name.to_string(),
        sql: printed.text,
        lines: printed.lines.iter().map(|(at, span)| place(*at, *span)).collect(),
        expectations: test.expectations.iter().map(expectation).collect(),
    })
}

/// What a function that is covered tells of each point it comes through.
pub const HIT: &str = "KFT01";

/// The function of a test.
fn function(program: &Program, schema: &Schema, test: &Test, options: &Options) -> Function {
    let unit = frame::Unit::new(program, options, &test.action);
    let mut function = action::function(&unit, schema, &test.action);
    let text = |name: Ident| Parameter { name, ty: pg::Type::Text };
    let list = |name: Ident| Parameter { name, ty: pg::Type::Array(Box::new(pg::Type::Text)) };
    function.volatility = Volatility::Volatile;
    function.variables.extend([list(found()), list(wanted()), text(state()), text(message()), text(trace())]);
    function
}

/// The statements of one step.
pub(super) fn lower(scope: Scope<'_>, step: &TestStep, made: &mut Vec<PlStatement>, span: Span) {
    let mut push = |kind| made.push(PlStatement { kind, span });
    match step {
        TestStep::Set { value, to } => set(scope, *value, to).into_iter().for_each(push),
        TestStep::Begin => [found(), wanted()].into_iter().for_each(|list| push(assign(list, no_rows()))),
        TestStep::Found(values) => push(append(scope, found(), values)),
        TestStep::Wanted(values) => push(append(scope, wanted(), values)),
        TestStep::Tell(expectation) => {
            let lists = [("found", found()), ("wanted", wanted())];
            let lists = lists.map(|(key, list)| (key, catalog("to_jsonb", vec![pg::Expr::Variable(list)])));
            push(tell(*expectation, lists));
            push(assign(wanted(), no_rows()));
        }
        TestStep::Holds { expectation, condition, sides } => {
            let condition = scope.value(|at| expression::lower(at, condition));
            let fails = pg::Expr::Is { operand: Box::new(condition), what: "NOT TRUE" };
            let sides = row(scope, sides);
            push(when(fails, tell(*expectation, [("sides", sides)]), span));
        }
        TestStep::Fails { expectation, body } => {
            push(assign(state(), pg::Expr::Null));
            let body = statements(scope, body);
            push(PlStatementKind::Catch { body, state: state(), message: message(), context: trace() });
            let told = [("state", state()), ("message", message()), ("context", trace())];
            push(tell(*expectation, told.map(|(key, name)| (key, pg::Expr::Variable(name)))));
        }
    }
}

/// `"@ctx" := ROW(..)::kf.ctx`, with one field another. A caller who is another signs for himself:
/// `"@state" := e;` first, because it is read three times.
fn set(scope: Scope<'_>, value: ContextValue, to: &Expr) -> Vec<PlStatementKind> {
    let to = scope.value(|at| expression::lower(at, to));
    let mut fields: Vec<pg::Expr> = ContextValue::ALL.iter().map(|known| field(known.word())).collect();
    fields.push(field(DEPTH));
    let mut put = |value: ContextValue, to: pg::Expr| {
        let place = ContextValue::ALL.iter().position(|known| *known == value);
        if let Some(place) = place.and_then(|place| fields.get_mut(place)) {
            *place = to;
        }
    };
    let mut made = Vec::new();
    if value == ContextValue::Caller {
        made.push(assign(state(), to));
        put(ContextValue::Caller, pg::Expr::Variable(state()));
        put(ContextValue::Signer, signer());
    } else {
        put(value, to);
    }
    let context = pg::Expr::Cast(Box::new(pg::Expr::Row(fields)), pg::Type::Context);
    made.push(assign(super::names::context(), context));
    made
}

/// What `0x..` spells, else the text: the bytes of the caller in `"@state"`.
/// `CASE WHEN "@state" ~ '..' THEN decode(substr("@state", 3), 'hex') ELSE convert_to("@state", 'UTF8') END`
fn signer() -> pg::Expr {
    let caller = || pg::Expr::Variable(state());
    let text = |text: &str| pg::Expr::Text(text.to_owned());
    let pattern = Box::new(text("^0[xX]([0-9a-fA-F]{2})*$"));
    let spells = pg::Expr::Binary { operator: "~", left: Box::new(caller()), right: pattern };
    let digits = catalog("substr", vec![caller(), pg::Expr::Number("3".to_owned())]);
    let spelled = pg::Branch { condition: spells, value: catalog("decode", vec![digits, text("hex")]) };
    let otherwise = Some(Box::new(catalog("convert_to", vec![caller(), text("UTF8")])));
    pg::Expr::Case { operand: None, branches: vec![spelled], otherwise }
}

fn append(scope: Scope<'_>, list: Ident, values: &[Expr]) -> PlStatementKind {
    let row = pg::Expr::Cast(Box::new(row(scope, values)), pg::Type::Text);
    assign(list.clone(), catalog("array_append", vec![pg::Expr::Variable(list), row]))
}

/// `jsonb_build_array(a::text, to_jsonb(b::text[]))`: every value in PostgreSQL's text form.
fn row(scope: Scope<'_>, values: &[Expr]) -> pg::Expr {
    let cell = |value: &Expr| {
        let typed = scope.value(|at| expression::lower(at, value));
        let typed = pg::Expr::Cast(Box::new(typed), cast_type(&value.ty));
        match &value.ty {
            Type::Array(_) => {
                let texts = pg::Type::Array(Box::new(pg::Type::Text));
                catalog("to_jsonb", vec![pg::Expr::Cast(Box::new(typed), texts)])
            }
            Type::Text => typed,
            _ => pg::Expr::Cast(Box::new(typed), pg::Type::Text),
        }
    };
    catalog("jsonb_build_array", values.iter().map(cell).collect())
}

/// `RAISE NOTICE` of a JSON object.
fn tell<const N: usize>(expectation: usize, facts: [(&str, pg::Expr); N]) -> PlStatementKind {
    let mut arguments =
        vec![pg::Expr::Text("expectation".to_owned()), pg::Expr::Number(expectation.to_string())];
    arguments.extend(facts.into_iter().flat_map(|(key, fact)| [pg::Expr::Text(key.to_owned()), fact]));
    let object = pg::Expr::Cast(Box::new(catalog("jsonb_build_object", arguments)), pg::Type::Text);
    raise(Severity::Notice, TOLD, object)
}

fn catalog(name: &str, arguments: Vec<pg::Expr>) -> pg::Expr {
    pg::Expr::Call(Box::new(Call::plain(Namespace::Catalog, name, arguments)))
}

fn assign(target: Ident, value: pg::Expr) -> PlStatementKind {
    PlStatementKind::Assign { target, value }
}

fn no_rows() -> pg::Expr {
    pg::Expr::Text("{}".to_owned())
}

/// No author can spell these.
fn found() -> Ident {
    Ident::new("@found")
}

fn wanted() -> Ident {
    Ident::new("@wanted")
}

fn state() -> Ident {
    Ident::new("@state")
}

fn message() -> Ident {
    Ident::new("@message")
}

fn trace() -> Ident {
    Ident::new("@context")
}
