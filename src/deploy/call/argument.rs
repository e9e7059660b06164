use serde_json::Value;

use crate::language::{DecimalType, Type};

/// An argument as it is bound: text that PostgreSQL casts, a list of such for arrays, or null.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Argument {
    /// A scalar.
    One(Option<String>),
    /// An array.
    Many(Option<Vec<Option<String>>>),
}

/// Reads an argument of the command line. `null` is null, except for text; arrays are JSON.
///
/// # Errors
/// What it should have been, to follow "is not".
pub fn from_word(word: &str, ty: &Type) -> Result<Argument, String> {
    match ty {
        Type::Array(_) => from_json(&serde_json::from_str(word).map_err(|_| "a JSON array".to_owned())?, ty),
        Type::Text => scalar(word, ty).map(|text| Argument::One(Some(text))),
        _ if word == "null" => Ok(Argument::One(None)),
        _ => scalar(word, ty).map(|text| Argument::One(Some(text))),
    }
}

/// Reads an argument given as JSON: numbers, strings in the form of the command line, booleans, null, arrays of these.
///
/// # Errors
/// What it should have been, to follow "is not".
pub fn from_json(value: &Value, ty: &Type) -> Result<Argument, String> {
    let Type::Array(element) = ty else { return json_scalar(value, ty).map(Argument::One) };
    match value {
        Value::Null => Ok(Argument::Many(None)),
        Value::Array(values) => {
            let elements: Result<Vec<_>, _> =
                values.iter().map(|value| json_scalar(value, element)).collect();
            elements.map(|elements| Argument::Many(Some(elements)))
        }
        _ => Err("a JSON array".to_owned()),
    }
}

/// Reads a default as the language writes literals: `'it''s'`, `5`, `0xab`, `true`, `null`.
///
/// # Errors
/// What it should have been, to follow "is not".
pub fn from_literal(text: &str, ty: &Type) -> Result<Argument, String> {
    let quoted = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    match (quoted, ty) {
        (None, _) if text.eq_ignore_ascii_case("null") => Ok(null(ty)),
        (Some(inner), _) => scalar(&inner.replace("''", "'"), ty).map(|text| Argument::One(Some(text))),
        (None, _) => from_word(text, ty),
    }
}

fn null(ty: &Type) -> Argument {
    match ty {
        Type::Array(_) => Argument::Many(None),
        _ => Argument::One(None),
    }
}

fn json_scalar(value: &Value, ty: &Type) -> Result<Option<String>, String> {
    match (value, ty) {
        (Value::Null, _) => Ok(None),
        (Value::String(text), _) => scalar(text, ty).map(Some),
        (Value::Bool(truth), Type::Bool) => Ok(Some(truth.to_string())),
        (Value::Number(number), Type::Int | Type::Decimal(_) | Type::Uint256) => {
            let text = number.to_string();
            // JSON numbers that are not integers have passed through a float.
            let exact =
                number.is_i64() || number.is_u64() || text.bytes().filter(u8::is_ascii_digit).count() <= 15;
            if exact {
                scalar(&text, ty).map(Some)
            } else {
                Err(format!("exact as a JSON number; write {ty} as a string"))
            }
        }
        _ => Err(expected(ty)),
    }
}

/// Checks `text` and gives what PostgreSQL is to cast.
fn scalar(text: &str, ty: &Type) -> Result<String, String> {
    let checked = match ty {
        Type::Int => text.parse::<i64>().ok().map(|number| number.to_string()),
        Type::Bool => ["true", "false"].contains(&text).then(|| text.to_owned()),
        Type::Blob => text
            .strip_prefix("0x")
            .filter(|digits| hex::decode(digits).is_ok())
            .map(|digits| format!("\\x{digits}")),
        Type::Uuid => is_uuid(text).then(|| text.to_owned()),
        Type::Decimal(decimal) => fits(text, *decimal).then(|| text.to_owned()),
        Type::Uint256 => is_uint256(text).then(|| text.to_owned()),
        Type::Text | Type::Null | Type::Unknown => (!text.contains('\0')).then(|| text.to_owned()),
        Type::Array(_) => None,
    };
    checked.ok_or_else(|| expected(ty))
}

fn expected(ty: &Type) -> String {
    match ty {
        Type::Int => "an int, from -9223372036854775808 to 9223372036854775807".to_owned(),
        Type::Bool => "a bool, `true` or `false`".to_owned(),
        Type::Blob => "a blob, `0x` and pairs of hexadecimal digits".to_owned(),
        Type::Uuid => "a uuid, as `67e55044-10b1-426f-9247-bb680e5fe0c8`".to_owned(),
        Type::Decimal(DecimalType { precision, scale }) => {
            format!(
                "a decimal({precision},{scale}), at most {} digits before and {scale} after the point",
                precision - scale
            )
        }
        Type::Uint256 => "a uint256, from 0 to 2^256 - 1".to_owned(),
        Type::Text | Type::Null | Type::Unknown => "a text without NUL".to_owned(),
        Type::Array(element) => format!("a JSON array of {element}"),
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// True for a plain number that the type holds without rounding.
fn fits(text: &str, ty: DecimalType) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    is_digits(whole)
        && is_digits(fraction)
        && whole.trim_start_matches('0').len() <= usize::from(ty.whole())
        && fraction.trim_end_matches('0').len() <= usize::from(ty.scale)
}

/// 2^256 - 1.
const LARGEST: &str = "115792089237316195423570985008687907853269984665640564039457584007913129639935";

fn is_uint256(text: &str) -> bool {
    let digits = text.trim_start_matches('0');
    is_digits(text) && (digits.len() < LARGEST.len() || (digits.len() == LARGEST.len() && digits <= LARGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(word: &str, ty: &str) -> Option<Option<String>> {
        match from_word(word, &Type::try_from(ty.to_owned()).unwrap()) {
            Ok(Argument::One(value)) => Some(value),
            _ => None,
        }
    }

    #[test]
    fn words_are_checked_by_type() {
        let good = [
            ("-5", "int"),
            ("true", "bool"),
            ("1.50", "decimal(3,1)"),
            ("0012", "uint256"),
            (LARGEST, "uint256"),
            ("67e55044-10b1-426f-9247-bb680e5fe0c8", "uuid"),
            ("", "text"),
            ("null", "text"),
        ];
        for (text, ty) in good {
            assert!(matches!(word(text, ty), Some(Some(_))), "{text} {ty}");
        }
        let bad = [
            ("9223372036854775808", "int"),
            ("1.0", "int"),
            (" 1", "int"),
            ("yes", "bool"),
            ("1.55", "decimal(3,1)"),
            ("100", "decimal(3,1)"),
            ("NaN", "decimal(3,1)"),
            ("1e3", "decimal(9,1)"),
            (".5", "decimal(3,1)"),
            ("-1", "uint256"),
            ("115792089237316195423570985008687907853269984665640564039457584007913129639936", "uint256"),
            ("67e55044", "uuid"),
            ("abcd", "blob"),
            ("0xabc", "blob"),
            ("0xzz", "blob"),
        ];
        for (text, ty) in bad {
            assert_eq!(word(text, ty), None, "{text} {ty}");
        }
        assert_eq!(word("null", "int"), Some(None));
        assert_eq!(word("0xDEad", "blob"), Some(Some("\\xDEad".into())));
    }

    #[test]
    fn arrays_and_json_and_literals() {
        let ty = Type::array(Type::Int);
        let many = |elements: &[Option<&str>]| {
            Argument::Many(Some(elements.iter().map(|element| element.map(str::to_owned)).collect()))
        };
        assert_eq!(from_word("[1, null, \"3\"]", &ty), Ok(many(&[Some("1"), None, Some("3")])));
        assert!(
            from_word("1,2", &ty).is_err()
                && from_word("[1.5]", &ty).is_err()
                && from_word("[[1]]", &ty).is_err()
        );
        assert_eq!(from_word("null", &ty), Ok(Argument::Many(None)));
        let decimal = Type::decimal(30, 20);
        assert!(from_json(&serde_json::json!(0.1), &decimal).is_ok());
        assert!(from_json(&serde_json::from_str("0.12345678901234567890").unwrap(), &decimal).is_err());
        assert_eq!(from_json(&Value::Null, &Type::Text), Ok(Argument::One(None)));
        assert!(from_json(&serde_json::json!("a\u{0}"), &Type::Text).is_err());
        assert_eq!(from_literal("'it''s'", &Type::Text), Ok(Argument::One(Some("it's".into()))));
        assert_eq!(from_literal("null", &Type::Text), Ok(Argument::One(None)));
        assert_eq!(from_literal("0xab", &Type::Blob), Ok(Argument::One(Some("\\xab".into()))));
    }
}
