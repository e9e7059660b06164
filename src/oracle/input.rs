use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::encoding::{Malformed, Reader, Writer};
use super::limits;

/// A value for a parameter, as text that is read by the parameter's type when the event is applied.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub enum Input {
    /// Null.
    Null,
    /// A scalar in the form of the command line: `5`, `true`, `0xab`, any text.
    One(String),
    /// An array of such, with nulls.
    Many(Vec<Option<String>>),
}

impl Input {
    /// The JSON that calls take.
    pub fn to_json(&self) -> Value {
        let one = |text: &String| Value::String(text.clone());
        match self {
            Input::Null => Value::Null,
            Input::One(text) => one(text),
            Input::Many(elements) => {
                elements.iter().map(|element| element.as_ref().map_or(Value::Null, one)).collect()
            }
        }
    }

    /// Every text in it.
    pub(super) fn texts(&self) -> Vec<&String> {
        match self {
            Input::Null => Vec::new(),
            Input::One(text) => vec![text],
            Input::Many(elements) => elements.iter().flatten().collect(),
        }
    }

    pub(super) fn write(&self, to: &mut Writer) {
        match self {
            Input::Null => to.tag(0),
            Input::One(text) => {
                to.tag(1);
                to.text(text);
            }
            Input::Many(elements) => {
                to.tag(2);
                to.count(elements.len());
                for element in elements {
                    to.option(element.as_ref(), |to, text| to.text(text));
                }
            }
        }
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<Input, Malformed> {
        let text = |from: &mut Reader<'_>| from.text().map(str::to_owned);
        match from.tag()? {
            0 => Ok(Input::Null),
            1 => text(from).map(Input::One),
            2 => from.many(limits::EVENT_BYTES, |from| from.option(text)).map(Input::Many),
            _ => Err(Malformed("an unknown tag")),
        }
    }
}

impl From<&str> for Input {
    fn from(text: &str) -> Input {
        Input::One(text.to_owned())
    }
}

impl From<String> for Input {
    fn from(text: String) -> Input {
        Input::One(text)
    }
}

impl From<i64> for Input {
    fn from(number: i64) -> Input {
        Input::One(number.to_string())
    }
}

impl From<bool> for Input {
    fn from(truth: bool) -> Input {
        Input::One(truth.to_string())
    }
}

impl From<Input> for Value {
    fn from(input: Input) -> Value {
        input.to_json()
    }
}

impl TryFrom<Value> for Input {
    type Error = &'static str;

    /// `5` and `"5"` are the same input. Numbers with a fraction have lost digits on the way and are refused.
    fn try_from(value: Value) -> Result<Input, Self::Error> {
        match value {
            Value::Array(elements) => elements.iter().map(scalar).collect::<Result<_, _>>().map(Input::Many),
            value => scalar(&value).map(|text| text.map_or(Input::Null, Input::One)),
        }
    }
}

fn scalar(value: &Value) -> Result<Option<String>, &'static str> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(truth) => Ok(Some(truth.to_string())),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Number(number) if number.is_i64() || number.is_u64() => Ok(Some(number.to_string())),
        Value::Number(_) => Err("a number with a fraction or exponent must be written as a string"),
        Value::Array(_) | Value::Object(_) => Err("an input is null, a scalar or an array of scalars"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Input, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn json_becomes_text_without_losing_digits() {
        assert_eq!(read("5"), Ok(Input::from("5")));
        assert_eq!(read("5"), Ok(Input::from(5)));
        assert_eq!(read("18446744073709551615"), Ok(Input::from("18446744073709551615")));
        assert_eq!(read("true"), Ok(Input::from(true)));
        assert_eq!(read("null"), Ok(Input::Null));
        assert_eq!(read(r#"["a",null,1]"#), Ok(Input::Many(vec![Some("a".into()), None, Some("1".into())])));
        for refused in ["1.5", "1e3", "18446744073709551616", "{}", "[[1]]", "[0.1]"] {
            assert!(read(refused).is_err(), "{refused}");
        }
    }
}
