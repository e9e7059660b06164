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
    pub values: Vec<(Box<dyn ToSql + Sync + Send>, Wire)>,
}

/// The call of `target` with its context and arguments bound.
pub fn write(target: &Target, context: &Context, arguments: Vec<Argument>) -> Statement {
    let parameters: Vec<pg::Type> =
        target.signature.parameters.iter().map(|parameter| cast_type(&parameter.ty)).collect();
    let columns: Vec<pg::Type> =
        target.signature.returns.columns().iter().map(|column| cast_type(&column.ty)).collect();
    Statement {
        sql: pg::print::call(&target.function, &parameters, &columns),
        values: bind(context, arguments),
    }
}

fn bind(context: &Context, arguments: Vec<Argument>) -> Vec<(Box<dyn ToSql + Sync + Send>, Wire)> {
    let mut values: Vec<(Box<dyn ToSql + Sync + Send>, Wire)> = vec![
        (Box::new(context.caller.clone()), Wire::TEXT),
        (Box::new(context.signer()), Wire::BYTEA),
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
