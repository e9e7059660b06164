use super::frame::{At, Frame, Unit};
use super::query::{self, Use};
use super::{compose, expression, write};
use crate::hir::{Action, Expr, Literal, Query, Schema, Statement, StatementKind};
use crate::language::Type;
use crate::pg::{self, Call, Namespace, PlStatement, PlStatementKind, Severity};
use crate::source::Span;

/// What an author's ERROR raises.
const RAISED: &str = "KF001";

/// The statement of a function that an action's statement becomes.
pub(super) fn lower(unit: &Unit<'_>, schema: &Schema, action: &Action, statement: &Statement) -> PlStatement {
    let frame = unit.statement(schema, action);
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
        StatementKind::Notice(message) => raise(Severity::Notice, "00000", text(at, message)),
    };
    PlStatement { kind, span: statement.span }
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
