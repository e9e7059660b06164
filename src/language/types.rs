use std::fmt;

use serde::{Deserialize, Serialize};

/// Precision and scale of a `decimal(p, s)`, in decimal digits. 1 <= p <= 1000 and s <= p.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct DecimalType {
    /// Digits in all.
    pub precision: u16,
    /// Digits after the point.
    pub scale: u16,
}

impl DecimalType {
    /// PostgreSQL's largest declared precision.
    pub const MAX_PRECISION: u16 = 1000;

    /// The type that holds `whole` digits before and `scale` after the point, cut to the largest precision.
    pub fn fitting(whole: u16, scale: u16) -> DecimalType {
        let scale = scale.min(Self::MAX_PRECISION);
        DecimalType { precision: whole.saturating_add(scale).clamp(scale.max(1), Self::MAX_PRECISION), scale }
    }

    /// Digits before the point.
    pub fn whole(self) -> u16 {
        self.precision.saturating_sub(self.scale)
    }
}

/// The type of a value. Nullability is kept beside it, not in it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Type {
    /// 64-bit signed integer: `int8`.
    Int,
    /// UTF-8 text compared by bytes: `text COLLATE "C"`.
    Text,
    /// `boolean`.
    Bool,
    /// Bytes: `bytea`.
    Blob,
    /// `uuid`.
    Uuid,
    /// `numeric(p, s)`.
    Decimal(DecimalType),
    /// 0 to 2^256 - 1: the domain `kf.uint256`.
    Uint256,
    /// One-dimensional array of a scalar type.
    Array(Box<Type>),
    /// The type of a bare `null`, which fits everywhere.
    Null,
    /// The type of something already reported as wrong; fits everywhere and is never reported again.
    Unknown,
}

impl Type {
    /// `decimal(precision, scale)`.
    pub fn decimal(precision: u16, scale: u16) -> Type {
        Type::Decimal(DecimalType { precision, scale })
    }

    /// An array of `element`.
    pub fn array(element: Type) -> Type {
        Type::Array(Box::new(element))
    }

    /// True for `int`, `decimal` and `uint256`.
    pub fn is_numeric(&self) -> bool {
        matches!(self, Type::Int | Type::Decimal(_) | Type::Uint256)
    }

    /// True for types that say nothing: `null` and a type already reported.
    pub fn is_open(&self) -> bool {
        matches!(self, Type::Null | Type::Unknown)
    }

    /// The type a name stands for, if it is one of the accepted spellings of a type without parameters.
    pub fn from_word(word: &str) -> Option<Type> {
        Some(match word {
            "int" | "int8" | "integer" | "bigint" => Type::Int,
            "text" | "string" => Type::Text,
            "bool" | "boolean" => Type::Bool,
            "blob" | "bytea" => Type::Blob,
            "uuid" => Type::Uuid,
            "uint256" => Type::Uint256,
            _ => return None,
        })
    }

    /// Every accepted spelling, for suggestions.
    pub const WORDS: &'static [&'static str] = &[
        "int", "int8", "integer", "bigint", "text", "string", "bool", "boolean", "blob", "bytea", "uuid",
        "decimal", "numeric", "uint256",
    ];
}

impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Int => formatter.write_str("int"),
            Type::Text => formatter.write_str("text"),
            Type::Bool => formatter.write_str("bool"),
            Type::Blob => formatter.write_str("blob"),
            Type::Uuid => formatter.write_str("uuid"),
            Type::Decimal(decimal) => write!(formatter, "decimal({},{})", decimal.precision, decimal.scale),
            Type::Uint256 => formatter.write_str("uint256"),
            Type::Array(element) => write!(formatter, "{element}[]"),
            Type::Null => formatter.write_str("null"),
            Type::Unknown => formatter.write_str("unknown"),
        }
    }
}

impl From<Type> for String {
    fn from(ty: Type) -> String {
        ty.to_string()
    }
}

impl TryFrom<String> for Type {
    type Error = String;

    /// Reads what [`Display`](fmt::Display) prints.
    fn try_from(text: String) -> Result<Type, String> {
        if let Some(element) = text.strip_suffix("[]") {
            return Type::try_from(element.to_owned()).map(Type::array);
        }
        if let Some(numbers) = text.strip_prefix("decimal(").and_then(|rest| rest.strip_suffix(')')) {
            let parsed = numbers.split_once(',').and_then(|(p, s)| Some((p.parse().ok()?, s.parse().ok()?)));
            return parsed.map(|(p, s)| Type::decimal(p, s)).ok_or_else(|| format!("not a type: {text}"));
        }
        match text.as_str() {
            "null" => Ok(Type::Null),
            "unknown" => Ok(Type::Unknown),
            word => Type::from_word(word).ok_or_else(|| format!("not a type: {word}")),
        }
    }
}
