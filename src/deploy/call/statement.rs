use tokio_postgres::types::{ToSql, Type as Wire};

use super::argument::Argument;
use super::{Context, Target};
use crate::interface::RowColumn;
use crate::language::Type;

/// The one statement of a call, with what is bound to it.
pub struct Statement {
    /// The text, which holds no value.
    pub sql: String,
    /// Values and how they are sent.
    pub values: Vec<(Box<dyn ToSql + Sync + Send>, Wire)>,
}

/// The context's eight fields, each cast from text or bytes; a caller from outside has no foreign caller and depth 0.
const CONTEXT: &str = "ROW($1::text, $2::bytea, $3::text, $4::int8, $5::int8, $6::text, '', 0)::kf.ctx";
/// Values that `CONTEXT` binds.
const BOUND: usize = 6;

/// ```sql
/// SELECT r.c0::text, r.c1::text[] FROM "ds_ens"."f@ens"(ROW($1, ..)::kf.ctx, $7::text::int8) AS r (c0, c1)
/// SELECT "ds_ens"."g@ens"(ROW($1, ..)::kf.ctx)
/// ```
pub fn write(target: &Target, context: &Context, arguments: Vec<Argument>) -> Statement {
    let mut passed = vec![CONTEXT.to_owned()];
    for (number, parameter) in (BOUND + 1..).zip(&target.signature.parameters) {
        let carrier = if matches!(parameter.ty, Type::Array(_)) { "text[]" } else { "text" };
        passed.push(format!("${number}::{carrier}::{}", physical(&parameter.ty)));
    }
    let called = format!("{}({})", target.function, passed.join(", "));
    let columns = target.signature.returns.columns();
    let sql = if columns.is_empty() { format!("SELECT {called}") } else { select(&called, columns) };
    Statement { sql, values: bind(context, arguments) }
}

fn select(called: &str, columns: &[RowColumn]) -> String {
    let names: Vec<String> = (0..columns.len()).map(|index| format!("c{index}")).collect();
    let shown = names.iter().zip(columns).map(|(name, column)| match column.ty {
        Type::Array(_) => format!("r.{name}::text[]"),
        _ => format!("r.{name}::text"),
    });
    let shown: Vec<String> = shown.collect();
    format!("SELECT {} FROM {called} AS r ({})", shown.join(", "), names.join(", "))
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

/// The PostgreSQL type of a parameter. No part of it comes from a user.
fn physical(ty: &Type) -> String {
    match ty {
        Type::Int => "int8".to_owned(),
        Type::Text | Type::Null | Type::Unknown => "text".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Blob => "bytea".to_owned(),
        Type::Uuid => "uuid".to_owned(),
        Type::Decimal(decimal) => format!("numeric({}, {})", decimal.precision, decimal.scale),
        Type::Uint256 => "kf.uint256".to_owned(),
        Type::Array(element) => format!("{}[]", physical(element)),
    }
}
