use crate::hir::{Expr, ExprKind, Query};
use crate::language::Type;
use crate::syntax::ast;
use crate::types::action::Checker;
use crate::types::operator::common_type;
use crate::types::problems;
use crate::types::scope::At;

/// The type two columns of a set operation share, if they do; else the left one's, for the right one to be reported.
pub(super) fn common(left: &Type, right: &Type) -> Type {
    match (left, right) {
        (Type::Null | Type::Unknown, ty) | (ty, Type::Null | Type::Unknown) => ty.clone(),
        (left, right) => common_type(left, right),
    }
}

impl Checker<'_, '_> {
    /// EXISTS, IN (SELECT ..) and a query as a value.
    pub fn subquery_expression(&mut self, expr: &ast::Expr, at: At<'_>) -> Expr {
        self.skippable(|checker| checker.subquery(expr, at))
    }

    fn subquery(&mut self, expr: &ast::Expr, at: At<'_>) -> Expr {
        let span = expr.span;
        match &expr.kind {
            ast::ExprKind::Exists { query, negated } => {
                let query = Box::new(self.query(query, at.scope));
                let kind = ExprKind::Exists { query, negated: *negated };
                Expr { kind, ty: Type::Bool, nullable: false, span }
            }
            ast::ExprKind::InQuery { operand, query, negated } => {
                self.in_query(operand, query, *negated, span, at)
            }
            ast::ExprKind::Subquery(query) => {
                let query = self.query(query, at.scope);
                let ty = self.one_column(&query);
                Expr { kind: ExprKind::Subquery(Box::new(query)), ty, nullable: true, span }
            }
            _ => Expr::unknown(span),
        }
    }

    fn in_query(
        &mut self,
        operand: &ast::Expr,
        query: &ast::Query,
        negated: bool,
        span: crate::source::Span,
        at: At<'_>,
    ) -> Expr {
        let operand = self.expression(operand, None, at);
        let mut query = self.query(query, at.scope);
        let ty = self.one_column(&query);
        let both_decimal = matches!((&operand.ty, &ty), (Type::Decimal(_), Type::Decimal(_)));
        let operand = if crate::types::coerce::is_flexible(&operand) || !both_decimal && !ty.is_open() {
            self.coerce(operand, &ty, Some((query.span, &format!("gives `{ty}`"))))
        } else {
            operand
        };
        if ty.is_open() {
            self.fit_column(&mut query, 0, &operand.ty.clone());
        }
        let nullable = operand.nullable || query.columns.iter().any(|column| column.nullable);
        let kind = ExprKind::InQuery { operand: Box::new(operand), query: Box::new(query), negated };
        Expr { kind, ty: Type::Bool, nullable, span }
    }

    /// The type of the one column a subquery must have.
    fn one_column(&mut self, query: &Query) -> Type {
        match query.columns.as_slice() {
            [column] => column.ty.clone(),
            columns => {
                self.sink.report(problems::subquery_shape(columns.len(), query.span));
                Type::Unknown
            }
        }
    }
}
