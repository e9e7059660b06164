use super::action::Checker;
use super::infer::Strength;
use super::problems;
use super::scope::At;
use crate::hir::{Expr, ExprKind, Literal};
use crate::language::Type;
use crate::resolve::{Misfit, fit};
use crate::source::Span;
use crate::syntax::ast::{self, LiteralKind};

impl Checker<'_, '_> {
    pub fn cast(&mut self, operand: &ast::Expr, ty: &ast::TypeName, span: Span, at: At<'_>) -> Expr {
        let made = self.expression(operand, Some(&ty.ty), at);
        if let ExprKind::Local(id) = made.kind {
            self.variables.note(id, &ty.ty, made.span, Strength::Cast);
        }
        if ty.ty == Type::Unknown {
            return Expr::unknown(span);
        }
        if let (
            ExprKind::Literal(Literal::Text(text)),
            Type::Uuid | Type::Uint256 | Type::Int | Type::Decimal(_),
        ) = (&made.kind, &ty.ty)
        {
            return self.cast_text(text, &ty.ty, span);
        }
        let flexible = matches!(made.kind, ExprKind::Literal(Literal::Number(_) | Literal::Null));
        let retyped = made.ty.is_open() && !matches!(made.kind, ExprKind::Local(_));
        if retyped || (flexible && made.ty == ty.ty) {
            return Expr { ty: ty.ty.clone(), span, ..made };
        }
        if !made.ty.is_open() && !can_cast(&made.ty, &ty.ty) {
            self.sink.report(problems::cannot_cast(&made.ty, &ty.ty, span));
            return Expr::unknown(span);
        }
        let nullable = made.nullable;
        Expr { kind: ExprKind::Cast(Box::new(made)), ty: ty.ty.clone(), nullable, span }
    }

    /// A text literal cast to a type is read now, so that it cannot fail later.
    fn cast_text(&mut self, text: &str, ty: &Type, span: Span) -> Expr {
        let literal = match ty {
            Type::Uuid => LiteralKind::Text(text.to_owned()),
            Type::Decimal(_) => LiteralKind::Decimal(text.to_owned()),
            _ => LiteralKind::Integer(text.to_owned()),
        };
        let is_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_number = match (ty, digits.split_once('.')) {
            (Type::Decimal(_), Some((whole, fraction))) => is_digits(whole) && is_digits(fraction),
            _ => is_digits(digits),
        };
        match fit(&literal, ty) {
            Ok(value) if *ty == Type::Uuid || is_number => {
                Expr { kind: ExprKind::Literal(value), ty: ty.clone(), nullable: false, span }
            }
            Ok(_) | Err(Misfit::WrongType) => {
                let what_fits = match ty {
                    Type::Decimal(_) => "the text is not a number",
                    _ => "the text is not a whole number",
                };
                self.sink.report(problems::literal_range(ty, what_fits, span));
                Expr::unknown(span)
            }
            Err(Misfit::OutOfRange(_)) if !is_number && *ty != Type::Uuid => {
                self.sink.report(problems::literal_range(ty, "the text is not a number", span));
                Expr::unknown(span)
            }
            Err(Misfit::OutOfRange(what_fits)) => {
                self.sink.report(problems::literal_range(ty, &what_fits, span));
                Expr::unknown(span)
            }
        }
    }
}

/// The casts of the language. What may not fit raises at run time; nothing is lost silently.
fn can_cast(from: &Type, to: &Type) -> bool {
    match (from, to) {
        _ if from == to => true,
        // PostgreSQL has no such cast of `int8`, and no expression that does it to each element.
        (Type::Array(from), Type::Array(to)) if (&**from, &**to) == (&Type::Int, &Type::Bool) => false,
        (Type::Array(from), Type::Array(to)) => can_cast(from, to),
        (Type::Array(_), _) | (_, Type::Array(_)) => false,
        (from, to) if from.is_numeric() && to.is_numeric() => true,
        (from, Type::Text) => *from != Type::Blob,
        (Type::Text, to) => *to != Type::Blob,
        (Type::Bool, Type::Int) | (Type::Int, Type::Bool) => true,
        _ => false,
    }
}
