use super::collation::{self, collated};
use super::context;
use super::frame::{At, Binding};
use super::literal::{alternatives, beside, cast, compared, operands, to_the_digit};
use super::query::{self, Use};
use super::ty::{cast_type, holds_uint256};
use super::{call, compose, from, operator};
use crate::hir::{Branch, Expr, ExprKind, LocalId, Query, RelationId, UnaryOp};
use crate::language::Type;
use crate::pg::{self, Call, Namespace};

/// An expression that has exactly the PostgreSQL type of its own type, wherever it stands.
pub(super) fn lower(at: At<'_>, expr: &Expr) -> pg::Expr {
    match &expr.kind {
        ExprKind::Literal(literal) => cast(literal, &expr.ty),
        ExprKind::Local(id) => local(at, *id),
        ExprKind::Context(value) => context::value(at.frame, *value),
        ExprKind::Column { relation, column } => self::column(at, *relation, *column),
        ExprKind::Unary { operator, operand } => unary(at, *operator, operand, &expr.ty),
        ExprKind::Binary { operator, left, right } => operator::binary(at, *operator, left, right, &expr.ty),
        ExprKind::And(all) => pg::Expr::And(each(at, all)),
        ExprKind::Or(all) => pg::Expr::Or(each(at, all)),
        ExprKind::Cast(operand) => conversion(at, operand, &expr.ty),
        ExprKind::Case { operand, branches, otherwise } => {
            let value = case(at, operand.as_deref(), branches, otherwise.as_deref());
            // PostgreSQL finds the domain of `uint256` only if every branch has it, the missing ELSE included.
            if otherwise.is_none() { checked(value, &expr.ty) } else { value }
        }
        ExprKind::Array(elements) => array(at, elements, &expr.ty),
        ExprKind::Index { array, index } => {
            pg::Expr::Index { array: boxed(at, array), index: Box::new(operator::narrow(beside(at, index))) }
        }
        ExprKind::Slice { array, low, high } => {
            let bound = |bound: &Option<Box<Expr>>| bound.as_ref().map(|it| Box::new(beside(at, it)));
            pg::Expr::Slice { array: boxed(at, array), low: bound(low), high: bound(high) }
        }
        ExprKind::Function(function) => call::lower(at, function, &expr.ty),
        ExprKind::Error(message) => error(at, message, &expr.ty),
        ExprKind::Subquery(query) => pg::Expr::Subquery(subquery(at, query, Use::Rows)),
        ExprKind::Call { callee, arguments } => compose::value(at, callee, arguments),
        _ => predicate(at, expr),
    }
}

/// What is true, false or null of its operands.
fn predicate(at: At<'_>, expr: &Expr) -> pg::Expr {
    match &expr.kind {
        ExprKind::IsNull { operand, negated } => is(at, operand, if *negated { "NOT NULL" } else { "NULL" }),
        ExprKind::IsTruth { operand, truth, negated } => is(at, operand, truth_words(*truth, *negated)),
        ExprKind::IsDistinct { left, right, negated } => {
            let (left, right) = two(operands(at, &[left, right]));
            pg::Expr::IsDistinct { left, right, negated: *negated }
        }
        ExprKind::Between { operand, low, high, negated } => between(at, [operand, low, high], *negated),
        ExprKind::Like { operand, pattern, escape, negated } => {
            let (operand, pattern) = two(operands(at, &[operand, pattern]));
            pg::Expr::Like { operand, pattern, escape: escape.clone(), negated: *negated }
        }
        ExprKind::InList { operand, list, negated } => in_list(at, operand, list, *negated),
        ExprKind::InQuery { operand, query, negated } => {
            let query = subquery(at, query, Use::Rows);
            pg::Expr::InQuery { operand: boxed(at, operand), query, negated: *negated }
        }
        ExprKind::Quantified { operator, all, left, array } => {
            let value = lower(at, left);
            let is_ordered = operator::is_ordering(*operator) && !collation::carries_c(at, array);
            let left = if is_ordered { collated(at, left, value) } else { value };
            let (left, array) = (Box::new(left), boxed(at, array));
            pg::Expr::Quantified { operator: operator.sign(), all: *all, left, array }
        }
        ExprKind::Exists { query, negated } => {
            pg::Expr::Exists { query: subquery(at, query, Use::Existence), negated: *negated }
        }
        // INVARIANT: `lower` takes every other kind.
        _ => pg::Expr::Null,
    }
}

fn each(at: At<'_>, all: &[Expr]) -> Vec<pg::Expr> {
    all.iter().map(|expr| lower(at, expr)).collect()
}

fn boxed(at: At<'_>, expr: &Expr) -> Box<pg::Expr> {
    Box::new(lower(at, expr))
}

fn two(operands: Vec<pg::Expr>) -> (Box<pg::Expr>, Box<pg::Expr>) {
    let mut operands = operands.into_iter().map(Box::new);
    let mut next = || operands.next().unwrap_or_else(|| Box::new(pg::Expr::Null));
    (next(), next())
}

fn subquery(at: At<'_>, query: &Query, purpose: Use) -> Box<pg::Query> {
    Box::new(query::lower(at.frame, query, purpose))
}

fn is(at: At<'_>, operand: &Expr, what: &'static str) -> pg::Expr {
    pg::Expr::Is { operand: boxed(at, operand), what }
}

fn truth_words(truth: bool, negated: bool) -> &'static str {
    match (truth, negated) {
        (true, false) => "TRUE",
        (true, true) => "NOT TRUE",
        (false, false) => "FALSE",
        (false, true) => "NOT FALSE",
    }
}

/// A parameter: `"$name"`, or in a splice the argument that stands for it.
fn local(at: At<'_>, id: LocalId) -> pg::Expr {
    let Some(local) = at.frame.action.local(id) else { return pg::Expr::Null };
    match at.frame.binding(id) {
        None => at.frame.unit.locals.read(id),
        Some((caller, Binding::Direct(value))) => super::literal::declared(caller, value, &local.ty),
        Some((_, Binding::Once { cte, column, .. })) => compose::bound_value(at.frame, cte, column),
    }
}

/// `alias.column`
pub(super) fn column(at: At<'_>, relation: RelationId, column: usize) -> pg::Expr {
    from::note_read(at.frame, relation, Some(column));
    pg::Expr::Column {
        relation: at.frame.alias(relation),
        column: from::column_name(at.frame, relation, column),
    }
}

fn unary(at: At<'_>, operator: UnaryOp, operand: &Expr, ty: &Type) -> pg::Expr {
    let value = boxed(at, operand);
    match operator {
        UnaryOp::Plus => *value,
        UnaryOp::Not => pg::Expr::Unary { operator: "NOT", operand: value },
        UnaryOp::Minus => checked(pg::Expr::Unary { operator: "-", operand: value }, ty),
    }
}

/// PostgreSQL computes with the base type of a domain: the cast brings the domain, and its checks, back.
pub(super) fn checked(value: pg::Expr, ty: &Type) -> pg::Expr {
    match holds_uint256(ty) {
        true => pg::Expr::Cast(Box::new(value), cast_type(ty)),
        false => value,
    }
}

fn between(at: At<'_>, all: [&Expr; 3], negated: bool) -> pg::Expr {
    let [operand, low, high] = all;
    let (operand, bounds) = compared(at, operand, &[low, high]);
    let (low, high) = two(bounds);
    // `x BETWEEN a AND b` compares x with each bound.
    let carried = all.iter().any(|expr| collation::carries_c(at, expr));
    let operand = if carried { operand } else { collation::collate(&all[0].ty, operand) };
    pg::Expr::Between { operand: Box::new(operand), low, high, negated }
}

fn in_list(at: At<'_>, operand: &Expr, list: &[Expr], negated: bool) -> pg::Expr {
    let (operand, list) = compared(at, operand, &list.iter().collect::<Vec<_>>());
    pg::Expr::InList { operand: Box::new(operand), list, negated }
}

/// `e::type`. PostgreSQL casts between boolean and `int4` only. A decimal literal has its own digits first:
/// `(1.5::numeric(4,3))::text` is 1.500.
fn conversion(at: At<'_>, operand: &Expr, ty: &Type) -> pg::Expr {
    if let Some(literal) = at.literal(operand)
        && !matches!(operand.ty, Type::Bool | Type::Decimal(_))
    {
        return cast(literal, ty);
    }
    let value = lower(at, operand);
    match (&operand.ty, ty) {
        (from, to) if from == to && !matches!(to, Type::Decimal(_)) => value,
        (Type::Bool, Type::Int | Type::Decimal(_) | Type::Uint256) => {
            let number = pg::Expr::Cast(Box::new(value), pg::Type::Int4);
            pg::Expr::Cast(Box::new(number), cast_type(ty))
        }
        (Type::Text, Type::Decimal(_)) => pg::Expr::Cast(finite(value, pg::Type::Finite), cast_type(ty)),
        (Type::Array(from), Type::Array(to)) if **from == Type::Text && matches!(**to, Type::Decimal(_)) => {
            let finite = finite(value, pg::Type::Array(Box::new(pg::Type::Finite)));
            pg::Expr::Cast(finite, cast_type(ty))
        }
        (Type::Int, Type::Bool) => {
            let zero = Box::new(pg::Expr::Number("0".to_owned()));
            pg::Expr::Binary { operator: "<>", left: Box::new(value), right: zero }
        }
        (Type::Array(from), Type::Array(to)) if (&**from, &**to) == (&Type::Bool, &Type::Int) => {
            let numbers = pg::Expr::Cast(Box::new(value), pg::Type::Array(Box::new(pg::Type::Int4)));
            pg::Expr::Cast(Box::new(numbers), cast_type(ty))
        }
        _ => pg::Expr::Cast(Box::new(value), cast_type(ty)),
    }
}

/// PostgreSQL reads the text `NaN` as a number; the domain refuses it.
fn finite(text: pg::Expr, domain: pg::Type) -> Box<pg::Expr> {
    Box::new(pg::Expr::Cast(Box::new(text), domain))
}

fn case(at: At<'_>, operand: Option<&Expr>, branches: &[Branch], otherwise: Option<&Expr>) -> pg::Expr {
    let conditions: Vec<&Expr> = branches.iter().map(|it| &it.condition).collect();
    let (operand, conditions) = match operand.map(|operand| compared(at, operand, &conditions)) {
        Some((operand, conditions)) => (Some(Box::new(operand)), conditions),
        None => (None, conditions.iter().map(|condition| lower(at, condition)).collect()),
    };
    let values: Vec<&Expr> = branches.iter().map(|it| &it.value).chain(otherwise).collect();
    let mut values = alternatives(at, &values).into_iter();
    let pairs = conditions.into_iter().zip(values.by_ref());
    let branches = pairs.map(|(condition, value)| pg::Branch { condition, value }).collect();
    pg::Expr::Case { operand, branches, otherwise: values.next().map(Box::new) }
}

/// `ARRAY[a, b]`, with a cast of the whole where the elements would not say the type.
fn array(at: At<'_>, elements: &[Expr], ty: &Type) -> pg::Expr {
    let says = |element: &Expr| at.literal(element).is_none();
    let is_said = match holds_uint256(ty) {
        true => elements.iter().all(says) && !elements.is_empty(),
        false => elements.iter().any(says),
    };
    let element = |element: &Expr| beside(at, element);
    match is_said {
        true => pg::Expr::Array(elements.iter().map(|it| to_the_digit(element(it), it)).collect()),
        false => {
            let list = pg::Expr::Array(elements.iter().map(element).collect());
            pg::Expr::Cast(Box::new(list), cast_type(ty))
        }
    }
}

/// `kf.error(message)::type`
fn error(at: At<'_>, message: &Expr, ty: &Type) -> pg::Expr {
    let call = Call::plain(Namespace::Kf, "error", vec![lower(at, message)]);
    let value = pg::Expr::Call(Box::new(call));
    match cast_type(ty) {
        pg::Type::Text => value,
        other => pg::Expr::Cast(Box::new(value), other),
    }
}
