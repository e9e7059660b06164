use super::action::Checker;
use super::operator::Operands;
use super::problems;
use super::scope::At;
use super::variable::Bound;
use crate::hir::{Expr, ExprKind, LocalId};
use crate::language::{ContextValue, Ident, Type};
use crate::resolve::{Misfit, fit, natural_type};
use crate::source::Span;
use crate::syntax::ast::{self, LiteralKind};

impl Checker<'_, '_> {
    /// Types one expression. `hint` is the type its place asks for, for literals and untyped parameters to follow;
    /// whether the result really has that type is for the caller to ask with [`Checker::coerce`].
    pub fn expression(&mut self, expr: &ast::Expr, hint: Option<&Type>, at: At<'_>) -> Expr {
        let span = expr.span;
        match &expr.kind {
            ast::ExprKind::Literal(literal) => self.literal(literal, hint, span),
            ast::ExprKind::Variable(name) => self.variable(name),
            ast::ExprKind::Context(name) => self.context(name),
            ast::ExprKind::Column { table, column } => self.column(table.as_ref(), column, span, at.scope),
            ast::ExprKind::Field { variable, field } => self.field(variable, field, span),
            ast::ExprKind::Unary { operator, operand } => self.unary(*operator, operand, hint, span, at),
            ast::ExprKind::Binary { operator, at: sign, left, right } => {
                self.binary(*operator, Operands { left, right, sign: *sign, span }, hint, at)
            }
            ast::ExprKind::Cast { operand, ty } => self.cast(operand, ty, span, at),
            ast::ExprKind::Case { operand, branches, otherwise } => {
                self.case(operand.as_deref(), branches, otherwise.as_deref(), hint, span, at)
            }
            ast::ExprKind::Function(call) => self.function(call, hint, at),
            ast::ExprKind::Array(_) | ast::ExprKind::Index { .. } | ast::ExprKind::Slice { .. } => {
                self.array_expression(expr, hint, at)
            }
            ast::ExprKind::InQuery { .. } | ast::ExprKind::Exists { .. } | ast::ExprKind::Subquery(_) => {
                self.subquery_expression(expr, at)
            }
            _ => self.predicate(expr, at),
        }
    }

    fn literal(&mut self, literal: &LiteralKind, hint: Option<&Type>, span: Span) -> Expr {
        let natural = natural_type(literal);
        let numeric = |ty: &&Type| natural.is_numeric() && ty.is_numeric() || natural == Type::Null;
        let ty = hint.filter(numeric).filter(|ty| !ty.is_open()).cloned().unwrap_or_else(|| natural.clone());
        let nullable = *literal == LiteralKind::Null;
        match fit(literal, &ty) {
            Ok(value) => Expr { kind: ExprKind::Literal(value), ty, nullable, span },
            Err(Misfit::WrongType) => match fit(literal, &natural) {
                Ok(value) => Expr { kind: ExprKind::Literal(value), ty: natural, nullable, span },
                Err(_) => Expr::unknown(span),
            },
            Err(Misfit::OutOfRange(what_fits)) => {
                self.sink.report(problems::literal_range(&ty, &what_fits, span));
                Expr::unknown(span)
            }
        }
    }

    fn variable(&mut self, name: &Ident) -> Expr {
        match self.variables.find(&name.name).cloned() {
            Some(Bound::Value(id)) => self.local(id, name.span),
            Some(Bound::Row(fields)) => {
                let known: Vec<&str> = fields.iter().map(|(field, _)| field.as_str()).collect();
                self.sink.report(problems::row_as_value(name, &known));
                Expr::unknown(name.span)
            }
            None => {
                self.unknown_variable(name);
                Expr::unknown(name.span)
            }
        }
    }

    fn local(&mut self, id: LocalId, span: Span) -> Expr {
        let ty = self.variables.local(id).map_or(Type::Unknown, |local| local.ty.clone());
        Expr { kind: ExprKind::Local(id), ty, nullable: !self.flow.not_null.contains(&id), span }
    }

    /// `$row.field`
    fn field(&mut self, variable: &Ident, field: &Ident, span: Span) -> Expr {
        match self.variables.find(&variable.name).cloned() {
            Some(Bound::Row(fields)) => {
                if let Some((_, id)) = fields.iter().find(|(name, _)| *name == field.name) {
                    return self.local(*id, span);
                }
                let known: Vec<&str> = fields.iter().map(|(field, _)| field.as_str()).collect();
                self.sink.report(problems::unknown_field(variable, field, &known));
            }
            Some(Bound::Value(id)) => {
                // The row of a loop that was reported has an unknown type, and parameters are never rows.
                let ty = self.variables.local(id).map(|local| &local.ty);
                let is_parameter = (id.0 as usize) < self.variables.parameters;
                if is_parameter || ty != Some(&Type::Unknown) {
                    self.sink.report(problems::no_fields(variable, field, span));
                }
            }
            None => self.unknown_variable(variable),
        }
        Expr::unknown(span)
    }

    fn context(&mut self, name: &Ident) -> Expr {
        let Some(value) = ContextValue::from_word(name.name.as_str()) else {
            self.sink.report(problems::unknown_context(name));
            return Expr::unknown(name.span);
        };
        self.traits.reads_foreign_caller |= value == ContextValue::ForeignCaller;
        let nullable = !matches!(value, ContextValue::Caller | ContextValue::ForeignCaller);
        Expr { kind: ExprKind::Context(value), ty: value.ty(), nullable, span: name.span }
    }
}
