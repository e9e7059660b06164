//! Infix operators on values that are not null, and LIKE.

use std::cmp::Ordering;

use kuneiform::hir::BinaryOp;
use kuneiform::language::Type;

use super::decimal::{Decimal, is_zero, uint};
use super::values::{Fault, Value, fault, order, overflow};

/// True if `left operator right` holds; both have the same type.
pub fn compares(operator: BinaryOp, left: &Value, right: &Value) -> bool {
    let order = order(left, right);
    match operator {
        BinaryOp::Equal => order == Ordering::Equal,
        BinaryOp::NotEqual => order != Ordering::Equal,
        BinaryOp::Less => order == Ordering::Less,
        BinaryOp::LessEqual => order != Ordering::Greater,
        BinaryOp::Greater => order == Ordering::Greater,
        BinaryOp::GreaterEqual => order != Ordering::Less,
        other => panic!("{other:?} compares nothing"),
    }
}

/// `left operator right`, of type `ty`.
pub fn binary(operator: BinaryOp, left: &Value, right: &Value, ty: &Type) -> Result<Value, Fault> {
    match (left, right) {
        _ if operator.is_comparison() => Ok(Value::Bool(compares(operator, left, right))),
        (Value::Text(left), Value::Text(right)) => Ok(Value::Text(format!("{left}{right}"))),
        (Value::Blob(left), Value::Blob(right)) => Ok(Value::Blob([&left[..], &right[..]].concat())),
        (Value::Int(left), Value::Int(right)) => ints(operator, *left, *right),
        (Value::Uint(left), Value::Uint(right)) => {
            if matches!(operator, BinaryOp::Divide | BinaryOp::Modulo) && is_zero(right) {
                return Err(fault("22012"));
            }
            uint(match operator {
                BinaryOp::Add => left + right,
                BinaryOp::Subtract => left - right,
                BinaryOp::Multiply => left * right,
                BinaryOp::Divide => left / right,
                _ => left % right,
            })
        }
        (Value::Decimal(left), Value::Decimal(right)) => decimals(operator, left, right, ty),
        other => panic!("{operator:?} of {other:?}"),
    }
}

fn ints(operator: BinaryOp, left: i64, right: i64) -> Result<Value, Fault> {
    if matches!(operator, BinaryOp::Divide | BinaryOp::Modulo) && right == 0 {
        return Err(fault("22012"));
    }
    let result = match operator {
        BinaryOp::Add => left.checked_add(right),
        BinaryOp::Subtract => left.checked_sub(right),
        BinaryOp::Multiply => left.checked_mul(right),
        BinaryOp::Divide => left.checked_div(right),
        _ => Some(left.wrapping_rem(right)),
    };
    result.map(Value::Int).ok_or_else(overflow)
}

fn decimals(operator: BinaryOp, left: &Decimal, right: &Decimal, ty: &Type) -> Result<Value, Fault> {
    let Type::Decimal(decimal) = ty else { panic!("{ty} is no decimal") };
    let scale = u32::from(decimal.scale);
    Ok(Value::Decimal(match operator {
        BinaryOp::Add => left.add(right),
        BinaryOp::Subtract => left.subtract(right),
        BinaryOp::Multiply => left.multiply(right, scale),
        BinaryOp::Divide => left.divide(right, scale)?,
        BinaryOp::Power => left.power(right, scale)?,
        _ => left.modulo(right)?,
    }))
}

/// LIKE. `escape` makes the next letter of the pattern mean itself.
pub fn like(text: &[char], pattern: &[char], escape: Option<char>) -> bool {
    match pattern {
        [] => text.is_empty(),
        [first, rest @ ..] if Some(*first) == escape => {
            matches!((text, rest), ([letter, text @ ..], [meant, rest @ ..]) if letter == meant && like(text, rest, escape))
        }
        ['%', rest @ ..] => (0..=text.len()).any(|from| like(&text[from..], rest, escape)),
        ['_', rest @ ..] => matches!(text, [_, text @ ..] if like(text, rest, escape)),
        [first, rest @ ..] => {
            matches!(text, [letter, text @ ..] if letter == first && like(text, rest, escape))
        }
    }
}
