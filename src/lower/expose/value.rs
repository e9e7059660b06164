//! What values look like on the way through JSON.

use crate::interface::{Expose, Integers};
use crate::language::Type;
use crate::lower::ty::value_type;
use crate::pg::{self, Expr};

/// The type a value travels as: JSON numbers are doubles to most who read them, so numbers that a double does not hold
/// are text.
pub fn carrier(expose: &Expose, ty: &Type) -> pg::Type {
    match ty {
        Type::Array(element) => pg::Type::Array(Box::new(carrier(expose, element))),
        ty if travels_as_text(expose, ty) => pg::Type::Text,
        ty => value_type(ty),
    }
}

fn travels_as_text(expose: &Expose, ty: &Type) -> bool {
    match ty {
        Type::Decimal(_) | Type::Uint256 => true,
        Type::Int => expose.integers == Integers::Text,
        _ => false,
    }
}

/// A value that came, as the action takes it.
pub fn received(expose: &Expose, value: Expr, ty: &Type) -> Expr {
    cast(value, &carrier(expose, ty), value_type(ty))
}

/// A value of the action, as it goes out.
pub fn sent(expose: &Expose, value: Expr, ty: &Type) -> Expr {
    cast(value, &value_type(ty), carrier(expose, ty))
}

fn cast(value: Expr, from: &pg::Type, to: pg::Type) -> Expr {
    if *from == to { value } else { Expr::Cast(Box::new(value), to) }
}

/// A default as an interface writes it: `null`, `true`, `'it''s'`, `0xab`, `-1.5`.
pub fn default(expose: &Expose, text: &str, ty: &Type) -> Expr {
    let value = match text {
        "null" => Expr::Null,
        "true" => Expr::Bool(true),
        "false" => Expr::Bool(false),
        _ => match (text.strip_prefix('\''), text.strip_prefix("0x")) {
            (Some(rest), _) => Expr::Text(rest.strip_suffix('\'').unwrap_or(rest).replace("''", "'")),
            (_, Some(digits)) => Expr::Bytes(hex::decode(digits).unwrap_or_default()),
            _ if travels_as_text(expose, ty) => Expr::Text(text.to_owned()),
            _ => Expr::Number(text.to_owned()),
        },
    };
    Expr::Cast(Box::new(value), carrier(expose, ty))
}
