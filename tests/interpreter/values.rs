//! Values and how they compare.

use std::cmp::Ordering;

use num_bigint::BigInt;

use super::decimal::Decimal;

/// A value of the language.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    Null,
    Int(i64),
    Text(String),
    Bool(bool),
    Blob(Vec<u8>),
    /// Lower case, with hyphens: its order is that of its bytes.
    Uuid(String),
    Decimal(Decimal),
    Uint(BigInt),
    Array(Vec<Value>),
}

/// A row.
pub type Row = Vec<Value>;

/// Why an action raised.
#[derive(Clone, PartialEq, Debug)]
pub struct Fault {
    /// SQLSTATE.
    pub state: &'static str,
    /// An author's own words for `KF001`.
    pub message: String,
}

/// A fault whose message is PostgreSQL's own.
pub fn fault(state: &'static str) -> Fault {
    Fault { state, message: String::new() }
}

pub fn overflow() -> Fault {
    fault("22003")
}

impl Value {
    pub fn is_null(&self) -> bool {
        *self == Value::Null
    }

    /// The condition holds.
    pub fn is_true(&self) -> bool {
        *self == Value::Bool(true)
    }

    pub fn text(&self) -> &str {
        match self {
            Value::Text(text) => text,
            other => panic!("no text: {other:?}"),
        }
    }

    pub fn int(&self) -> i64 {
        match self {
            Value::Int(int) => *int,
            other => panic!("no int: {other:?}"),
        }
    }

    pub fn array(&self) -> &[Value] {
        match self {
            Value::Array(all) => all,
            other => panic!("no array: {other:?}"),
        }
    }

    /// As a result shows it; `None` is null.
    pub fn shown(&self) -> Option<String> {
        Some(match self {
            Value::Null => return None,
            Value::Int(int) => int.to_string(),
            Value::Text(text) | Value::Uuid(text) => text.clone(),
            Value::Bool(truth) => truth.to_string(),
            Value::Blob(bytes) => format!("\\x{}", hex::encode(bytes)),
            Value::Decimal(decimal) => decimal.to_string(),
            Value::Uint(digits) => digits.to_string(),
            Value::Array(_) => panic!("an array is shown by its elements"),
        })
    }
}

/// The order of two values of one type that are not null. In arrays nulls are equal, and larger than the rest.
pub fn order(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) | (Value::Uuid(left), Value::Uuid(right)) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Blob(left), Value::Blob(right)) => left.cmp(right),
        (Value::Decimal(left), Value::Decimal(right)) => left.order(right),
        (Value::Uint(left), Value::Uint(right)) => left.cmp(right),
        (Value::Array(left), Value::Array(right)) => {
            let pairs = left.iter().zip(right).map(|(left, right)| total(left, right));
            pairs.fold(Ordering::Equal, Ordering::then).then(left.len().cmp(&right.len()))
        }
        (left, right) => panic!("{left:?} and {right:?} do not compare"),
    }
}

/// As [`order`], with nulls equal to one another and after everything else.
pub fn total(left: &Value, right: &Value) -> Ordering {
    match (left.is_null(), right.is_null()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => order(left, right),
    }
}

/// IS NOT DISTINCT FROM
pub fn same(left: &Value, right: &Value) -> bool {
    total(left, right) == Ordering::Equal
}

pub fn same_rows(left: &[Value], right: &[Value]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
}
