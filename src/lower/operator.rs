use super::collation;
use super::expression::checked;
use super::frame::At;
use super::literal::operands;
use super::ty::cast_type;
use crate::hir::{BinaryOp, Expr, ExprKind};
use crate::language::{DecimalType, Type};
use crate::pg::{self, Call, Namespace};

/// True for comparisons whose answer depends on an order, and for text on a collation.
pub(super) fn is_ordering(operator: BinaryOp) -> bool {
    operator.is_comparison() && !matches!(operator, BinaryOp::Equal | BinaryOp::NotEqual)
}

/// `left operator right`, of type `ty`.
pub(super) fn binary(at: At<'_>, operator: BinaryOp, left: &Expr, right: &Expr, ty: &Type) -> pg::Expr {
    let (lowered_left, lowered_right) = beside_counter(pair(operands(at, &[left, right])));
    let plain = |left, right| pg::Expr::Binary {
        operator: operator.sign(),
        left: Box::new(left),
        right: Box::new(right),
    };
    match (operator, ty) {
        (BinaryOp::Divide, Type::Uint256) => checked(catalog("div", vec![lowered_left, lowered_right]), ty),
        (BinaryOp::Divide, Type::Decimal(decimal)) => quotient(lowered_left, lowered_right, *decimal),
        (BinaryOp::Multiply, Type::Decimal(decimal)) if scale(left) + scale(right) > decimal.scale => {
            rounded(plain(lowered_left, lowered_right), *decimal)
        }
        (BinaryOp::Power, Type::Decimal(decimal)) => rounded(power(lowered_left, lowered_right), *decimal),
        (BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply, Type::Decimal(decimal))
            if is_cut(*decimal) =>
        {
            rounded(plain(lowered_left, lowered_right), *decimal)
        }
        _ if is_ordering(operator) => {
            let (left, right) = ordered(at, (left, lowered_left), (right, lowered_right));
            plain(left, right)
        }
        _ => checked(plain(lowered_left, lowered_right), ty),
    }
}

/// Operands of which one counts a loop, `"#i"::int8`, without the cast where the other is an `int8`.
fn beside_counter((left, right): (pg::Expr, pg::Expr)) -> (pg::Expr, pg::Expr) {
    let is_wide =
        |value: &pg::Expr| !is_counter(value) && !matches!(value, pg::Expr::Number(_) | pg::Expr::Null);
    match (is_wide(&left), is_wide(&right)) {
        (true, false) => (left, narrow(right)),
        (false, true) => (narrow(left), right),
        _ => (left, right),
    }
}

/// True for `"#i"::int8`: no variable of the source begins with `#`.
fn is_counter(value: &pg::Expr) -> bool {
    match value {
        pg::Expr::Cast(operand, pg::Type::Int8) => {
            matches!(&**operand, pg::Expr::Variable(name) if name.as_str().starts_with('#'))
        }
        _ => false,
    }
}

/// The counter of a loop as the `int4` it is, which arrays are indexed by; any other value as it is.
pub(super) fn narrow(value: pg::Expr) -> pg::Expr {
    if !is_counter(&value) {
        return value;
    }
    match value {
        pg::Expr::Cast(operand, _) => *operand,
        value => value,
    }
}

/// Digits after the point.
fn scale(expr: &Expr) -> u16 {
    match &expr.ty {
        Type::Decimal(decimal) => decimal.scale,
        _ => 0,
    }
}

/// `pg_catalog.round(pg_catalog.div(left * 1000.0, right) * 0.001, 2)`: PostgreSQL rounds a quotient itself, to a number of
/// digits that depends on its size, and rounding it once more would make 0.125 and then 0.13 of 0.12499999999999999999.
/// What is cut off one digit later rounds as the whole would.
fn quotient(left: pg::Expr, right: pg::Expr, decimal: DecimalType) -> pg::Expr {
    let zeros = "0".repeat(usize::from(decimal.scale));
    let times = |value, factor: String| pg::Expr::Binary {
        operator: "*",
        left: Box::new(value),
        right: Box::new(pg::Expr::Number(factor)),
    };
    let whole = catalog("div", vec![times(left, format!("10{zeros}.0")), right]);
    rounded(times(whole, format!("0.{zeros}1")), decimal)
}

/// `pg_catalog.round(value, scale)`: half away from zero. Where the type is too small for all that may come, a cast, which
/// rounds alike and raises.
fn rounded(value: pg::Expr, decimal: DecimalType) -> pg::Expr {
    match is_cut(decimal) {
        true => pg::Expr::Cast(Box::new(value), cast_type(&Type::Decimal(decimal))),
        false => catalog("round", vec![value, pg::Expr::Number(decimal.scale.to_string())]),
    }
}

/// True for the largest type, which stands for all that would be larger.
fn is_cut(decimal: DecimalType) -> bool {
    decimal.precision == DecimalType::MAX_PRECISION
}

fn pair(operands: Vec<pg::Expr>) -> (pg::Expr, pg::Expr) {
    let mut operands = operands.into_iter();
    let mut next = || operands.next().unwrap_or(pg::Expr::Null);
    (next(), next())
}

fn catalog(name: &str, arguments: Vec<pg::Expr>) -> pg::Expr {
    pg::Expr::Call(Box::new(Call::plain(Namespace::Catalog, name, arguments)))
}

/// Exact, where PostgreSQL's own `^` on integers computes in floating point.
fn power(left: pg::Expr, right: pg::Expr) -> pg::Expr {
    let numeric = |value| pg::Expr::Cast(Box::new(value), pg::Type::Numeric(None));
    catalog("power", vec![numeric(left), numeric(right)])
}

/// The operands of an order, one of which carries `COLLATE "C"`. An explicit collation belongs on an operand that has
/// a type of its own.
fn ordered(
    at: At<'_>,
    (left, lowered_left): (&Expr, pg::Expr),
    (right, lowered_right): (&Expr, pg::Expr),
) -> (pg::Expr, pg::Expr) {
    if collation::carries_c(at, left) || collation::carries_c(at, right) {
        return (lowered_left, lowered_right);
    }
    match at.literal(left).is_some() && !matches!(right.kind, ExprKind::Literal(_)) {
        true => (lowered_left, collation::collate(&right.ty, lowered_right)),
        false => (collation::collate(&left.ty, lowered_left), lowered_right),
    }
}
