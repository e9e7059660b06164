//! Which types become which.

use super::probe::binary;
use crate::language::{DecimalType, Type};
use crate::pg::{Call, Expr, Namespace};

/// What becomes of the values of a column whose type changes.
pub(super) enum Conversion {
    /// Every value is the same value of the new type, and compares as before.
    Widening,
    /// Every value has a form in the new type, which is not the same to those who use it.
    Lossless,
    /// Those for which this holds have no form in the new type.
    Unless(Expr),
    /// There is none.
    Impossible,
}

/// True if values of type `from` are the same as values of type `to`.
pub(super) fn keeps(from: &Type, to: &Type) -> bool {
    from == to || widens(from, to)
}

fn widens(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Int, Type::Decimal(to)) => to.whole() >= INT_DIGITS,
        (Type::Uint256, Type::Decimal(to)) => to.whole() >= UINT256_DIGITS,
        (Type::Decimal(from), Type::Decimal(to)) => to.whole() >= from.whole() && to.scale >= from.scale,
        (Type::Array(from), Type::Array(to)) => keeps(from, to),
        _ => false,
    }
}

/// How `value`, of type `from`, becomes one of type `to`.
pub(super) fn conversion(value: &Expr, from: &Type, to: &Type) -> Conversion {
    let value = || value.clone();
    if widens(from, to) {
        return Conversion::Widening;
    }
    match (from, to) {
        (Type::Array(_), _) | (_, Type::Array(_)) => Conversion::Impossible,
        (Type::Int | Type::Decimal(_) | Type::Uint256 | Type::Uuid | Type::Bool, Type::Text) => {
            Conversion::Lossless
        }
        (Type::Int, Type::Uint256) => Conversion::Unless(binary(value(), "<", number("0"))),
        (Type::Int | Type::Uint256, Type::Decimal(to)) => Conversion::Unless(too_large(&value, to.whole())),
        (Type::Decimal(from), Type::Decimal(to)) => Conversion::Unless(narrower(&value, *from, *to)),
        (Type::Uint256, Type::Int) => Conversion::Unless(binary(value(), ">", number(INT_MAX))),
        (Type::Decimal(_), Type::Int) => Conversion::Unless(Expr::Or(vec![
            fractional(&value, 0),
            binary(value(), ">", number(INT_MAX)),
            binary(value(), "<", number(INT_MIN)),
        ])),
        (Type::Decimal(_), Type::Uint256) => Conversion::Unless(Expr::Or(vec![
            fractional(&value, 0),
            binary(value(), "<", number("0")),
            binary(value(), ">", number(UINT256_MAX)),
        ])),
        (Type::Text, to) => form(to).map_or(Conversion::Impossible, |form| {
            Conversion::Unless(binary(value(), "!~", Expr::Text(form)))
        }),
        _ => Conversion::Impossible,
    }
}

/// Digits that hold every `int`, and every `uint256`.
const INT_DIGITS: u16 = 19;
const UINT256_DIGITS: u16 = 78;
const INT_MAX: &str = "9223372036854775807";
const INT_MIN: &str = "-9223372036854775808";
const UINT256_MAX: &str = "115792089237316195423570985008687907853269984665640564039457584007913129639935";

fn number(digits: &str) -> Expr {
    Expr::Number(digits.to_owned())
}

fn call(function: &str, arguments: Vec<Expr>) -> Expr {
    Expr::Call(Box::new(Call::plain(Namespace::Catalog, function, arguments)))
}

/// True if there are more than `whole` digits before the point.
fn too_large(value: &impl Fn() -> Expr, whole: u16) -> Expr {
    let least = number(&format!("1{}.0", "0".repeat(whole.into())));
    // PostgreSQL has no absolute value of the least `int8`.
    let plain = Expr::Cast(Box::new(value()), crate::pg::Type::Numeric(None));
    binary(call("abs", vec![plain]), ">=", least)
}

/// True if there are digits other than 0 behind `scale` digits after the point.
fn fractional(value: &impl Fn() -> Expr, scale: u16) -> Expr {
    binary(value(), "<>", call("trunc", vec![value(), number(&scale.to_string())]))
}

fn narrower(value: &impl Fn() -> Expr, from: DecimalType, to: DecimalType) -> Expr {
    let mut lost = Vec::new();
    if to.whole() < from.whole() {
        lost.push(too_large(value, to.whole()));
    }
    if to.scale < from.scale {
        lost.push(fractional(value, to.scale));
    }
    match lost.len() {
        1 => lost.swap_remove(0),
        _ => Expr::Or(lost),
    }
}

/// The texts that are read as a value of a type, as a regular expression; PostgreSQL repeats 255 times at most.
fn form(ty: &Type) -> Option<String> {
    let digits = |most: u16| format!("[0-9]{{1,{}}}", most.clamp(1, 255));
    Some(match ty {
        Type::Int => format!("^-?{}$", digits(INT_DIGITS - 1)),
        Type::Uint256 => format!("^{}$", digits(UINT256_DIGITS - 1)),
        Type::Bool => "^(true|false)$".to_owned(),
        Type::Uuid => "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$".to_owned(),
        Type::Decimal(to) => {
            let whole = if to.whole() == 0 { "0".to_owned() } else { digits(to.whole()) };
            let fraction = if to.scale == 0 { String::new() } else { format!("([.]{})?", digits(to.scale)) };
            format!("^-?{whole}{fraction}$")
        }
        _ => return None,
    })
}
