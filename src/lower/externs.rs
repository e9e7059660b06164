//! Calls of functions a host installs. A decimal that comes back is made one of its type: PostgreSQL keeps no digits for
//! the results of functions, and takes NaN for a number.

use super::frame::{At, Frame};
use super::literal::cast;
use super::query::plain;
use super::ty::{cast_type, value_type};
use super::{action, compose, names};
use crate::hir::{Callee, Expr, ExternTarget};
use crate::interface::{ExternFunction, RowColumn, Signature};
use crate::language::Type;
use crate::pg::{self, Call, Ident, Namespace, QualifiedName};

/// The installed function a call means, if it means one, with the signature of its calls.
pub(super) fn target<'f>(frame: &Frame<'f>, callee: &Callee) -> Option<(&'f ExternTarget, &'f Signature)> {
    let action = frame.unit.program.action(&callee.dbid, &callee.action)?;
    Some((action.extern_target()?, &action.signature))
}

/// True for a call of an installed function.
pub(super) fn is_extern(frame: &Frame<'_>, callee: &Callee) -> bool {
    target(frame, callee).is_some()
}

/// `"math"."divide"('up'::text, arguments)`
pub(super) fn call(
    at: At<'_>,
    target: &ExternTarget,
    signature: &Signature,
    arguments: Vec<pg::Expr>,
) -> Call {
    let mut facts = at.frame.unit.facts.borrow_mut();
    facts.externs.entry(target.path()).or_insert_with(|| target.declaration(signature));
    let config = target.config.iter().map(|config| cast(&config.value, &config.ty));
    let schema = Namespace::Schema(names::ident(&target.schema));
    Call::plain(schema, target.function.as_str(), config.chain(arguments).collect())
}

/// The value of a call, as it is of an action: `"math"."divide"(..)::kf.finite::numeric(10,2)`.
pub(super) fn checked_value(frame: &Frame<'_>, callee: &Callee, value: pg::Expr) -> pg::Expr {
    match target(frame, callee).map(|(_, signature)| signature.returns.columns()) {
        Some([only]) => given(value, only),
        _ => value,
    }
}

/// All rows of a call, with the names of their columns:
/// `SELECT rows.a::kf.finite::numeric(10,2) AS a, rows.b AS b FROM "math"."f"(..) AS rows (a, b)`
pub(super) fn rows(at: At<'_>, callee: &Callee, arguments: &[Expr]) -> (pg::Query, Vec<Ident>) {
    let call = compose::function_call(at, callee, arguments);
    let columns = target(at.frame, callee).map(|(_, it)| it.returns.columns()).unwrap_or_default();
    let names = names::result(columns);
    let kept = vec![true; names.len()];
    (row_query(at.frame, call, columns, &kept), names)
}

/// The one row of a call, without the columns that are not `kept`.
pub(super) fn row_of(frame: &Frame<'_>, call: Call, callee: &Callee, kept: &[bool]) -> pg::Query {
    let columns = target(frame, callee).map(|(_, it)| it.returns.columns()).unwrap_or_default();
    row_query(frame, call, columns, kept)
}

/// The columns of a call's rows that are `kept`.
fn row_query(frame: &Frame<'_>, call: Call, columns: &[RowColumn], kept: &[bool]) -> pg::Query {
    let alias = frame.unit.fresh_alias("rows");
    let names = names::result(columns);
    let item = |(name, column): (&Ident, &RowColumn)| {
        let value = pg::Expr::Column { relation: alias.clone(), column: name.clone() };
        pg::OutputItem { expr: given(value, column), name: Some(name.clone()) }
    };
    let items = names.iter().zip(columns).zip(kept).filter(|(_, kept)| **kept);
    let items = items.map(|(column, _)| item(column)).collect();
    let from = pg::From::Function { call: Box::new(call), alias: alias.clone(), columns: names.clone() };
    plain(items, Some(from))
}

/// `value::kf.finite::numeric(10,2)`: a number, with the digits its type has.
fn given(value: pg::Expr, column: &RowColumn) -> pg::Expr {
    let finite = match &column.ty {
        Type::Decimal(_) => pg::Type::Finite,
        Type::Array(element) if matches!(**element, Type::Decimal(_)) => {
            pg::Type::Array(Box::new(pg::Type::Finite))
        }
        _ => return value,
    };
    let number = pg::Expr::Cast(Box::new(value), finite);
    pg::Expr::Cast(Box::new(number), cast_type(&column.ty))
}

/// What a host has to install, as PostgreSQL knows it.
pub fn installed(function: &ExternFunction) -> pg::Header {
    let parameter = |parameter: &crate::interface::Parameter| pg::Parameter {
        name: names::ident(&parameter.name),
        ty: value_type(&parameter.ty),
    };
    pg::Header {
        name: QualifiedName {
            schema: names::ident(&function.schema),
            name: names::ident(&function.function),
        },
        parameters: function.all_parameters().map(parameter).collect(),
        result: action::result(&function.returns),
        is_view: function.view,
    }
}
