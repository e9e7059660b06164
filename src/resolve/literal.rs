use crate::hir::Literal;
use crate::language::{DecimalType, Type};
use crate::syntax::ast::LiteralKind;

/// 2^256 - 1
const UINT256_MAX: &str = "115792089237316195423570985008687907853269984665640564039457584007913129639935";

/// Why a literal is not a value of a type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Misfit {
    /// It is a value of another type.
    WrongType,
    /// It has the right form and is too large, too small or too precise; says what fits.
    OutOfRange(String),
}

/// Reads a literal as a value of `ty`. An integer fits every numeric type that holds it; a decimal fits decimals with
/// room for its digits; a text of the right form fits `uuid`; null fits everything.
pub fn fit(literal: &LiteralKind, ty: &Type) -> Result<Literal, Misfit> {
    match (literal, ty) {
        (LiteralKind::Null, _) => Ok(Literal::Null),
        (LiteralKind::Bool(value), Type::Bool) => Ok(Literal::Bool(*value)),
        (LiteralKind::Text(text), Type::Text) => Ok(Literal::Text(text.clone())),
        (LiteralKind::Text(text), Type::Uuid) => uuid(text),
        (LiteralKind::Blob(bytes), Type::Blob) => Ok(Literal::Blob(bytes.clone())),
        (LiteralKind::Integer(digits), Type::Int) => int(digits),
        (LiteralKind::Integer(digits), Type::Uint256) => uint256(digits),
        (LiteralKind::Integer(digits) | LiteralKind::Decimal(digits), Type::Decimal(decimal)) => {
            fixed_point(digits, *decimal)
        }
        _ => Err(Misfit::WrongType),
    }
}

/// The type a literal has where nothing asks for another.
pub fn natural_type(literal: &LiteralKind) -> Type {
    match literal {
        LiteralKind::Integer(_) => Type::Int,
        LiteralKind::Decimal(digits) => {
            let (whole, fraction) = digit_counts(digits);
            Type::Decimal(DecimalType::fitting(whole, fraction))
        }
        LiteralKind::Text(_) => Type::Text,
        LiteralKind::Blob(_) => Type::Blob,
        LiteralKind::Bool(_) => Type::Bool,
        LiteralKind::Null => Type::Null,
    }
}

/// Digits before the point that count, and digits after it.
fn digit_counts(digits: &str) -> (u16, u16) {
    let (whole, fraction) = digits.trim_start_matches('-').split_once('.').unwrap_or((digits, ""));
    let whole = whole.trim_start_matches('-').trim_start_matches('0');
    let clamp = |length: usize| u16::try_from(length).unwrap_or(u16::MAX);
    (clamp(whole.len()), clamp(fraction.len()))
}

fn int(digits: &str) -> Result<Literal, Misfit> {
    match digits.parse::<i64>() {
        Ok(value) => Ok(Literal::Number(value.to_string())),
        Err(_) => Err(Misfit::OutOfRange(format!("`int` holds {} to {}", i64::MIN, i64::MAX))),
    }
}

fn uint256(digits: &str) -> Result<Literal, Misfit> {
    let plain = digits.trim_start_matches('0');
    let plain = if plain.is_empty() { "0" } else { plain };
    let fits = !digits.starts_with('-')
        && (plain.len() < UINT256_MAX.len() || (plain.len() == UINT256_MAX.len() && plain <= UINT256_MAX));
    if fits {
        Ok(Literal::Number(plain.to_owned()))
    } else {
        Err(Misfit::OutOfRange("`uint256` holds 0 to 2^256 - 1".into()))
    }
}

fn fixed_point(digits: &str, ty: DecimalType) -> Result<Literal, Misfit> {
    let (whole, fraction) = digit_counts(digits);
    if fraction > ty.scale {
        return Err(Misfit::OutOfRange(format!(
            "`{}` has {} digits after the point",
            Type::Decimal(ty),
            ty.scale
        )));
    }
    if whole > ty.whole() {
        return Err(Misfit::OutOfRange(format!(
            "`{}` has {} digits before the point",
            Type::Decimal(ty),
            ty.whole()
        )));
    }
    Ok(Literal::Number(digits.to_owned()))
}

fn uuid(text: &str) -> Result<Literal, Misfit> {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let hexadecimal = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if lengths == [8, 4, 4, 4, 12] && hexadecimal {
        Ok(Literal::Text(text.to_ascii_lowercase()))
    } else {
        Err(Misfit::OutOfRange("a uuid is 8-4-4-4-12 hexadecimal digits".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integer(digits: &str, ty: Type) -> Result<Literal, Misfit> {
        fit(&LiteralKind::Integer(digits.into()), &ty)
    }

    #[test]
    fn integers_fit_what_holds_them() {
        assert_eq!(
            integer("-9223372036854775808", Type::Int),
            Ok(Literal::Number("-9223372036854775808".into()))
        );
        assert!(integer("9223372036854775808", Type::Int).is_err());
        assert!(integer("9223372036854775808", Type::Uint256).is_ok());
        assert!(integer(UINT256_MAX, Type::Uint256).is_ok());
        let one_more = "115792089237316195423570985008687907853269984665640564039457584007913129639936";
        assert!(integer(one_more, Type::Uint256).is_err());
        assert!(integer("-1", Type::Uint256).is_err());
        assert!(integer("100", Type::decimal(4, 2)).is_err());
        assert!(integer("0099", Type::decimal(4, 2)).is_ok());
    }

    #[test]
    fn decimals_take_their_type_from_their_digits() {
        assert_eq!(natural_type(&LiteralKind::Decimal("1.50".into())), Type::decimal(3, 2));
        assert_eq!(natural_type(&LiteralKind::Decimal("-0.5".into())), Type::decimal(1, 1));
        assert!(fit(&LiteralKind::Decimal("1.505".into()), &Type::decimal(10, 2)).is_err());
        assert!(fit(&LiteralKind::Decimal("1.5".into()), &Type::Int).is_err());
    }
}
