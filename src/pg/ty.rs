use std::fmt;

use super::QualifiedName;

/// A type of PostgreSQL.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Type {
    /// `int8`
    Int8,
    /// `int4`, for arguments of functions that take it
    Int4,
    /// `text`
    Text,
    /// `boolean`
    Boolean,
    /// `bytea`
    Bytea,
    /// `uuid`
    Uuid,
    /// `numeric`, or `numeric(p, s)`
    Numeric(Option<(u16, u16)>),
    /// The domain `kf.finite`: a `numeric` that is a number
    Finite,
    /// The domain `kf.uint256`
    Uint256,
    /// The composite `kf.ctx`
    Context,
    /// `json`
    Json,
    /// `void`
    Void,
    /// The rows of a type of their own: `"api"."get_posts_row"`
    Named(QualifiedName),
    /// `element[]`
    Array(Box<Type>),
}

impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Int8 => formatter.write_str("int8"),
            Type::Int4 => formatter.write_str("int4"),
            Type::Text => formatter.write_str("text"),
            Type::Boolean => formatter.write_str("boolean"),
            Type::Bytea => formatter.write_str("bytea"),
            Type::Uuid => formatter.write_str("uuid"),
            Type::Numeric(None) => formatter.write_str("numeric"),
            Type::Numeric(Some((precision, scale))) => write!(formatter, "numeric({precision},{scale})"),
            Type::Finite => formatter.write_str("kf.finite"),
            Type::Uint256 => formatter.write_str("kf.uint256"),
            Type::Context => formatter.write_str("kf.ctx"),
            Type::Json => formatter.write_str("json"),
            Type::Void => formatter.write_str("void"),
            Type::Named(name) => write!(formatter, "{name}"),
            Type::Array(element) => write!(formatter, "{element}[]"),
        }
    }
}
