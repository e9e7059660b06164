use super::action::Checker;
use super::coerce::is_flexible;
use super::problems;
use super::scope::At;
use crate::hir::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::language::{DecimalType, Type};
use crate::source::Span;
use crate::syntax::ast;

/// The smallest decimal that holds both without losing a digit.
pub(super) fn common_decimal(left: DecimalType, right: DecimalType) -> DecimalType {
    DecimalType::fitting(left.whole().max(right.whole()), left.scale.max(right.scale))
}

/// The type that holds values of both, of decimals and arrays of them; else the left one.
pub(super) fn common_type(left: &Type, right: &Type) -> Type {
    match (left, right) {
        (Type::Decimal(left), Type::Decimal(right)) => Type::Decimal(common_decimal(*left, *right)),
        (Type::Array(left), Type::Array(right)) => Type::array(common_type(left, right)),
        (left, _) => left.clone(),
    }
}

/// The type of an operation on two decimals, which holds every result it can have: digits after the point as many as
/// the larger of both has, before it as many as the operation can make.
fn result_decimal(operator: BinaryOp, left: DecimalType, right: DecimalType) -> DecimalType {
    let common = common_decimal(left, right);
    let whole = match operator {
        BinaryOp::Add | BinaryOp::Subtract => common.whole().saturating_add(1),
        BinaryOp::Multiply => left.whole().saturating_add(right.whole()),
        BinaryOp::Divide => left.whole().saturating_add(right.scale),
        BinaryOp::Power => DecimalType::MAX_PRECISION,
        _ => common.whole(),
    };
    DecimalType::fitting(whole, common.scale)
}

impl Checker<'_, '_> {
    pub fn unary(
        &mut self,
        operator: UnaryOp,
        operand: &ast::Expr,
        hint: Option<&Type>,
        span: Span,
        at: At<'_>,
    ) -> Expr {
        let hint = if operator == UnaryOp::Not { Some(&Type::Bool) } else { hint };
        let mut operand = self.expression(operand, hint, at);
        match operator {
            UnaryOp::Not => operand = self.coerce(operand, &Type::Bool, None),
            UnaryOp::Minus if operand.ty == Type::Uint256 => {
                self.sink.report(problems::negative_uint256(span));
                return Expr::unknown(span);
            }
            UnaryOp::Minus | UnaryOp::Plus => {
                if operand.ty == Type::Null {
                    self.sink.report(problems::untyped_null("int", operand.span));
                    return Expr::unknown(span);
                }
                if !operand.ty.is_numeric() && !operand.ty.is_open() {
                    self.sink.report(problems::not_numeric(&operand.ty, operand.span));
                    return Expr::unknown(span);
                }
            }
        }
        let (ty, nullable) = (operand.ty.clone(), operand.nullable);
        Expr { kind: ExprKind::Unary { operator, operand: Box::new(operand) }, ty, nullable, span }
    }

    /// Both operands with one type: the one that is not a bare literal or untyped parameter decides.
    pub fn pair(
        &mut self,
        left: &ast::Expr,
        right: &ast::Expr,
        hint: Option<&Type>,
        at: At<'_>,
    ) -> (Expr, Expr) {
        let left = self.expression(left, hint, at);
        let hint = if left.ty.is_open() { hint } else { Some(&left.ty) };
        let right = self.expression(right, hint.cloned().as_ref(), at);
        self.meet(left, right)
    }

    /// As [`Checker::pair`], for operands already checked.
    pub fn meet(&mut self, left: Expr, right: Expr) -> (Expr, Expr) {
        match (&left.ty, &right.ty) {
            (Type::Decimal(_), Type::Decimal(_)) => (left, right),
            _ if is_flexible(&left) && !is_flexible(&right) => {
                let (ty, span) = (right.ty.clone(), right.span);
                let left = self.note_literal(left, &right);
                (self.coerce(left, &ty, Some((span, &format!("this is `{ty}`")))), right)
            }
            _ => {
                let (ty, span) = (left.ty.clone(), left.span);
                let right = self.note_literal(right, &left);
                let reversed = is_flexible(&right) && is_flexible(&left) && ty.is_open();
                let right = self.coerce(right, &ty, Some((span, &format!("this is `{ty}`"))));
                if !reversed || right.ty.is_open() {
                    return (left, right);
                }
                let left = self.note_literal(left, &right);
                if matches!(left.kind, ExprKind::Local(_)) && left.ty == right.ty {
                    return (left, right);
                }
                let ty = right.ty.clone();
                (self.coerce(left, &ty, None), right)
            }
        }
    }

    /// An untyped parameter beside a bare literal learns only a hint from it.
    fn note_literal(&mut self, expr: Expr, other: &Expr) -> Expr {
        if let (ExprKind::Local(id), ExprKind::Literal(_)) = (&expr.kind, &other.kind)
            && matches!(other.ty, Type::Int | Type::Decimal(_))
        {
            self.variables.note(*id, &other.ty, expr.span, super::infer::Strength::Literal);
            return Expr {
                ty: if expr.ty == Type::Unknown { other.ty.clone() } else { expr.ty.clone() },
                ..expr
            };
        }
        expr
    }

    pub fn binary(
        &mut self,
        operator: BinaryOp,
        parts: Operands<'_>,
        hint: Option<&Type>,
        at: At<'_>,
    ) -> Expr {
        let Operands { left, right, sign, span } = parts;
        match operator {
            BinaryOp::And | BinaryOp::Or => self.logical(operator, left, right, span, at),
            operator if operator.is_comparison() => {
                let (left, right) = self.pair(left, right, None, at);
                self.comparable(operator, &left, sign);
                let nullable = left.nullable || right.nullable;
                let kind = ExprKind::Binary { operator, left: Box::new(left), right: Box::new(right) };
                Expr { kind, ty: Type::Bool, nullable, span }
            }
            BinaryOp::Concat => {
                let (left, right) = (self.expression(left, None, at), self.expression(right, None, at));
                let is_blob = left.ty == Type::Blob || right.ty == Type::Blob;
                let ty = if is_blob { Type::Blob } else { Type::Text };
                let (left, right) = (self.open_as(left, &ty), self.open_as(right, &ty));
                self.concatenation(left, right, sign, span)
            }
            _ => self.arithmetic(operator, parts, hint, at),
        }
    }

    fn logical(
        &mut self,
        operator: BinaryOp,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
        at: At<'_>,
    ) -> Expr {
        let mut operands = Vec::new();
        let left = self.condition(left, at);
        let right = self.skippable(|checker| checker.condition(right, at));
        for operand in [left, right] {
            match operand.kind {
                ExprKind::And(inner) if operator == BinaryOp::And => operands.extend(inner),
                ExprKind::Or(inner) if operator == BinaryOp::Or => operands.extend(inner),
                kind => operands.push(Expr { kind, ..operand }),
            }
        }
        let nullable = operands.iter().any(|operand| operand.nullable);
        let kind = if operator == BinaryOp::And { ExprKind::And(operands) } else { ExprKind::Or(operands) };
        Expr { kind, ty: Type::Bool, nullable, span }
    }

    /// A boolean operand of AND, OR and NOT, or a WHERE, ON, HAVING or CASE condition.
    pub fn condition(&mut self, expr: &ast::Expr, at: At<'_>) -> Expr {
        let made = self.expression(expr, Some(&Type::Bool), at);
        let made = self.open_as(made, &Type::Bool);
        if made.ty != Type::Bool && !made.ty.is_open() {
            self.sink.report(problems::not_boolean(&made.ty, made.span));
            return Expr::unknown(made.span);
        }
        made
    }

    /// A value whose type is open takes the type its place asks for; any other is left alone.
    pub fn open_as(&mut self, expr: Expr, ty: &Type) -> Expr {
        if expr.ty.is_open() || matches!(expr.kind, ExprKind::Local(_)) {
            match self.fit(expr, ty) {
                Ok(expr) | Err(expr) => expr,
            }
        } else {
            expr
        }
    }

    /// Reports an ordering of values that have none.
    pub fn comparable(&mut self, operator: BinaryOp, operand: &Expr, sign: Span) {
        let equality = matches!(operator, BinaryOp::Equal | BinaryOp::NotEqual);
        if !equality && matches!(operand.ty, Type::Bool | Type::Array(_)) {
            self.sink.report(problems::no_operator(operator.sign(), &operand.ty, sign));
        }
    }

    fn concatenation(&mut self, left: Expr, right: Expr, sign: Span, span: Span) -> Expr {
        let ty = if left.ty.is_open() { right.ty.clone() } else { left.ty.clone() };
        if !matches!(ty, Type::Text | Type::Blob) && !ty.is_open() {
            self.sink.report(problems::no_operator("||", &ty, sign));
            return Expr::unknown(span);
        }
        let because = Some((left.span, "decides the type"));
        let right = self.coerce(right, &ty, because);
        let nullable = left.nullable || right.nullable;
        let kind =
            ExprKind::Binary { operator: BinaryOp::Concat, left: Box::new(left), right: Box::new(right) };
        Expr { kind, ty, nullable, span }
    }

    /// Operands of which neither says a type: what the place of the whole asks for is perhaps all that is ever said.
    fn hinted(&mut self, left: Expr, right: Expr, hint: Option<&Type>) -> (Expr, Expr) {
        let Some(hint) = hint.filter(|_| left.ty == Type::Unknown && right.ty == Type::Unknown) else {
            return (left, right);
        };
        let mut note = |expr: Expr| {
            let ExprKind::Local(id) = expr.kind else { return expr };
            self.variables.note(id, hint, expr.span, super::infer::Strength::Cast);
            Expr { ty: hint.clone(), ..expr }
        };
        (note(left), note(right))
    }

    /// `int`, `decimal` and `uint256` do not mix; two decimals give one that holds every result, to whose scale it is
    /// rounded half away from zero.
    fn arithmetic(
        &mut self,
        operator: BinaryOp,
        parts: Operands<'_>,
        hint: Option<&Type>,
        at: At<'_>,
    ) -> Expr {
        let Operands { left, right, sign, span } = parts;
        let hint = hint.filter(|hint| hint.is_numeric());
        let mark = self.sink.mark();
        let (left, right) = self.pair(left, right, hint, at);
        if self.sink.errors_since(mark) {
            return Expr::unknown(span);
        }
        let (left, right) = self.hinted(left, right, hint);
        let ty = match (&left.ty, &right.ty) {
            (Type::Decimal(left), Type::Decimal(right)) => {
                Type::Decimal(result_decimal(operator, *left, *right))
            }
            (Type::Unknown | Type::Null, ty) | (ty, _) => ty.clone(),
        };
        if ty == Type::Null {
            self.sink.report(problems::untyped_null("int", left.span));
            return Expr::unknown(span);
        }
        let power_of_whole = operator == BinaryOp::Power && matches!(ty, Type::Int | Type::Uint256);
        if (!ty.is_numeric() && !ty.is_open()) || power_of_whole {
            self.sink.report(problems::no_operator(operator.sign(), &ty, sign));
            return Expr::unknown(span);
        }
        let nullable = left.nullable || right.nullable;
        let kind = ExprKind::Binary { operator, left: Box::new(left), right: Box::new(right) };
        Expr { kind, ty, nullable, span }
    }
}

/// The parts of an infix expression in the source.
#[derive(Clone, Copy)]
pub(super) struct Operands<'s> {
    pub left: &'s ast::Expr,
    pub right: &'s ast::Expr,
    /// Where the operator stands.
    pub sign: Span,
    /// The whole expression.
    pub span: Span,
}
