use super::action::Checker;
use super::scope::At;
use crate::hir::{Branch, Expr, ExprKind};
use crate::language::Type;
use crate::source::Span;
use crate::syntax::ast::{self, BinaryOp};

impl Checker<'_, '_> {
    pub fn case(
        &mut self,
        operand: Option<&ast::Expr>,
        branches: &[ast::Branch],
        otherwise: Option<&ast::Expr>,
        hint: Option<&Type>,
        span: Span,
        at: At<'_>,
    ) -> Expr {
        let mut operand = operand.map(|operand| self.expression(operand, None, at));
        let mut conditions = Vec::new();
        let mut values = Vec::new();
        for (position, branch) in branches.iter().enumerate() {
            let condition = self.perhaps_skippable(position > 0, |checker| {
                checker.branch_condition(&mut operand, &branch.condition, at)
            });
            conditions.push(condition);
            values.push(self.skippable(|checker| checker.expression(&branch.value, hint, at)));
        }
        let has_else = otherwise.is_some();
        if let Some(otherwise) = otherwise {
            values.push(self.skippable(|checker| checker.expression(otherwise, hint, at)));
        }
        let (mut values, ty) = self.unify(values);
        let nullable = !has_else || values.iter().any(|value| value.nullable);
        let otherwise = if has_else { values.pop().map(Box::new) } else { None };
        let branches = conditions
            .into_iter()
            .zip(values)
            .map(|(condition, value)| Branch { condition, value })
            .collect();
        let operand = operand.map(Box::new);
        Expr { kind: ExprKind::Case { operand, branches, otherwise }, ty, nullable, span }
    }

    /// What stands behind WHEN: a condition, or a value compared with the operand of CASE.
    fn branch_condition(&mut self, operand: &mut Option<Expr>, condition: &ast::Expr, at: At<'_>) -> Expr {
        let Some(value) = operand.take() else { return self.condition(condition, at) };
        let when = self.expression(condition, Some(&value.ty.clone()), at);
        let (value, when) = self.meet(value, when);
        *operand = Some(value);
        when
    }

    /// Tests that give a boolean: IS, BETWEEN, LIKE, IN (list), ANY and ALL.
    pub fn predicate(&mut self, expr: &ast::Expr, at: At<'_>) -> Expr {
        let (kind, nullable) = match &expr.kind {
            ast::ExprKind::IsNull { operand, negated } => {
                let operand = Box::new(self.expression(operand, None, at));
                (ExprKind::IsNull { operand, negated: *negated }, false)
            }
            ast::ExprKind::IsTruth { operand, truth, negated } => {
                let operand = Box::new(self.condition(operand, at));
                (ExprKind::IsTruth { operand, truth: *truth, negated: *negated }, false)
            }
            ast::ExprKind::IsDistinct { left, right, negated } => {
                let (left, right) = self.pair(left, right, None, at);
                (
                    ExprKind::IsDistinct { left: Box::new(left), right: Box::new(right), negated: *negated },
                    false,
                )
            }
            ast::ExprKind::Between { operand, low, high, negated } => {
                let (operand, low) = self.pair(operand, low, None, at);
                let high = self.expression(high, Some(&operand.ty.clone()), at);
                let (operand, high) = self.meet(operand, high);
                self.comparable(BinaryOp::Less, &operand, operand.span);
                let nullable = operand.nullable || low.nullable || high.nullable;
                let (operand, low, high) = (Box::new(operand), Box::new(low), Box::new(high));
                (ExprKind::Between { operand, low, high, negated: *negated }, nullable)
            }
            ast::ExprKind::Like { operand, pattern, escape, negated } => {
                let operand = self.expression(operand, Some(&Type::Text), at);
                let operand = Box::new(self.coerce(operand, &Type::Text, None));
                let pattern = self.expression(pattern, Some(&Type::Text), at);
                let pattern = Box::new(self.coerce(pattern, &Type::Text, None));
                let nullable = operand.nullable || pattern.nullable;
                (ExprKind::Like { operand, pattern, escape: escape.clone(), negated: *negated }, nullable)
            }
            ast::ExprKind::InList { operand, list, negated } => self.in_list(operand, list, *negated, at),
            ast::ExprKind::Quantified { operator, all, left, array } => {
                let left = self.expression(left, None, at);
                let hint = Type::array(left.ty.clone());
                let array = self.expression(array, Some(&hint), at);
                let array = if left.ty.is_open() { array } else { self.coerce(array, &hint, None) };
                let left = match &array.ty {
                    Type::Array(element) => self.coerce(left, &element.as_ref().clone(), None),
                    _ => left,
                };
                let (left, array) = (Box::new(left), Box::new(array));
                (ExprKind::Quantified { operator: *operator, all: *all, left, array }, true)
            }
            _ => return Expr::unknown(expr.span),
        };
        Expr { kind, ty: Type::Bool, nullable, span: expr.span }
    }

    fn in_list(
        &mut self,
        operand: &ast::Expr,
        list: &[ast::Expr],
        negated: bool,
        at: At<'_>,
    ) -> (ExprKind, bool) {
        let operand = self.expression(operand, None, at);
        let hint = operand.ty.clone();
        let mut values = vec![operand];
        values.extend(list.iter().map(|value| self.expression(value, Some(&hint), at)));
        let (mut values, _) = self.unify(values);
        let nullable = values.iter().any(|value| value.nullable);
        let operand = Box::new(values.remove(0));
        (ExprKind::InList { operand, list: values, negated }, nullable)
    }
}
