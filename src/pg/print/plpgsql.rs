use super::layout::{Doc, render};
use super::query::{after_select, query, subquery};
use super::{Printed, ddl, dml, expression, literal};
use crate::pg::{
    Body, Expr, Function, Parameter, PlStatement, PlStatementKind, Query, Result, Severity, Volatility,
};

/// CREATE FUNCTION
pub(super) fn function(function: &Function) -> Printed {
    let Function { name, parameters, result, volatility, read_only, body, span: _ } = function;
    let head = Doc::from(format!("CREATE FUNCTION {name}"))
        + typed(parameters)
        + Doc::Hard
        + returns(result)
        + Doc::Hard
        + "LANGUAGE plpgsql"
        + Doc::Hard
        + match volatility {
            Volatility::Stable => "STABLE SECURITY DEFINER",
            Volatility::Volatile => "VOLATILE SECURITY DEFINER",
        }
        + Doc::Hard
        + "SET search_path = pg_catalog, pg_temp"
        + if *read_only { Doc::Hard + "SET transaction_read_only = on" } else { Doc::empty() }
        + Doc::Hard;
    let body = render(&block(body));
    Printed {
        text: format!("{}AS {};", render(&head).text, literal::dollar_quoted(&body.text)),
        object: ddl::function_identity(name, parameters.iter().map(|parameter| &parameter.ty)),
        lines: body.marks,
    }
}

/// `("@ctx" kf.ctx, "$a" text)`
fn typed(parameters: &[Parameter]) -> Doc {
    let parameter = |Parameter { name, ty }: &Parameter| Doc::from(format!("{name} {ty}"));
    Doc::list(parameters.iter().map(parameter)).parenthesised()
}

fn returns(result: &Result) -> Doc {
    match result {
        Result::Void => "RETURNS void".into(),
        Result::Table(columns) => Doc::from("RETURNS TABLE ") + typed(columns),
    }
}

/// What stands between the dollar quotes. Output columns and columns of tables may share a name: columns win, and
/// parameters begin with `$` or `@`, which no column does.
fn block(body: &[PlStatement]) -> Doc {
    let head = Doc::Hard + "#variable_conflict use_column" + Doc::Hard + "BEGIN";
    head + statements(body).nest() + Doc::Hard + "END" + Doc::Hard
}

/// Statements, each after a line break.
fn statements(all: &[PlStatement]) -> Doc {
    let one = |PlStatement { kind, span }: &PlStatement| Doc::Hard + Doc::Mark(*span) + statement(kind) + ";";
    Doc::Many(all.iter().map(one).collect())
}

fn statement(kind: &PlStatementKind) -> Doc {
    match kind {
        PlStatementKind::PerformCall(call) => Doc::from("PERFORM ") + expression::call(call),
        PlStatementKind::PerformQuery(query) => perform(query),
        PlStatementKind::ReturnQuery(of) => Doc::from("RETURN QUERY") + (Doc::Line + query(of)).nest(),
        PlStatementKind::Insert(insert) => dml::insert(insert),
        PlStatementKind::Update(update) => dml::update(update),
        PlStatementKind::Delete(delete) => dml::delete(delete),
        PlStatementKind::If { condition, then } => {
            let head = Doc::from("IF ") + expression::expression(condition) + " THEN";
            head + statements(then).nest() + Doc::Hard + "END IF"
        }
        PlStatementKind::Raise { severity, sqlstate, message } => raise(*severity, sqlstate, message),
        PlStatementKind::Return => "RETURN".into(),
    }
}

/// PERFORM stands in the place of the first SELECT. A query that begins otherwise becomes a subquery, all columns of
/// which are asked for, so that none is left out by the planner.
fn perform(of: &Query) -> Doc {
    let Query { ctes, recursive: _, body, order_by, limit, offset } = of;
    let is_plain = ctes.is_empty() && order_by.is_empty() && limit.is_none() && offset.is_none();
    match body {
        Body::Select(select) if is_plain => Doc::from("PERFORM") + after_select(select),
        _ => Doc::from("PERFORM \"q\".* FROM ") + subquery(of) + " AS \"q\"",
    }
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
