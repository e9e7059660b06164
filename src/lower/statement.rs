use super::frame::{At, Frame, Hoisted, Unit};
use super::query::{self, Use};
use super::{compose, expression, write};
use crate::hir::{Action, Expr, Literal, Query, Schema, Statement, StatementKind};
use crate::language::Type;
use crate::pg::{self, Call, Namespace, PlStatement, PlStatementKind, Severity};
use crate::source::Span;

/// What an author's ERROR raises.
const RAISED: &str = "KF001";
/// What tells an author's NOTICE from one of PostgreSQL's.
const SAID: &str = "KF000";

/// The statement of a function that an action's statement becomes.
pub(super) fn lower(unit: &Unit<'_>, schema: &Schema, action: &Action, statement: &Statement) -> PlStatement {
    let hoists = matches!(
        statement.kind,
        StatementKind::Query(_)
            | StatementKind::Insert(_)
            | StatementKind::Update(_)
            | StatementKind::Delete(_)
    );
    let frame = unit.statement(schema, action, hoists);
    let at = frame.at();
    let kind = match &statement.kind {
        StatementKind::Query(it) => query(&frame, it, statement.is_result),
        StatementKind::Insert(it) => write::insert(&frame, it, statement.is_result),
        StatementKind::Update(it) => write::update(&frame, it, statement.is_result),
        StatementKind::Delete(it) => write::delete(&frame, it, statement.is_result),
        StatementKind::Call { callee, arguments } => {
            PlStatementKind::PerformCall(compose::function_call(at, callee, arguments))
        }
        StatementKind::Guard { condition, message } => {
            let raise = raise(Severity::Exception, RAISED, text(at, message));
            guard(expression::lower(at, condition), raise, statement.span)
        }
        StatementKind::Raise(message) => raise(Severity::Exception, RAISED, text(at, message)),
        StatementKind::Notice(message) => raise(Severity::Notice, SAID, text(at, message)),
        // No file makes one of the others yet.
        _ => PlStatementKind::Return,
    };
    PlStatement { kind: with_hoisted(kind, unit.take_hoisted()), span: statement.span }
}

/// Puts the CTEs that were moved out of spliced views before the statement's own.
fn with_hoisted(mut kind: PlStatementKind, hoisted: Hoisted) -> PlStatementKind {
    let with = match &mut kind {
        PlStatementKind::ReturnQuery(query) | PlStatementKind::PerformQuery(query) => match &mut query.body {
            pg::Body::Insert(insert) => Some((&mut insert.ctes, &mut insert.recursive)),
            pg::Body::Update(update) => Some((&mut update.ctes, &mut update.recursive)),
            pg::Body::Delete(delete) => Some((&mut delete.ctes, &mut delete.recursive)),
            pg::Body::Select(_) | pg::Body::Operation { .. } => Some((&mut query.ctes, &mut query.recursive)),
        },
        PlStatementKind::Insert(insert) => Some((&mut insert.ctes, &mut insert.recursive)),
        PlStatementKind::Update(update) => Some((&mut update.ctes, &mut update.recursive)),
        PlStatementKind::Delete(delete) => Some((&mut delete.ctes, &mut delete.recursive)),
        _ => None,
    };
    if let Some((ctes, recursive)) = with {
        *recursive |= hoisted.recursive;
        ctes.splice(0..0, hoisted.ctes);
    }
    kind
}

fn query<'f>(frame: &'f Frame<'f>, query: &'f Query, is_result: bool) -> PlStatementKind {
    match is_result {
        true => PlStatementKind::ReturnQuery(query::lower(frame, query, Use::Result)),
        false => PlStatementKind::PerformQuery(query::lower(frame, query, Use::Rows)),
    }
}

/// `IF condition THEN raise END IF;`
pub(super) fn guard(condition: pg::Expr, raise: PlStatementKind, span: Span) -> PlStatementKind {
    PlStatementKind::If { condition, then: vec![PlStatement { kind: raise, span }] }
}

pub(super) fn raise(severity: Severity, sqlstate: &'static str, message: pg::Expr) -> PlStatementKind {
    PlStatementKind::Raise { severity, sqlstate, message }
}

/// A message, which PostgreSQL refuses to be null: `COALESCE(message, '(null)')`
fn text(at: At<'_>, message: &Expr) -> pg::Expr {
    match at.literal(message) {
        Some(Literal::Text(text)) => return pg::Expr::Text(text.clone()),
        Some(Literal::Null) => return pg::Expr::Text("(null)".to_owned()),
        _ => {}
    }
    let value = expression::lower(at, message);
    let value =
        if message.ty == Type::Text { value } else { pg::Expr::Cast(Box::new(value), pg::Type::Text) };
    if !message.nullable {
        return value;
    }
    let arguments = vec![value, pg::Expr::Text("(null)".to_owned())];
    pg::Expr::Call(Box::new(Call::plain(Namespace::Grammar, "COALESCE", arguments)))
}
