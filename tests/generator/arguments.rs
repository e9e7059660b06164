//! Arguments of calls from outside, as JSON.

use kuneiform::language::Type;
use serde_json::{Value, json};

use super::choices::Choices;

/// An argument of type `ty`.
pub fn argument(choices: &mut Choices, name: &str, ty: &Type) -> Value {
    if name == "id" {
        return json!(choices.between(1, 8));
    }
    if choices.chance(10) {
        return Value::Null;
    }
    match ty {
        Type::Int if choices.chance(8) => json!(choices.between(-1_000_000, 1_000_000)),
        Type::Int => json!(choices.between(-3, 9)),
        Type::Text => {
            json!(choices.pick(&["", "a", "b", "abc", "Zed", " x ", "12", "\u{fc}ber", "it's", "a%b", "t"]))
        }
        Type::Bool => json!(choices.chance(50)),
        Type::Decimal(_) => json!(format!("{}.{:02}", choices.between(-99, 999), choices.between(0, 99))),
        Type::Uint256 => json!(choices.between(0, 500).to_string()),
        Type::Uuid => json!(format!("00000000-0000-0000-0000-00000000000{}", choices.below(4))),
        Type::Blob => {
            let byte = choices.below(256) as u8;
            json!(format!("0x{}", hex::encode(vec![byte; choices.below(3)])))
        }
        Type::Array(element) => {
            Value::Array((0..choices.below(4)).map(|_| argument(choices, "", element)).collect())
        }
        other => panic!("no parameter is {other}"),
    }
}
