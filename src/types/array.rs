use super::action::Checker;
use super::problems;
use super::scope::At;
use crate::hir::{Expr, ExprKind};
use crate::language::Type;
use crate::syntax::ast;

impl Checker<'_, '_> {
    pub fn array_expression(&mut self, expr: &ast::Expr, hint: Option<&Type>, at: At<'_>) -> Expr {
        let span = expr.span;
        match &expr.kind {
            ast::ExprKind::Array(elements) => {
                let hint = match hint {
                    Some(Type::Array(element)) => Some(element.as_ref()),
                    _ => None,
                };
                let values = elements.iter().map(|element| self.expression(element, hint, at)).collect();
                let (values, element) = self.unify(values);
                if matches!(element, Type::Array(_)) {
                    self.sink.report(problems::nested_array(span));
                    return Expr::unknown(span);
                }
                let element = match hint {
                    Some(hint) if element.is_open() => hint.clone(),
                    _ => element,
                };
                let ty = if element.is_open() { Type::Unknown } else { Type::array(element) };
                if ty == Type::Unknown && values.iter().all(|value| value.ty == Type::Null) {
                    self.sink.report(problems::untyped_array(span));
                }
                Expr { kind: ExprKind::Array(values), ty, nullable: false, span }
            }
            ast::ExprKind::Index { array, index } => {
                let (array, element) = self.array_operand(array, at);
                let index = Box::new(self.int(index, at));
                let ty = element;
                Expr { kind: ExprKind::Index { array: Box::new(array), index }, ty, nullable: true, span }
            }
            ast::ExprKind::Slice { array, low, high } => {
                let (array, _) = self.array_operand(array, at);
                let low = low.as_deref().map(|low| Box::new(self.int(low, at)));
                let high = high.as_deref().map(|high| Box::new(self.int(high, at)));
                let (ty, nullable) = (array.ty.clone(), array.nullable);
                Expr { kind: ExprKind::Slice { array: Box::new(array), low, high }, ty, nullable, span }
            }
            _ => Expr::unknown(span),
        }
    }

    /// An array and the type of its elements.
    pub fn array_operand(&mut self, expr: &ast::Expr, at: At<'_>) -> (Expr, Type) {
        let array = self.expression(expr, None, at);
        let element = match &array.ty {
            Type::Array(element) => element.as_ref().clone(),
            Type::Null => {
                self.sink.report(problems::untyped_null("int[]", array.span));
                Type::Unknown
            }
            ty => {
                if !ty.is_open() {
                    self.sink.report(problems::not_an_array(ty, array.span));
                }
                Type::Unknown
            }
        };
        (array, element)
    }

    /// A value of type int.
    pub fn int(&mut self, expr: &ast::Expr, at: At<'_>) -> Expr {
        let made = self.expression(expr, Some(&Type::Int), at);
        self.coerce(made, &Type::Int, None)
    }
}
