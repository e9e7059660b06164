use super::layout::{Doc, render};
use super::query::{after_select, query, query_into, subquery};
use super::{Printed, control, ddl, dml, expression, literal};
use crate::pg::{
    Body, Command, Expr, Function, Ident, Parameter, PlStatement, PlStatementKind, Query, Result, Severity,
    Volatility,
};

/// CREATE FUNCTION
pub(super) fn function(function: &Function) -> Printed {
    function_with(function, &[])
}

/// CREATE FUNCTION, with the defaults of its parameters; those that are missing have none.
pub(super) fn function_with(function: &Function, defaults: &[Option<Expr>]) -> Printed {
    let Function { name, parameters, result, volatility, variables, body, span: _ } = function;
    let head = Doc::from(format!("CREATE FUNCTION {name}"))
        + signature(parameters, defaults, result)
        + Doc::Hard
        + "LANGUAGE plpgsql"
        + Doc::Hard
        + match volatility {
            Volatility::Stable => "STABLE SECURITY DEFINER",
            Volatility::Volatile => "VOLATILE SECURITY DEFINER",
        }
        + Doc::Hard
        + "SET search_path = pg_catalog, pg_temp"
        + Doc::Hard;
    let body = render(&block(variables, body));
    Printed {
        text: format!("{}AS {};", render(&head).text, literal::dollar_quoted(&body.text)),
        object: ddl::function_identity(name, parameters.iter().map(|parameter| &parameter.ty)),
        lines: body.marks,
    }
}

/// `("@ctx" kf.ctx, "$a" text)` and `RETURNS ..`; a row is made of OUT parameters.
fn signature(parameters: &[Parameter], defaults: &[Option<Expr>], result: &Result) -> Doc {
    let defaults = defaults.iter().map(Option::as_ref).chain(std::iter::repeat(None));
    let own = parameters.iter().zip(defaults).map(|(parameter, default)| match default {
        Some(default) => typed(parameter) + " DEFAULT " + expression::restricted(default),
        None => typed(parameter),
    });
    let parameters = |all: Vec<Doc>| Doc::list(all).parenthesised();
    let plain = |returns: Doc| parameters(own.clone().collect()) + Doc::Hard + returns;
    match result {
        Result::Void => plain("RETURNS void".into()),
        Result::Value(ty) => plain(format!("RETURNS {ty}").into()),
        Result::Set(ty) => plain(format!("RETURNS SETOF {ty}").into()),
        Result::Table(columns) => {
            plain(Doc::from("RETURNS TABLE ") + parameters(columns.iter().map(typed).collect()))
        }
        Result::Row(columns) => {
            let columns = columns.iter().map(|column| Doc::from("OUT ") + typed(column));
            parameters(own.clone().chain(columns).collect())
        }
    }
}

/// `"$a" text`
fn typed(Parameter { name, ty }: &Parameter) -> Doc {
    format!("{name} {ty}").into()
}

/// What stands between the dollar quotes. Output columns and columns of tables may share a name: columns win, and
/// parameters and variables begin with `$`, `@` or `#`, which no column does.
fn block(variables: &[Parameter], body: &[PlStatement]) -> Doc {
    let head = Doc::Hard + "#variable_conflict use_column" + declare(variables) + Doc::Hard + "BEGIN";
    head + statements(body).nest() + Doc::Hard + "END" + Doc::Hard
}

/// `DECLARE`, each variable on a line of its own; nothing without variables.
fn declare(variables: &[Parameter]) -> Doc {
    if variables.is_empty() {
        return Doc::empty();
    }
    let one = |variable: &Parameter| Doc::Hard + typed(variable) + ";";
    Doc::Hard + "DECLARE" + Doc::Many(variables.iter().map(one).collect()).nest()
}

/// Statements, each after a line break.
pub(super) fn statements(all: &[PlStatement]) -> Doc {
    let one = |PlStatement { kind, span }: &PlStatement| Doc::Hard + Doc::Mark(*span) + statement(kind) + ";";
    Doc::Many(all.iter().map(one).collect())
}

fn statement(kind: &PlStatementKind) -> Doc {
    match kind {
        PlStatementKind::PerformCall(call) => Doc::from("PERFORM ") + expression::call(call),
        PlStatementKind::PerformQuery(query) => perform(query),
        PlStatementKind::PerformValue(value) => Doc::from("PERFORM ") + expression::expression(value),
        PlStatementKind::SelectInto { targets, query } => select_into(targets, query),
        PlStatementKind::Assign { target, value } => {
            Doc::from(format!("{target} := ")) + expression::expression(value)
        }
        PlStatementKind::AssignElement { array, index, value } => {
            let element = Doc::from(format!("{array}[")) + expression::expression(index) + "]";
            element + " := " + expression::expression(value)
        }
        PlStatementKind::ReturnQuery(of) => Doc::from("RETURN QUERY") + (Doc::Line + query(of)).nest(),
        PlStatementKind::Execute { command, into } => execute("EXECUTE ", command, into),
        PlStatementKind::ReturnExecute(command) => execute("RETURN QUERY EXECUTE ", command, &[]),
        PlStatementKind::Insert(insert) => dml::insert(insert),
        PlStatementKind::Update(update) => dml::update(update),
        PlStatementKind::Delete(delete) => dml::delete(delete),
        PlStatementKind::If { branches, otherwise } => control::branches(branches, otherwise),
        PlStatementKind::ForRange { counter, low, high, body } => {
            control::for_range(counter, low, high, body)
        }
        PlStatementKind::ForEach { target, array, body } => control::for_each(target, array, body),
        PlStatementKind::ForQuery { targets, query, body } => control::for_query(targets, query, body),
        PlStatementKind::While { label, condition, body } => {
            control::while_loop(label.as_ref(), condition, body)
        }
        PlStatementKind::Exit { label, when } => control::exit(label.as_ref(), when.as_ref()),
        PlStatementKind::Continue => "CONTINUE".into(),
        PlStatementKind::GetRowCount { target } => format!("GET DIAGNOSTICS {target} = ROW_COUNT").into(),
        PlStatementKind::Raise { severity, sqlstate, message } => raise(*severity, sqlstate, message),
        PlStatementKind::Catch { body, state, message, context } => {
            control::catch(body, state, message, context)
        }
        PlStatementKind::Return => "RETURN".into(),
        PlStatementKind::ReturnValue(value) => Doc::from("RETURN ") + expression::expression(value),
        PlStatementKind::ReturnNext => "RETURN NEXT".into(),
    }
}

/// `"a", "b"`
pub(super) fn targets(targets: &[Ident]) -> Doc {
    Doc::list(targets.iter().map(|target| target.to_string().into()))
}

/// INTO stands behind the select list; a query that is no SELECT becomes a subquery.
fn select_into(into: &[Ident], of: &Query) -> Doc {
    let into = (Doc::from("INTO ") + targets(into).nest()).group();
    match &of.body {
        Body::Select(_) => query_into(of, into),
        _ => {
            Doc::from("SELECT \"q\".*") + Doc::Line + into + Doc::Line + "FROM " + subquery(of) + " AS \"q\""
        }
    }
}

/// PERFORM stands in the place of the first SELECT. A query that begins otherwise becomes a subquery, all columns of
/// which are asked for, so that none is left out by the planner.
fn perform(of: &Query) -> Doc {
    let Query { ctes, recursive: _, body, order_by, limit, offset } = of;
    let is_plain = ctes.is_empty() && order_by.is_empty() && limit.is_none() && offset.is_none();
    match body {
        Body::Select(select) if is_plain => Doc::from("PERFORM") + after_select(select, None),
        _ => Doc::from("PERFORM \"q\".* FROM ") + subquery(of) + " AS \"q\"",
    }
}

fn execute(head: &'static str, command: &Command, into: &[Ident]) -> Doc {
    let Command { text, using } = command;
    let head = Doc::from(head) + expression::expression(text);
    let head = if into.is_empty() { head } else { head + nested(Doc::from("INTO ") + targets(into)) };
    (head + nested(Doc::from("USING ") + Doc::list(using.iter().map(expression::expression)))).group()
}

fn raise(severity: Severity, sqlstate: &'static str, message: &Expr) -> Doc {
    let head = match severity {
        Severity::Exception => "RAISE EXCEPTION USING",
        Severity::Notice => "RAISE NOTICE USING",
    };
    let head = Doc::from(head) + nested(format!("ERRCODE = {},", literal::text(sqlstate)));
    (head + nested(Doc::from("MESSAGE = ") + expression::expression(message))).group()
}

fn nested(doc: impl Into<Doc>) -> Doc {
    (Doc::Line + doc.into()).nest()
}
