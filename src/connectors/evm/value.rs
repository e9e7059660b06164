//! Values of logs as texts of inputs.

use alloy_dyn_abi::{DynSolType, DynSolValue};

use super::signature::Undecodable;
use crate::oracle::Input;

/// `kind` with bytes instead of texts: they are encoded alike, and what is no UTF-8 must be noticed rather than mended.
pub(super) fn raw(kind: &DynSolType) -> DynSolType {
    match kind {
        DynSolType::String => DynSolType::Bytes,
        DynSolType::Array(of) => DynSolType::Array(Box::new(raw(of))),
        DynSolType::FixedArray(of, size) => DynSolType::FixedArray(Box::new(raw(of)), *size),
        DynSolType::Tuple(of) => DynSolType::Tuple(of.iter().map(raw).collect()),
        other => other.clone(),
    }
}

/// True if a value of `kind` is one text.
pub(super) fn is_scalar(kind: &DynSolType) -> bool {
    !matches!(kind, DynSolType::Array(_) | DynSolType::FixedArray(..) | DynSolType::Tuple(_))
}

/// What the elements are, if `kind` is an array of scalars.
pub(super) fn element(kind: &DynSolType) -> Option<&DynSolType> {
    match kind {
        DynSolType::Array(of) | DynSolType::FixedArray(of, _) => Some(&**of).filter(|of| is_scalar(of)),
        _ => None,
    }
}

/// True if a topic holds only the hash of a value of `kind`.
pub(super) fn is_hashed(kind: &DynSolType) -> bool {
    !is_scalar(kind) || matches!(kind, DynSolType::String | DynSolType::Bytes)
}

/// A whole input.
pub(super) fn input(kind: &DynSolType, value: &DynSolValue) -> Result<Input, Undecodable> {
    let Some(of) = element(kind) else { return text(kind, value).map(Input::One) };
    let elements = value.as_array().or(value.as_fixed_array()).ok_or(UNKNOWN)?;
    let elements: Result<Vec<_>, _> = elements.iter().map(|element| text(of, element).map(Some)).collect();
    elements.map(Input::Many)
}

const UNKNOWN: Undecodable = Undecodable::Unfit("it has a value of an unknown type");

/// A scalar: addresses and bytes in lower-case hexadecimal, numbers in decimal.
pub(super) fn text(kind: &DynSolType, value: &DynSolValue) -> Result<String, Undecodable> {
    let hexadecimal = |bytes: &[u8]| format!("0x{}", hex::encode(bytes));
    Ok(match (kind, value) {
        (DynSolType::String, DynSolValue::Bytes(bytes)) => utf8(bytes)?,
        (_, DynSolValue::Bytes(bytes)) => hexadecimal(bytes),
        (_, DynSolValue::Address(address)) => hexadecimal(address.as_slice()),
        (_, DynSolValue::Function(function)) => hexadecimal(function.as_slice()),
        (_, DynSolValue::FixedBytes(word, size)) => hexadecimal(word.get(..*size).ok_or(UNKNOWN)?),
        (_, DynSolValue::Bool(truth)) => truth.to_string(),
        (_, DynSolValue::Uint(number, bits)) if number.bit_len() <= *bits => number.to_string(),
        (_, DynSolValue::Int(number, bits))
            if usize::try_from(number.bits()).is_ok_and(|own| own <= *bits) =>
        {
            number.to_string()
        }
        (_, DynSolValue::Uint(..) | DynSolValue::Int(..)) => {
            return Err(Undecodable::Misfit("a number is larger than its type".to_owned()));
        }
        _ => return Err(UNKNOWN),
    })
}

/// A number without a sign as 32 bytes, which are spelled as bytes are.
pub(super) fn word(kind: &DynSolType, value: &DynSolValue) -> Result<String, Undecodable> {
    text(kind, value)?;
    let (number, _) = value.as_uint().ok_or(UNKNOWN)?;
    Ok(format!("0x{}", hex::encode(number.to_be_bytes::<32>())))
}

fn utf8(bytes: &[u8]) -> Result<String, Undecodable> {
    let text =
        std::str::from_utf8(bytes).map_err(|_| Undecodable::Unfit("it has a text that is not UTF-8"))?;
    match text.contains('\0') {
        true => Err(Undecodable::Unfit("it has a text with a NUL")),
        false => Ok(text.to_owned()),
    }
}
