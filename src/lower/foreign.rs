//! What stands for a foreign procedure. The registry finds and checks the action that is meant; its function is all of
//! the command that is not known before.
//!
//! ```sql
//! RETURN QUERY EXECUTE pg_catalog.format('SELECT * FROM %s($1, $2)',
//!   kf.foreign_action('shop', 'owner_of', "$_dbid", "$_action", 'text', 'table(owner text)', false))
//!   USING ROW(..)::kf.ctx, "$name";
//! ```

use std::collections::BTreeMap;

use super::action::{TOO_DEEP, parameters, result, too_deep};
use super::context::{DEPTH, field, one_more};
use super::facts::Facts;
use super::names;
use super::statement::{raise, when};
use crate::hir::foreign::{TARGET, declared_name};
use crate::hir::{Action, Origin, Schema};
use crate::interface::Returns;
use crate::language::{ContextValue, Name, limits};
use crate::pg::{
    self, Call, Command, Expr, Function, Ident, Namespace, Parameter, PlStatement, PlStatementKind, Severity,
    Type, Volatility,
};

/// The functions of the foreign procedures that some action calls.
pub(super) fn functions(schema: &Schema, facts: &BTreeMap<Name, Facts>) -> Vec<(Name, Function)> {
    let is_called = |stub: &&Action| {
        let mut calls = facts.values().flat_map(|facts| &facts.calls);
        calls.any(|call| call.dataset == schema.dbid && call.action == stub.name)
    };
    let stubs = schema.actions.iter().filter(|action| action.origin == Origin::Foreign).filter(is_called);
    stubs.map(|stub| (stub.name.clone(), function(schema, stub))).collect()
}

fn function(schema: &Schema, stub: &Action) -> Function {
    let message =
        format!("calls through `{}` are more than {} deep", declared_name(&stub.name), limits::CALL_DEPTH);
    let refusal = raise(Severity::Exception, TOO_DEEP, Expr::Text(message));
    let result = result(&stub.signature.returns);
    let mut body = vec![when(too_deep(), refusal, stub.name_span)];
    body.extend(run(command(schema, stub), &result));
    Function {
        name: names::qualified_function(&schema.dbid, &stub.name),
        parameters: parameters(stub),
        variables: variables(&result),
        result,
        volatility: Volatility::Volatile,
        body: body.into_iter().map(|kind| PlStatement { kind, span: stub.name_span }).collect(),
        span: stub.span,
    }
}

/// Where a lone value goes between the command and RETURN.
fn value() -> Ident {
    Ident::new("@value")
}

fn variables(result: &pg::Result) -> Vec<Parameter> {
    match result {
        pg::Result::Value(ty) => vec![Parameter { name: value(), ty: ty.clone() }],
        _ => Vec::new(),
    }
}

/// Runs the command and gives back what it gives.
fn run(command: Command, result: &pg::Result) -> Vec<PlStatementKind> {
    let names = |columns: &[Parameter]| columns.iter().map(|column| column.name.clone()).collect();
    match result {
        pg::Result::Void => vec![PlStatementKind::Execute { command, into: Vec::new() }],
        pg::Result::Value(_) => vec![
            PlStatementKind::Execute { command, into: vec![value()] },
            PlStatementKind::ReturnValue(Expr::Variable(value())),
        ],
        pg::Result::Row(columns) => vec![PlStatementKind::Execute { command, into: names(columns) }],
        pg::Result::Set(_) => vec![PlStatementKind::ReturnExecute(command)],
        pg::Result::Table(columns) => {
            // Tools take a column for forgotten that only SQL they cannot see gives a value to.
            let clear = |column: &Parameter| PlStatementKind::Assign {
                target: column.name.clone(),
                value: Expr::Null,
            };
            let mut statements: Vec<PlStatementKind> = columns.iter().map(clear).collect();
            statements.push(PlStatementKind::ReturnExecute(command));
            statements
        }
    }
}

fn command(schema: &Schema, stub: &Action) -> Command {
    let arguments = stub.locals.iter().skip(TARGET);
    let arguments = arguments.map(|local| Expr::Variable(names::variable(&local.name)));
    let using: Vec<Expr> = std::iter::once(context(schema)).chain(arguments).collect();
    let numbers: Vec<String> = (1..=using.len()).map(|number| format!("${number}")).collect();
    let shape = Expr::Text(format!("SELECT * FROM %s({})", numbers.join(", ")));
    let format = Call::plain(Namespace::Catalog, "format", vec![shape, target(schema, stub)]);
    Command { text: Expr::Call(Box::new(format)), using }
}

/// `ROW(("@ctx").caller, .., 'shop', ("@ctx").depth + 1)::kf.ctx`
fn context(schema: &Schema) -> Expr {
    let own = Expr::Text(schema.dbid.as_str().to_owned());
    let value = |value: &ContextValue| match value {
        ContextValue::ForeignCaller => own.clone(),
        value => field(value.word()),
    };
    let mut fields: Vec<Expr> = ContextValue::ALL.iter().map(value).collect();
    fields.push(one_more(field(DEPTH)));
    Expr::Cast(Box::new(Expr::Row(fields)), Type::Context)
}

/// `kf.foreign_action('shop', 'owner_of', "$_dbid", "$_action", 'text', '(owner text)', false)`
fn target(schema: &Schema, stub: &Action) -> Expr {
    let signature = &stub.signature;
    let types = signature.parameters.iter().skip(TARGET).map(|parameter| parameter.ty.to_string());
    let types: Vec<String> = types.collect();
    let named = stub.locals.iter().take(TARGET).map(|local| Expr::Variable(names::variable(&local.name)));
    let mut arguments =
        vec![Expr::Text(schema.name.to_string()), Expr::Text(declared_name(&stub.name).to_owned())];
    arguments.extend(named);
    arguments.push(Expr::Text(types.join(", ")));
    arguments.push(Expr::Text(shape(&signature.returns)));
    arguments.push(Expr::Bool(signature.modifiers.view));
    Expr::Call(Box::new(Call::plain(Namespace::Kf, "foreign_action", arguments)))
}

/// `nothing`, `(int, text)`, `table(id int, name text)`: what `kf.foreign_action` makes of an interface.
fn shape(returns: &Returns) -> String {
    match returns {
        Returns::Nothing => "nothing".to_owned(),
        Returns::Row(columns) => {
            let types: Vec<String> = columns.iter().map(|column| column.ty.to_string()).collect();
            format!("({})", types.join(", "))
        }
        Returns::Table(columns) => {
            let columns = columns.iter().map(|column| format!("{} {}", column.name, column.ty));
            format!("table({})", columns.collect::<Vec<_>>().join(", "))
        }
    }
}
