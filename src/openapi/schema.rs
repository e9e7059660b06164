//! What values look like in JSON.

use serde_json::{Value, json};

use crate::interface::{Expose, Integers};
use crate::language::Type;

/// A value of a type; numbers that a double does not hold are strings.
pub fn of(expose: Option<&Expose>, ty: &Type) -> Value {
    match ty {
        Type::Int if expose.is_some_and(|it| it.integers == Integers::Text) => {
            json!({ "type": "string", "pattern": "^-?[0-9]+$", "description": "int" })
        }
        Type::Int => json!({ "type": "integer", "format": "int64" }),
        Type::Text | Type::Null | Type::Unknown => json!({ "type": "string" }),
        Type::Bool => json!({ "type": "boolean" }),
        Type::Blob => json!({ "type": "string", "pattern": "^\\\\x([0-9a-f]{2})*$", "description": "blob" }),
        Type::Uuid => json!({ "type": "string", "format": "uuid" }),
        Type::Decimal(_) => {
            json!({ "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$", "description": ty.to_string() })
        }
        Type::Uint256 => json!({ "type": "string", "pattern": "^[0-9]{1,78}$", "description": "uint256" }),
        Type::Array(element) => json!({ "type": "array", "items": nullable(of(expose, element), true) }),
    }
}

/// The same, or null.
pub fn nullable(mut schema: Value, is_nullable: bool) -> Value {
    if let (true, Some(ty)) = (is_nullable, schema.get_mut("type")) {
        *ty = json!([ty.clone(), "null"]);
    }
    schema
}

/// A default as an interface writes it.
pub fn default(text: &str, ty: &Type) -> Value {
    let number = || text.parse::<i64>().ok().filter(|_| *ty == Type::Int);
    match text {
        "null" => Value::Null,
        "true" => json!(true),
        "false" => json!(false),
        _ => match (text.strip_prefix('\''), text.strip_prefix("0x"), number()) {
            (Some(rest), ..) => json!(rest.strip_suffix('\'').unwrap_or(rest).replace("''", "'")),
            (_, Some(digits), _) => json!(format!("\\x{}", digits.to_lowercase())),
            (.., Some(number)) => json!(number),
            _ => json!(text),
        },
    }
}

/// What a fault looks like.
pub fn error() -> Value {
    json!({
        "type": "object",
        "properties": {
            "code": { "type": "string", "description": "SQLSTATE, KF001 where an action raised; or a code of the gateway" },
            "message": { "type": "string" },
            "details": { "type": ["string", "null"] },
            "hint": { "type": ["string", "null"] },
        },
        "required": ["code", "message"],
    })
}
