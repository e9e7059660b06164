//! Calls of the language's own functions, by what their rows say.

use super::collation::{carries_c, collate, collated};
use super::expression::{self, checked};
use super::frame::At;
use super::literal::{alternatives, bare};
use super::window;
use crate::hir::{Expr, FunctionCall, Literal};
use crate::language::Type;
use crate::language::functions::{Accepts, Emit, Function, Kind, MEAN_SCALE};
use crate::pg::{self, Call, Namespace};

/// A call whose result has the type `ty`.
pub(super) fn lower(at: At<'_>, call: &FunctionCall, ty: &Type) -> pg::Expr {
    if call.function.emit == Emit::Digest {
        return digest(at, call);
    }
    let (namespace, name) = target(call.function);
    let mut made = Call::plain(namespace, name, arguments(at, call));
    made.distinct = call.distinct;
    made.order_by = window::argument_order(at, call, &made.arguments);
    made.filter = call.filter.as_ref().map(|filter| expression::lower(at, filter));
    made.over = call.over.as_ref().map(|over| window::lower(at, call, over));
    result(call.function, pg::Expr::Call(Box::new(made)), ty)
}

fn target(function: &Function) -> (Namespace, &'static str) {
    match function.emit {
        Emit::Call(name) | Emit::CallInt(name) | Emit::CallC(name) => (Namespace::Catalog, name),
        Emit::Form(name) => (Namespace::Grammar, name),
        Emit::Kf(name) => (Namespace::Kf, name),
        Emit::Position => (Namespace::Catalog, "strpos"),
        Emit::ArrayLength => (Namespace::Catalog, "array_length"),
        Emit::Mean => (Namespace::Catalog, "avg"),
        Emit::Format => (Namespace::Catalog, "format"),
        // INVARIANT: `digest` writes the one, `from` the other.
        Emit::Digest => (Namespace::Catalog, "digest"),
        Emit::Unnest => (Namespace::Catalog, "unnest"),
    }
}

/// Gives the result the type the language says it has.
fn result(function: &Function, value: pg::Expr, ty: &Type) -> pg::Expr {
    match (function.emit, ty) {
        (Emit::CallInt(_) | Emit::Position | Emit::ArrayLength, _) => {
            pg::Expr::Cast(Box::new(value), pg::Type::Int8)
        }
        (Emit::Mean, Type::Decimal(decimal)) => {
            let arguments = vec![value, pg::Expr::Number(decimal.scale.to_string())];
            pg::Expr::Call(Box::new(Call::plain(Namespace::Catalog, "round", arguments)))
        }
        (Emit::Form("COALESCE" | "GREATEST" | "LEAST"), _) => value,
        _ if matches!(function.kind, Kind::Window { .. }) => value,
        _ => checked(value, ty),
    }
}

fn arguments(at: At<'_>, call: &FunctionCall) -> Vec<pg::Expr> {
    let all: Vec<&Expr> = call.arguments.iter().collect();
    if all.is_empty() && matches!(call.function.kind, Kind::Aggregate { .. }) {
        return vec![pg::Expr::Star];
    }
    let mut lowered = match call.function.emit {
        // `NULLIF(5::int8, b)`: the result has the type of the first argument, whatever the second is.
        Emit::Form("NULLIF") => all.iter().map(|value| expression::lower(at, value)).collect(),
        Emit::Form(_) => alternatives(at, &all),
        _ => all.iter().enumerate().map(|(index, value)| argument(at, call, index, value)).collect(),
    };
    if is_ordered_set(call) {
        collate_each(at, &all, &mut lowered);
    } else if follows_collation(call) && !all.iter().any(|value| carries_c(at, value)) {
        collate_one(at, &all, &mut lowered);
    }
    match call.function.emit {
        Emit::Position => lowered.reverse(),
        Emit::ArrayLength => lowered.push(pg::Expr::Number("1".to_owned())),
        Emit::Mean => lowered = lowered.into_iter().map(to_mean_scale).collect(),
        _ => {}
    }
    lowered
}

/// `a + 0.0000000000000000`: PostgreSQL computes a large mean to fewer digits than that, unless a value has them.
fn to_mean_scale(value: pg::Expr) -> pg::Expr {
    let zero = pg::Expr::Number(format!("0.{}", "0".repeat(usize::from(MEAN_SCALE))));
    pg::Expr::Binary { operator: "+", left: Box::new(value), right: Box::new(zero) }
}

/// An argument. Beside another text PostgreSQL reads a bare string as text.
fn argument(at: At<'_>, call: &FunctionCall, index: usize, value: &Expr) -> pg::Expr {
    let literal = at.literal(value);
    let is_text = |other: &Expr| other.ty == Type::Text && at.literal(other).is_none();
    if call.function.emit == Emit::Format && index > 0 {
        return as_text(at, value);
    }
    match (call.function.accepts(index), literal) {
        (Some(Accepts::Int4), Some(Literal::Number(digits))) if digits.parse::<i32>().is_ok() => {
            pg::Expr::Number(digits.clone())
        }
        (Some(Accepts::Int4), _) => pg::Expr::Cast(Box::new(expression::lower(at, value)), pg::Type::Int4),
        (Some(Accepts::Text), Some(text @ Literal::Text(_))) if call.arguments.iter().any(is_text) => {
            bare(text)
        }
        _ => expression::lower(at, value),
    }
}

/// A value as a cast writes it; `format` itself would write `t` for true.
fn as_text(at: At<'_>, value: &Expr) -> pg::Expr {
    let lowered = expression::lower(at, value);
    if value.ty == Type::Text { lowered } else { pg::Expr::Cast(Box::new(lowered), pg::Type::Text) }
}

/// `sha256(a)`, `sha256(convert_to(a, 'UTF8'))`, `decode(md5(a), 'hex')`
fn digest(at: At<'_>, call: &FunctionCall) -> pg::Expr {
    let catalog =
        |name: &str, arguments| pg::Expr::Call(Box::new(Call::plain(Namespace::Catalog, name, arguments)));
    let [value, hash] = call.arguments.as_slice() else { return pg::Expr::Null };
    let Some(Literal::Text(hash)) = at.literal(hash) else { return pg::Expr::Null };
    let hash = hash.to_ascii_lowercase();
    let lowered = expression::lower(at, value);
    let bytes = match value.ty {
        Type::Text => catalog("convert_to", vec![lowered, pg::Expr::Text("UTF8".to_owned())]),
        _ => lowered,
    };
    let hashed = catalog(&hash, vec![bytes]);
    if hash == "md5" { catalog("decode", vec![hashed, pg::Expr::Text("hex".to_owned())]) } else { hashed }
}

/// True for functions whose result depends on a collation.
fn follows_collation(call: &FunctionCall) -> bool {
    matches!(
        call.function.emit,
        Emit::CallC(_) | Emit::Form("GREATEST" | "LEAST") | Emit::Call("min" | "max")
    )
}

/// `array_agg(DISTINCT ..)`, `string_agg(DISTINCT ..)`
fn is_ordered_set(call: &FunctionCall) -> bool {
    call.distinct && matches!(call.function.kind, Kind::Aggregate { ordered: true })
}

/// Arguments that are keys of their order too.
fn collate_each(at: At<'_>, all: &[&Expr], lowered: &mut [pg::Expr]) {
    let keys = all.iter().zip(lowered).filter(|(value, _)| !window::is_constant(at, value));
    for (value, place) in keys {
        let taken = std::mem::replace(place, pg::Expr::Null);
        *place = collated(at, value, taken);
    }
}

fn collate_one(at: At<'_>, all: &[&Expr], lowered: &mut [pg::Expr]) {
    let index = all.iter().position(|value| at.literal(value).is_none()).unwrap_or(0);
    if let (Some(value), Some(place)) = (all.get(index), lowered.get_mut(index)) {
        let taken = std::mem::replace(place, pg::Expr::Null);
        *place = collate(&value.ty, taken);
    }
}

/// An argument of an ordered aggregate as a key of its order.
pub(super) fn argument_key(at: At<'_>, value: &Expr) -> pg::Expr {
    collated(at, value, expression::lower(at, value))
}
