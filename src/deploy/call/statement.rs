use tokio_postgres::types::{ToSql, Type as Wire};

use super::argument::Argument;
use super::{Context, Target};
use crate::lower::cast_type;
use crate::pg;

/// The one statement of a call, with what is bound to it.
pub struct Statement {
    /// The text, which holds no value.
    pub sql: String,
    /// Values and how they are sent.
    pub values: Vec<Bound>,
}

/// The call of `target` with its context and arguments bound.
pub fn write(target: &Target, context: &Context, arguments: Vec<Argument>) -> Statement {
    Statement { sql: text(target), values: bind(context, context.signer(), arguments) }
}

/// The text of a call of `target`.
pub fn text(target: &Target) -> String {
    let parameters: Vec<pg::Type> =
        target.signature.parameters.iter().map(|parameter| cast_type(&parameter.ty)).collect();
    let columns: Vec<pg::Type> =
        target.signature.returns.columns().iter().map(|column| cast_type(&column.ty)).collect();
    pg::print::call(&target.function, &parameters, &columns)
}

/// A value and how it is sent.
pub type Bound = (Box<dyn ToSql + Sync + Send>, Wire);

impl Context {
    /// How [`bind`] sends what every call is told.
    pub(crate) const WIRES: [Wire; 6] =
        [Wire::TEXT, Wire::BYTEA, Wire::TEXT, Wire::INT8, Wire::INT8, Wire::TEXT];
}

/// Values as tokio-postgres takes them.
pub fn bound(values: &[Bound]) -> Vec<(&(dyn ToSql + Sync), Wire)> {
    values.iter().map(|(value, ty)| (&**value as &(dyn ToSql + Sync), ty.clone())).collect()
}

/// What every call is told, and the arguments of this one.
pub fn bind(context: &Context, signer: Vec<u8>, arguments: Vec<Argument>) -> Vec<Bound> {
    let mut values: Vec<Bound> = vec![
        (Box::new(context.caller.clone()), Wire::TEXT),
        (Box::new(signer), Wire::BYTEA),
        (Box::new(context.txid.clone()), Wire::TEXT),
        (Box::new(context.height), Wire::INT8),
        (Box::new(context.block_timestamp), Wire::INT8),
        (Box::new(context.authenticator.clone()), Wire::TEXT),
    ];
    for argument in arguments {
        values.push(match argument {
            Argument::One(text) => (Box::new(text), Wire::TEXT),
            Argument::Many(texts) => (Box::new(texts), Wire::TEXT_ARRAY),
        });
    }
    values
}
