//! The idiom `SELECT CASE WHEN condition THEN ERROR(message) END;`: a query that can only raise or give null is a
//! guard, not a result.

use crate::hir::walk::{self, Node};
use crate::hir::{Action, BinaryOp, Body, Expr, ExprKind, Literal, Query, Select, Statement, StatementKind};
use crate::language::Type;
use crate::source::Span;

/// A SELECT statement as what it does: guards where it only guards, else the query itself.
pub(super) fn statements(query: Query, span: Span) -> Vec<Statement> {
    let plain =
        query.ctes.is_empty() && query.limit.is_none() && query.offset.is_none() && query.order_by.is_empty();
    let guards = match &query.body {
        Body::Select(select) if plain && is_bare(select) => select.items.first().and_then(|item| {
            let guards = arms(&item.expr)?;
            Some(match &select.filter {
                Some(filter) => guards.into_iter().map(|arm| arm.only_if(filter)).collect(),
                None => guards,
            })
        }),
        _ => None,
    };
    let make = |kind| Statement { kind, is_result: false, span };
    match guards {
        Some(guards) => guards.into_iter().map(|arm| make(arm.into_statement())).collect(),
        None => vec![make(StatementKind::Query(query))],
    }
}

/// True if a query gives nothing a caller could use: its one column can only raise or be null.
pub(super) fn only_guards(query: &Query, action: &Action) -> bool {
    let [column] = query.columns.as_slice() else { return false };
    if column.ty != Type::Null {
        return false;
    }
    let mut raises = false;
    walk::expressions(action, Node::Query(query), &mut |expr| {
        raises |= matches!(expr.kind, ExprKind::Error(_))
    });
    raises
}

/// One column, no relations, no groups.
fn is_bare(select: &Select) -> bool {
    select.items.len() == 1 && select.from.is_none() && !select.grouped && !select.distinct
}

/// One way to raise.
struct Arm {
    condition: Option<Expr>,
    message: Expr,
}

impl Arm {
    fn only_if(self, filter: &Expr) -> Arm {
        let condition = match self.condition {
            Some(condition) => and(filter.clone(), condition),
            None => filter.clone(),
        };
        Arm { condition: Some(condition), ..self }
    }

    fn into_statement(self) -> StatementKind {
        match self.condition {
            Some(condition) => StatementKind::Guard { condition, message: self.message },
            None => StatementKind::Raise(self.message),
        }
    }
}

fn and(left: Expr, right: Expr) -> Expr {
    let (span, nullable) = (left.span.to(right.span), left.nullable || right.nullable);
    Expr { kind: ExprKind::And(vec![left, right]), ty: Type::Bool, nullable, span }
}

/// The ways an expression raises, if raising is all it does. Arms that come later are reached only when those before
/// did not raise, so that testing them one after the other means the same as CASE.
fn arms(expr: &Expr) -> Option<Vec<Arm>> {
    match &expr.kind {
        ExprKind::Error(message) => Some(vec![Arm { condition: None, message: message.as_ref().clone() }]),
        ExprKind::Case { operand, branches, otherwise } => {
            let mut arms = Vec::new();
            for branch in branches {
                let ExprKind::Error(message) = &branch.value.kind else { return None };
                let condition = match operand {
                    Some(operand) => equals(operand, &branch.condition),
                    None => branch.condition.clone(),
                };
                arms.push(Arm { condition: Some(condition), message: message.as_ref().clone() });
            }
            match otherwise.as_deref().map(|otherwise| &otherwise.kind) {
                None | Some(ExprKind::Literal(Literal::Null)) => {}
                Some(ExprKind::Error(message)) => {
                    arms.push(Arm { condition: None, message: message.as_ref().clone() });
                }
                Some(_) => return None,
            }
            Some(arms)
        }
        _ => None,
    }
}

fn equals(left: &Expr, right: &Expr) -> Expr {
    let (span, nullable) = (right.span, left.nullable || right.nullable);
    let kind = ExprKind::Binary {
        operator: BinaryOp::Equal,
        left: Box::new(left.clone()),
        right: Box::new(right.clone()),
    };
    Expr { kind, ty: Type::Bool, nullable, span }
}
