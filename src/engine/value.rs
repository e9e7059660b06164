use crate::deploy::call::Given;

/// A typed argument. What the action's parameter does not take is refused with `KF011`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// NULL, of any type.
    Null,
    /// `int`
    Int(i64),
    /// `text`
    Text(String),
    /// `bool`
    Bool(bool),
    /// `blob`
    Blob(Vec<u8>),
    /// `uuid`
    Uuid([u8; 16]),
    /// `decimal` or `uint256`: digits with an optional sign and point.
    Number(String),
    /// An array.
    Array(Vec<Value>),
}

impl From<Value> for serde_json::Value {
    fn from(value: Value) -> serde_json::Value {
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Int(number) => number.into(),
            Value::Text(text) | Value::Number(text) => text.into(),
            Value::Bool(truth) => truth.into(),
            Value::Blob(bytes) => format!("0x{}", hex::encode(bytes)).into(),
            Value::Uuid(bytes) => uuid(&hex::encode(bytes)).into(),
            Value::Array(values) => values.into_iter().map(serde_json::Value::from).collect(),
        }
    }
}

impl From<Vec<Value>> for Given {
    fn from(values: Vec<Value>) -> Given {
        Given::Json(values.into_iter().map(serde_json::Value::from).collect())
    }
}

/// `67e55044-10b1-426f-9247-bb680e5fe0c8`
fn uuid(digits: &str) -> String {
    let part = |from, to| digits.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_arguments_are_read() {
        let uuid = Value::Uuid(hex::decode("67e5504410b1426f9247bb680e5fe0c8").unwrap().try_into().unwrap());
        let all =
            Value::Array(vec![Value::Blob(vec![0xab]), Value::Number("1.50".into()), uuid, Value::Null]);
        let json: serde_json::Value = all.into();
        assert_eq!(json.to_string(), r#"["0xab","1.50","67e55044-10b1-426f-9247-bb680e5fe0c8",null]"#);
    }
}
