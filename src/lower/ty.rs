use crate::language::Type;
use crate::pg;

/// The type a cast names. An open type stands for a null nobody asked anything of, which is text to PostgreSQL too.
pub fn cast_type(ty: &Type) -> pg::Type {
    match ty {
        Type::Int => pg::Type::Int8,
        Type::Text | Type::Null | Type::Unknown => pg::Type::Text,
        Type::Bool => pg::Type::Boolean,
        Type::Blob => pg::Type::Bytea,
        Type::Uuid => pg::Type::Uuid,
        Type::Decimal(decimal) => pg::Type::Numeric(Some((decimal.precision, decimal.scale))),
        Type::Uint256 => pg::Type::Uint256,
        Type::Array(element) => pg::Type::Array(Box::new(cast_type(element))),
    }
}

/// The type of a parameter or a result: PostgreSQL keeps no precision there.
pub(super) fn value_type(ty: &Type) -> pg::Type {
    match cast_type(ty) {
        pg::Type::Numeric(_) => pg::Type::Numeric(None),
        pg::Type::Array(element) if matches!(*element, pg::Type::Numeric(_)) => {
            pg::Type::Array(Box::new(pg::Type::Numeric(None)))
        }
        other => other,
    }
}

/// True for types whose order depends on a collation.
pub(super) fn is_collatable(ty: &Type) -> bool {
    match ty {
        Type::Array(element) => is_collatable(element),
        _ => *ty == Type::Text,
    }
}

/// True for `uint256` and arrays of it: PostgreSQL computes with the domain's base type and has to be told to check.
pub(super) fn holds_uint256(ty: &Type) -> bool {
    match ty {
        Type::Array(element) => holds_uint256(element),
        _ => *ty == Type::Uint256,
    }
}
