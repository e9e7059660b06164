//! Types and literals.

use kuneiform::language::Type;

use super::choices::Choices;

pub const TEXTS: &[&str] =
    &["", "a", "b", "ab", "Abc", "x y", " pad ", "it''s", "5", "\u{e4}\u{f6}", "zz%_", "null", "a\\b", "Zed"];

/// Types that are no arrays.
pub fn scalars() -> Vec<Type> {
    vec![
        Type::Int,
        Type::Text,
        Type::Bool,
        Type::decimal(8, 2),
        Type::decimal(12, 4),
        Type::Uint256,
        Type::Uuid,
        Type::Blob,
    ]
}

/// Types of columns, parameters and variables.
pub fn types() -> Vec<Type> {
    let mut all = scalars();
    all.extend(scalars().into_iter().map(Type::array));
    all
}

/// A type, the common ones more often.
pub fn any_type(choices: &mut Choices) -> Type {
    match choices.below(10) {
        0..=2 => Type::Int,
        3 | 4 => Type::Text,
        5 => Type::array(choices.pick(&[Type::Int, Type::Text]).clone()),
        _ => choices.pick(&types()).clone(),
    }
}

/// A type whose values have an order.
pub fn sortable(choices: &mut Choices) -> Type {
    match choices.below(4) {
        0 | 1 => Type::Int,
        2 => Type::Text,
        _ => choices.pick(&scalars().into_iter().filter(is_sortable).collect::<Vec<_>>()).clone(),
    }
}

/// True for types whose values may stand beside `<` and in ORDER BY.
pub fn is_sortable(ty: &Type) -> bool {
    !matches!(ty, Type::Bool | Type::Array(_))
}

/// A type `min`, `greatest` and so on take.
pub fn orderable(choices: &mut Choices) -> Type {
    choices.pick(&[Type::Int, Type::Text, Type::decimal(8, 2), Type::decimal(12, 4), Type::Uint256]).clone()
}

/// A literal as a table's default: no cast.
pub fn plain(choices: &mut Choices, ty: &Type) -> String {
    match ty {
        Type::Int => choices.between(0, 9).to_string(),
        Type::Uint256 => choices.between(0, 99).to_string(),
        Type::Decimal(_) => format!("{}.{}", choices.between(0, 99), choices.between(0, 9)),
        Type::Bool => choices.chance(50).to_string(),
        Type::Blob => format!("0x{:02x}", choices.below(256)),
        Type::Uuid => format!("'00000000-0000-0000-0000-00000000000{}'", choices.below(4)),
        _ => format!("'{}'", choices.pick(TEXTS)),
    }
}

/// A literal anywhere.
pub fn literal(choices: &mut Choices, ty: &Type) -> String {
    if choices.chance(5) {
        return format!("null::{ty}");
    }
    present(choices, ty)
}

/// A literal that is not null.
pub fn present(choices: &mut Choices, ty: &Type) -> String {
    match ty {
        Type::Int if choices.chance(20) => format!("({})", choices.between(-50, -1)),
        Type::Decimal(_) => {
            let (sign, whole) = (if choices.chance(20) { "-" } else { "" }, choices.between(0, 99));
            format!("({sign}{whole}.{:02})::{ty}", choices.between(0, 99))
        }
        Type::Uint256 => format!("{}::uint256", choices.between(0, 99)),
        Type::Uuid => format!("'00000000-0000-0000-0000-00000000000{}'::uuid", choices.below(4)),
        Type::Blob => {
            let byte = choices.below(256) as u8;
            format!("0x{}", hex::encode(vec![byte; 1 + choices.below(3)]))
        }
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
