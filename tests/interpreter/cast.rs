//! Casts and literals.

use kuneiform::hir::Literal;
use kuneiform::language::Type;
use num_bigint::BigInt;

use super::decimal::{Decimal, int, uint};
use super::values::{Fault, Value, fault};

/// A literal of type `ty`.
pub fn literal(literal: &Literal, ty: &Type) -> Result<Value, Fault> {
    let read = |text: &str| Decimal::read(text).expect("a number literal");
    Ok(match (literal, ty) {
        (Literal::Null, _) => Value::Null,
        (Literal::Text(text), Type::Uuid) => Value::Uuid(text.to_lowercase()),
        (Literal::Text(text), _) => Value::Text(text.clone()),
        (Literal::Bool(truth), _) => Value::Bool(*truth),
        (Literal::Blob(bytes), _) => Value::Blob(bytes.clone()),
        (Literal::Number(digits), Type::Decimal(decimal)) => Value::Decimal(read(digits).fit(*decimal)?),
        (Literal::Number(digits), Type::Uint256) => uint(read(digits).digits)?,
        (Literal::Number(digits), _) => int(&read(digits).digits)?,
    })
}

/// `value::to`
pub fn cast(value: Value, to: &Type) -> Result<Value, Fault> {
    let value = match (value, to) {
        (Value::Null, _) => return Ok(Value::Null),
        (Value::Array(all), Type::Array(element)) => {
            let cast = all.into_iter().map(|one| cast(one, element)).collect::<Result<_, _>>()?;
            return Ok(Value::Array(cast));
        }
        (value, _) => value,
    };
    match (value, to) {
        (Value::Bool(truth), Type::Int) => Ok(Value::Int(i64::from(truth))),
        (Value::Int(number), Type::Bool) => Ok(Value::Bool(number != 0)),
        (Value::Int(number), _) if to.is_numeric() => number_to(&Decimal::whole(number), to),
        (Value::Uint(number), _) if to.is_numeric() => number_to(&Decimal::whole(number), to),
        (Value::Decimal(number), _) if to.is_numeric() => number_to(&number, to),
        (Value::Text(text), _) => read(text, to),
        (value, Type::Text) => Ok(Value::Text(value.shown().expect("not null"))),
        (value, _) => Ok(value),
    }
}

fn number_to(number: &Decimal, to: &Type) -> Result<Value, Fault> {
    match to {
        Type::Int => int(&number.at_scale(0).digits),
        Type::Uint256 => uint(number.at_scale(0).digits),
        Type::Decimal(decimal) => number.fit(*decimal).map(Value::Decimal),
        other => panic!("no number: {other}"),
    }
}

/// What cannot be read raises.
fn read(text: String, to: &Type) -> Result<Value, Fault> {
    let trimmed = text.trim();
    match to {
        Type::Text => Ok(Value::Text(text)),
        Type::Int => match trimmed.parse::<BigInt>() {
            Ok(number) if !trimmed.contains('_') => int(&number),
            _ => Err(fault("22P02")),
        },
        Type::Uint256 | Type::Decimal(_) => {
            number_to(&Decimal::read(trimmed).ok_or_else(|| fault("22P02"))?, to)
        }
        Type::Bool => truth(&trimmed.to_lowercase()).map(Value::Bool).ok_or_else(|| fault("22P02")),
        Type::Uuid if text.len() == 36 => Ok(Value::Uuid(text.to_lowercase())),
        _ => Err(fault("22P02")),
    }
}

/// The words for true and false, and what they begin with.
fn truth(text: &str) -> Option<bool> {
    let begins = |word: &str, least: usize| text.len() >= least && word.starts_with(text);
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ if begins("true", 1) || begins("yes", 1) || begins("on", 2) => Some(true),
        _ if begins("false", 1) || begins("no", 1) || begins("off", 2) => Some(false),
        _ => None,
    }
}
