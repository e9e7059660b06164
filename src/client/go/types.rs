//! Types of Go, and the functions of the runtime for values of them.

use crate::interface::RowColumn;
use crate::language::Type;

/// How Go says that a value is null.
enum Kind {
    /// By a pointer to it.
    Value(&'static str),
    /// It is a pointer.
    Pointer(&'static str),
    /// It is a slice.
    Bytes,
}

/// How a scalar is written, and the codec it travels by.
fn scalar(ty: &Type) -> (Kind, &'static str) {
    match ty {
        Type::Int => (Kind::Value("int64"), "ints"),
        Type::Text | Type::Null | Type::Unknown => (Kind::Value("string"), "texts"),
        Type::Bool => (Kind::Value("bool"), "bools"),
        Type::Blob => (Kind::Bytes, "blobs"),
        Type::Uuid => (Kind::Value("UUID"), "uuids"),
        Type::Decimal(_) => (Kind::Value("Decimal"), "decimals"),
        Type::Uint256 => (Kind::Pointer("*big.Int"), "uint256s"),
        Type::Array(element) => scalar(element),
    }
}

/// The type of an argument, which may be null.
pub fn argument(ty: &Type) -> String {
    let list = if matches!(ty, Type::Array(_)) { "[]" } else { "" };
    match scalar(ty).0 {
        Kind::Value(name) => format!("{list}*{name}"),
        Kind::Pointer(name) => format!("{list}{name}"),
        Kind::Bytes => format!("{list}[]byte"),
    }
}

/// The type of an argument that is not left out and not null, and how [`put`] takes one that is called `it`.
pub fn optional(ty: &Type) -> (String, &'static str) {
    match (ty, scalar(ty).0) {
        (Type::Array(_), _) => (argument(ty), "it"),
        (_, Kind::Value(name)) => (name.to_owned(), "&it"),
        _ => (argument(ty), "it"),
    }
}

/// The type of a result.
pub fn result(column: &RowColumn) -> String {
    match (&column.ty, scalar(&column.ty).0, column.nullable) {
        (Type::Array(_), ..) => argument(&column.ty),
        (_, Kind::Value(name), false) => name.to_owned(),
        _ => argument(&column.ty),
    }
}

/// The statement that writes an argument.
pub fn put(ty: &Type, value: &str) -> String {
    let list = if matches!(ty, Type::Array(_)) { "List" } else { "" };
    match scalar(ty) {
        (Kind::Bytes, _) => format!("putBytes{list}(in, {value})"),
        (_, codec) => format!("put{list}(in, {codec}, {value})"),
    }
}

/// The expression that reads column `at`.
pub fn got(column: &RowColumn, at: usize) -> String {
    let (kind, codec) = scalar(&column.ty);
    let is_list = matches!(column.ty, Type::Array(_));
    match (kind, is_list, column.nullable) {
        (Kind::Bytes, false, _) => format!("getBytes(out, {at})"),
        (Kind::Bytes, true, _) => format!("getBytesList(out, {at})"),
        (_, true, _) => format!("getList(out, {codec}, {at})"),
        (_, false, true) => format!("getOrNil(out, {codec}, {at})"),
        (Kind::Value(_), false, false) => format!("get(out, {codec}, {at})"),
        (Kind::Pointer(_), false, false) => format!("getPointer(out, {codec}, {at})"),
    }
}
