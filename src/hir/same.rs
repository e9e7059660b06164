//! When two expressions are the same but for where they stand.

use super::{Branch, Expr, ExprKind, OrderBy, OrderKey};

/// True if both compute the same from the same columns. Subqueries are never the same: PostgreSQL matches them by
/// their text, which is not worth relying on.
pub fn same(left: &Expr, right: &Expr) -> bool {
    left.ty == right.ty && same_kind(&left.kind, &right.kind)
}

fn same_kind(left: &ExprKind, right: &ExprKind) -> bool {
    use ExprKind as K;
    match (left, right) {
        (K::Literal(left), K::Literal(right)) => left == right,
        (K::Local(left), K::Local(right)) => left == right,
        (K::Context(left), K::Context(right)) => left == right,
        (K::Column { relation: a, column: b }, K::Column { relation: c, column: d }) => a == c && b == d,
        (K::Unary { operator: a, operand: b }, K::Unary { operator: c, operand: d }) => a == c && same(b, d),
        (K::Binary { operator: a, left: b, right: c }, K::Binary { operator: d, left: e, right: f }) => {
            a == d && same(b, e) && same(c, f)
        }
        (K::And(left), K::And(right)) | (K::Or(left), K::Or(right)) | (K::Array(left), K::Array(right)) => {
            all(left, right)
        }
        (K::IsNull { operand: a, negated: b }, K::IsNull { operand: c, negated: d }) => b == d && same(a, c),
        (
            K::IsTruth { operand: a, truth: b, negated: c },
            K::IsTruth { operand: d, truth: e, negated: f },
        ) => b == e && c == f && same(a, d),
        (
            K::IsDistinct { left: a, right: b, negated: c },
            K::IsDistinct { left: d, right: e, negated: f },
        ) => c == f && same(a, d) && same(b, e),
        (
            K::Between { operand: a, low: b, high: c, negated: d },
            K::Between { operand: e, low: f, high: g, negated: h },
        ) => d == h && same(a, e) && same(b, f) && same(c, g),
        (
            K::Like { operand: a, pattern: b, escape: c, negated: d },
            K::Like { operand: e, pattern: f, escape: g, negated: h },
        ) => c == g && d == h && same(a, e) && same(b, f),
        (K::InList { operand: a, list: b, negated: c }, K::InList { operand: d, list: e, negated: f }) => {
            c == f && same(a, d) && all(b, e)
        }
        (
            K::Quantified { operator: a, all: b, left: c, array: d },
            K::Quantified { operator: e, all: f, left: g, array: h },
        ) => a == e && b == f && same(c, g) && same(d, h),
        (
            K::Case { operand: a, branches: b, otherwise: c },
            K::Case { operand: d, branches: e, otherwise: f },
        ) => maybe(a.as_deref(), d.as_deref()) && same_branches(b, e) && maybe(c.as_deref(), f.as_deref()),
        (K::Cast(left), K::Cast(right)) => same(left, right),
        (K::Index { array: a, index: b }, K::Index { array: c, index: d }) => same(a, c) && same(b, d),
        (K::Slice { array: a, low: b, high: c }, K::Slice { array: d, low: e, high: f }) => {
            same(a, d) && maybe(b.as_deref(), e.as_deref()) && maybe(c.as_deref(), f.as_deref())
        }
        (K::Function(left), K::Function(right)) => {
            left.function == right.function
                && left.distinct == right.distinct
                && left.over.is_none()
                && right.over.is_none()
                && all(&left.arguments, &right.arguments)
                && same_keys(&left.order_by, &right.order_by)
                && maybe(left.filter.as_ref(), right.filter.as_ref())
        }
        _ => false,
    }
}

fn all(left: &[Expr], right: &[Expr]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
}

fn maybe(left: Option<&Expr>, right: Option<&Expr>) -> bool {
    match (left, right) {
        (None, None) => true,
        (Some(left), Some(right)) => same(left, right),
        _ => false,
    }
}

fn same_branches(left: &[Branch], right: &[Branch]) -> bool {
    let branch = |(left, right): (&Branch, &Branch)| {
        same(&left.condition, &right.condition) && same(&left.value, &right.value)
    };
    left.len() == right.len() && left.iter().zip(right).all(branch)
}

fn same_keys(left: &[OrderBy], right: &[OrderBy]) -> bool {
    let key = |(left, right): (&OrderBy, &OrderBy)| {
        let expressions = match (&left.key, &right.key) {
            (OrderKey::Output(left), OrderKey::Output(right)) => left == right,
            (OrderKey::Expr(left), OrderKey::Expr(right)) => same(left, right),
            _ => false,
        };
        expressions && left.descending == right.descending && left.nulls_first == right.nulls_first
    };
    left.len() == right.len() && left.iter().zip(right).all(key)
}
