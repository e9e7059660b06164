//! The functions of the language, by name.

use super::decimal::{Decimal, is_zero};
use super::values::{Fault, Value, fault, order, overflow, same};
use super::{bytes, format};

/// A call that is no aggregate and has its arguments' values.
pub fn call(name: &str, arguments: &[Value]) -> Result<Value, Fault> {
    match name {
        "coalesce" => return Ok(arguments.iter().find(|it| !it.is_null()).cloned().unwrap_or(Value::Null)),
        "greatest" | "least" => return Ok(extreme(arguments, name == "greatest")),
        "nullif" => {
            let equal = !arguments[0].is_null() && same(&arguments[0], &arguments[1]);
            return Ok(if equal { Value::Null } else { arguments[0].clone() });
        }
        "format" if arguments[0].is_null() => return Ok(Value::Null),
        "format" => return format::format(arguments[0].text(), &arguments[1..]),
        _ if name.starts_with("array_") => return Ok(array(name, arguments)),
        _ if arguments.iter().any(Value::is_null) => return Ok(Value::Null),
        _ => {}
    }
    match &arguments[0] {
        Value::Text(text) => on_text(name, text, &arguments[1..]),
        Value::Blob(bytes) => Ok(match name {
            "octet_length" => length(bytes.len()),
            "encode" => Value::Text(bytes::encode(bytes, arguments[1].text())?),
            "digest" => Value::Blob(bytes::digest(bytes, arguments[1].text())),
            other => panic!("{other} is not known"),
        }),
        Value::Uuid(namespace) if name == "uuid_generate_v5" => {
            Ok(bytes::uuid_of(namespace, arguments[1].text()))
        }
        Value::Decimal(seconds) if name == "format_unix_timestamp" => {
            Ok(format::written_time(seconds, arguments[1].text()))
        }
        number => absolute(name, number),
    }
}

/// Of values, the largest or smallest that is not null.
pub fn extreme(values: &[Value], largest: bool) -> Value {
    let values = values.iter().filter(|value| !value.is_null());
    let found = if largest { values.max_by(|a, b| order(a, b)) } else { values.min_by(|a, b| order(a, b)) };
    found.cloned().unwrap_or(Value::Null)
}

fn absolute(name: &str, number: &Value) -> Result<Value, Fault> {
    assert_eq!(name, "abs");
    Ok(match number {
        Value::Int(number) => Value::Int(number.checked_abs().ok_or_else(overflow)?),
        Value::Decimal(number) if number.order(&Decimal::whole(0)).is_lt() && !is_zero(&number.digits) => {
            Value::Decimal(Decimal { digits: -number.digits.clone(), scale: number.scale })
        }
        other => other.clone(),
    })
}

fn length(number: usize) -> Value {
    Value::Int(i64::try_from(number).unwrap())
}

fn array(name: &str, arguments: &[Value]) -> Value {
    let elements = |value: &Value| if value.is_null() { Vec::new() } else { value.array().to_vec() };
    match name {
        "array_append" => Value::Array([elements(&arguments[0]), vec![arguments[1].clone()]].concat()),
        "array_prepend" => Value::Array([vec![arguments[0].clone()], elements(&arguments[1])].concat()),
        "array_cat" if arguments.iter().all(Value::is_null) => Value::Null,
        "array_cat" => Value::Array([elements(&arguments[0]), elements(&arguments[1])].concat()),
        _ if arguments[0].is_null() => Value::Null,
        "array_remove" => {
            let kept = elements(&arguments[0]).into_iter().filter(|it| !same(it, &arguments[1]));
            Value::Array(kept.collect())
        }
        "array_length" if arguments[0].array().is_empty() => Value::Null,
        "array_length" => length(arguments[0].array().len()),
        other => panic!("{other} is not known"),
    }
}

fn on_text(name: &str, text: &str, rest: &[Value]) -> Result<Value, Fault> {
    let letters: Vec<char> = text.chars().collect();
    let given = |from: Vec<char>| Ok(Value::Text(from.into_iter().collect()));
    match name {
        "bit_length" => Ok(length(text.len() * 8)),
        "octet_length" => Ok(length(text.len())),
        "length" | "char_length" | "character_length" => Ok(length(letters.len())),
        "lower" => Ok(Value::Text(text.to_ascii_lowercase())),
        "upper" => Ok(Value::Text(text.to_ascii_uppercase())),
        "lpad" | "rpad" => {
            given(pad(letters, int4(&rest[0])?, rest.get(1).map_or(" ", Value::text), name == "lpad"))
        }
        "ltrim" | "rtrim" | "trim" => {
            Ok(Value::Text(trim(name, text, rest.first().map_or(" ", Value::text))))
        }
        "substring" => given(substring(&letters, int4(&rest[0])?, rest.get(1).map(int4).transpose()?)?),
        "overlay" => {
            let new: Vec<char> = rest[0].text().chars().collect();
            let from = int4(&rest[1])?;
            let count = rest.get(2).map(int4).transpose()?.unwrap_or(new.len() as i64);
            if from <= 0 {
                return Err(fault("22011"));
            }
            let (head, tail) =
                (substring(&letters, 1, Some(from - 1))?, substring(&letters, from + count, None)?);
            given([head, new, tail].concat())
        }
        "position" => Ok(position(text, rest[0].text())),
        "decode" => bytes::decode(text, rest[0].text()).map(Value::Blob),
        "digest" => Ok(Value::Blob(bytes::digest(text.as_bytes(), rest[0].text()))),
        "uuid_generate_kwil" => Ok(bytes::kwil_uuid_of(text)),
        "generate_dbid" => match &rest[0] {
            Value::Blob(owner) => Ok(bytes::dbid_of(text, owner)),
            other => panic!("no blob: {other:?}"),
        },
        "parse_unix_timestamp" => format::read_time(text, rest[0].text()),
        other => panic!("{other} is not known"),
    }
}

fn int4(value: &Value) -> Result<i64, Fault> {
    i32::try_from(value.int()).map(i64::from).map_err(|_| overflow())
}

fn position(needle: &str, hay: &str) -> Value {
    hay.find(needle).map_or(Value::Int(0), |at| length(hay[..at].chars().count() + 1))
}

fn pad(letters: Vec<char>, wanted: i64, fill: &str, left: bool) -> Vec<char> {
    let wanted = usize::try_from(wanted).unwrap_or(0);
    if fill.is_empty() || letters.len() >= wanted {
        return letters.into_iter().take(wanted).collect();
    }
    let filling: Vec<char> = fill.chars().cycle().take(wanted - letters.len()).collect();
    if left { [filling, letters].concat() } else { [letters, filling].concat() }
}

fn trim(name: &str, text: &str, of: &str) -> String {
    let belongs = |letter: char| of.contains(letter);
    match name {
        "ltrim" => text.trim_start_matches(belongs),
        "rtrim" => text.trim_end_matches(belongs),
        _ => text.trim_matches(belongs),
    }
    .to_owned()
}

fn substring(letters: &[char], from: i64, count: Option<i64>) -> Result<Vec<char>, Fault> {
    if count.is_some_and(|count| count < 0) {
        return Err(fault("22011"));
    }
    let end = count.map_or(i64::MAX, |count| from.saturating_add(count));
    let inside = |at: &usize| (from.max(1)..end).contains(&(*at as i64 + 1));
    Ok((0..letters.len()).filter(inside).map(|at| letters[at]).collect())
}
