//! How literals are written. PostgreSQL reads a bare string as `unknown` and a bare integer as `int4`: both take the
//! type of what they stand beside, and are wrong where they stand alone.

use super::expression;
use super::frame::At;
use super::ty::{cast_type, holds_uint256};
use crate::hir::{Expr, Literal};
use crate::language::Type;
use crate::pg;

/// A literal whose place gives it a type.
pub(super) fn bare(literal: &Literal) -> pg::Expr {
    match literal {
        Literal::Number(digits) => pg::Expr::Number(digits.clone()),
        Literal::Text(text) => pg::Expr::Text(text.clone()),
        Literal::Blob(bytes) => pg::Expr::Bytes(bytes.clone()),
        Literal::Bool(value) => pg::Expr::Bool(*value),
        Literal::Null => pg::Expr::Null,
    }
}

/// A literal that says its type: `5::int8`. Bytes and booleans always do.
pub(super) fn cast(literal: &Literal, ty: &Type) -> pg::Expr {
    match (literal, ty) {
        (Literal::Bool(_), Type::Bool) | (Literal::Blob(_), Type::Blob) => bare(literal),
        _ => pg::Expr::Cast(Box::new(bare(literal)), cast_type(ty)),
    }
}

/// Expressions that stand beside one another, as operands of one operator or items of one list: literals are bare if
/// one of them is no literal.
pub(super) fn operands(at: At<'_>, all: &[&Expr]) -> Vec<pg::Expr> {
    let is_given = all.iter().any(|expr| at.literal(expr).is_none());
    all.iter().map(|expr| if is_given { beside(at, expr) } else { expression::lower(at, expr) }).collect()
}

/// A value and what it is compared with, one after the other: the value says its type, for PostgreSQL takes a bare
/// string or null there for a text (`CASE NULL WHEN ..`, `NULL BETWEEN 1 AND ..`).
pub(super) fn compared(at: At<'_>, subject: &Expr, others: &[&Expr]) -> (pg::Expr, Vec<pg::Expr>) {
    let others = others.iter().map(|expr| beside(at, expr)).collect();
    (expression::lower(at, subject), others)
}

/// Expressions one of which becomes the value of the whole: PostgreSQL would find the domain of `uint256` only if
/// each of them has it.
pub(super) fn alternatives(at: At<'_>, all: &[&Expr]) -> Vec<pg::Expr> {
    match all.iter().any(|expr| holds_uint256(&expr.ty)) {
        true => all.iter().map(|expr| expression::lower(at, expr)).collect(),
        false => {
            operands(at, all).into_iter().zip(all).map(|(value, expr)| to_the_digit(value, expr)).collect()
        }
    }
}

/// A bare number with all the digits after the point that its type has, which the value of the whole shows:
/// `COALESCE(d, 1.50)`
pub(super) fn to_the_digit(value: pg::Expr, expr: &Expr) -> pg::Expr {
    let (pg::Expr::Number(digits), Type::Decimal(decimal)) = (&value, &expr.ty) else { return value };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let scale = usize::from(decimal.scale);
    if fraction.len() >= scale { value } else { pg::Expr::Number(format!("{whole}.{fraction:0<scale$}")) }
}

/// An expression that stands where its type is known.
pub(super) fn beside(at: At<'_>, expr: &Expr) -> pg::Expr {
    at.literal(expr).map_or_else(|| expression::lower(at, expr), bare)
}

/// An argument or a value of a declared type.
pub(super) fn declared(at: At<'_>, expr: &Expr, ty: &Type) -> pg::Expr {
    at.literal(expr).map_or_else(|| expression::lower(at, expr), |literal| cast(literal, ty))
}
