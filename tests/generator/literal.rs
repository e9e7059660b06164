//! Types and literals.

use kuneiform::language::Type;

use super::choices::Choices;

const TEXTS: &[&str] =
    &["", "a", "b", "ab", "Abc", "x y", " pad ", "it''s", "5", "\u{e4}\u{f6}", "zz%_", "null"];

/// Types of columns, parameters and variables.
pub fn types() -> Vec<Type> {
    vec![
        Type::Int,
        Type::Text,
        Type::Bool,
        Type::Decimal(kuneiform::language::DecimalType { precision: 8, scale: 2 }),
        Type::decimal(12, 4),
        Type::Uint256,
        Type::Uuid,
        Type::Blob,
        Type::array(Type::Int),
        Type::array(Type::Text),
    ]
}

/// A type, the common ones more often.
pub fn any_type(choices: &mut Choices) -> Type {
    match choices.below(10) {
        0..=3 => Type::Int,
        4 | 5 => Type::Text,
        _ => choices.pick(&types()).clone(),
    }
}

/// A type whose values sort.
pub fn sortable(choices: &mut Choices) -> Type {
    choices.pick(&[Type::Int, Type::Int, Type::Text, Type::decimal(8, 2), Type::Uint256]).clone()
}

/// A literal as a table's default: no cast.
pub fn plain(choices: &mut Choices, ty: &Type) -> String {
    match ty {
        Type::Int => choices.between(0, 9).to_string(),
        Type::Uint256 => choices.between(0, 99).to_string(),
        Type::Decimal(_) => format!("{}.{}", choices.between(0, 99), choices.between(0, 9)),
        Type::Bool => choices.chance(50).to_string(),
        Type::Blob => format!("0x{:02x}", choices.below(256)),
        _ => format!("'{}'", choices.pick(TEXTS)),
    }
}

/// A literal anywhere.
pub fn literal(choices: &mut Choices, ty: &Type) -> String {
    if choices.chance(4) {
        return format!("null::{ty}");
    }
    match ty {
        Type::Int if choices.chance(20) => format!("({})", choices.between(-50, -1)),
        Type::Decimal(_) => {
            let (sign, whole) = (if choices.chance(20) { "-" } else { "" }, choices.between(0, 99));
            format!("({sign}{whole}.{:02})::{ty}", choices.between(0, 99))
        }
        Type::Uint256 => format!("{}::uint256", choices.between(0, 99)),
        Type::Uuid => format!("'00000000-0000-0000-0000-00000000000{}'::uuid", choices.below(4)),
        Type::Blob => format!("0x{}", hex::encode(vec![choices.below(256) as u8; 1 + choices.below(2)])),
        Type::Array(element) => {
            let count = choices.below(4);
            let all: Vec<String> = (0..count).map(|_| literal(choices, element)).collect();
            format!("ARRAY[{}]::{ty}", all.join(", "))
        }
        _ => plain(choices, ty),
    }
}

/// A divisor that is not zero.
pub fn divisor(choices: &mut Choices, ty: &Type) -> String {
    match ty {
        Type::Int => choices.between(1, 9).to_string(),
        _ => format!("{}::{ty}", choices.between(1, 9)),
    }
}
