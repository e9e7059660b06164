//! Fitting a value to the type its place asks for.

use super::action::Checker;
use super::infer::Strength;
use super::operator::common_type;
use super::problems;
use crate::hir::{Branch, Expr, ExprKind, Literal};
use crate::language::Type;
use crate::language::functions::Gives;
use crate::resolve::{Misfit, fit};
use crate::source::Span;
use crate::syntax::ast::LiteralKind;

impl Checker<'_, '_> {
    /// The value as a value of `wanted`, or a report that it is not one. `because` says what asks, if that is
    /// elsewhere. The result of a failure has type unknown, so that nothing more is said about it.
    pub fn coerce(&mut self, expr: Expr, wanted: &Type, because: Option<(Span, &str)>) -> Expr {
        let (found, span) = (expr.ty.clone(), expr.span);
        let mark = self.sink.mark();
        match self.fit(expr, wanted) {
            Ok(expr) => expr,
            Err(expr) => {
                if !self.sink.errors_since(mark) {
                    self.sink.report(problems::mismatch(wanted, &found, span, because));
                }
                Expr { ty: Type::Unknown, ..expr }
            }
        }
    }

    /// The value as a value of `wanted` if it is one without losing anything; the value itself if not. A literal of
    /// the right form that is out of range is reported here.
    pub fn fit(&mut self, mut expr: Expr, wanted: &Type) -> Result<Expr, Expr> {
        if let ExprKind::Local(id) = expr.kind {
            self.variables.note(id, wanted, expr.span, Strength::Strong);
        }
        if expr.ty == *wanted || wanted.is_open() || expr.ty == Type::Unknown {
            if expr.ty == Type::Unknown && matches!(expr.kind, ExprKind::Local(_)) {
                expr.ty = wanted.clone();
            }
            return Ok(expr);
        }
        match expr.kind {
            ExprKind::Literal(literal) => {
                self.fit_literal(Expr { kind: ExprKind::Literal(literal), ..expr }, wanted)
            }
            ExprKind::Error(_) => Ok(Expr { ty: wanted.clone(), ..expr }),
            ExprKind::Case { .. } | ExprKind::Array(_) | ExprKind::Function(_) if holds_literals(&expr) => {
                self.fit_parts(expr, wanted)
            }
            _ => self.widen(expr, wanted),
        }
    }

    /// Decimals widen: every digit after the point is kept, and too many before it raise when the value is stored.
    fn widen(&mut self, mut expr: Expr, wanted: &Type) -> Result<Expr, Expr> {
        if let (Type::Null, ExprKind::Subquery(query)) = (&expr.ty, &mut expr.kind) {
            self.fit_column(query, 0, wanted);
        }
        match (&expr.ty, wanted) {
            (Type::Null, _) => Ok(Expr { ty: wanted.clone(), ..expr }),
            (from, to) if widens(from, to) => {
                let expr = before_widening(expr);
                if expr.ty == *wanted {
                    return Ok(expr);
                }
                let (nullable, span) = (expr.nullable, expr.span);
                Ok(Expr { kind: ExprKind::Cast(Box::new(expr)), ty: wanted.clone(), nullable, span })
            }
            _ => Err(expr),
        }
    }

    fn fit_literal(&mut self, expr: Expr, wanted: &Type) -> Result<Expr, Expr> {
        let ExprKind::Literal(literal) = &expr.kind else { return Err(expr) };
        let written = match literal {
            Literal::Number(digits) if digits.contains('.') => LiteralKind::Decimal(digits.clone()),
            Literal::Number(digits) => LiteralKind::Integer(digits.clone()),
            Literal::Null => LiteralKind::Null,
            Literal::Text(_) | Literal::Blob(_) | Literal::Bool(_) => return Err(expr),
        };
        match fit(&written, wanted) {
            Ok(literal) => Ok(Expr { kind: ExprKind::Literal(literal), ty: wanted.clone(), ..expr }),
            Err(Misfit::WrongType) => Err(expr),
            Err(Misfit::OutOfRange(what_fits)) => {
                self.sink.report(problems::literal_range(wanted, &what_fits, expr.span));
                Err(expr)
            }
        }
    }

    /// Fits the values that a CASE, an array or a COALESCE chooses from.
    fn fit_parts(&mut self, expr: Expr, wanted: &Type) -> Result<Expr, Expr> {
        let Expr { kind, ty, nullable, span } = expr;
        let made = match (kind, wanted) {
            (ExprKind::Case { operand, branches, otherwise }, _) => {
                let mut fitted = Vec::with_capacity(branches.len());
                for branch in branches {
                    let value = self.fit(branch.value, wanted)?;
                    fitted.push(Branch { condition: branch.condition, value });
                }
                let otherwise = match otherwise {
                    Some(value) => Some(Box::new(self.fit(*value, wanted)?)),
                    None => None,
                };
                ExprKind::Case { operand, branches: fitted, otherwise }
            }
            (ExprKind::Array(elements), Type::Array(element)) => {
                let fitted: Result<Vec<Expr>, Expr> =
                    elements.into_iter().map(|value| self.fit(value, element)).collect();
                ExprKind::Array(fitted?)
            }
            (ExprKind::Function(mut call), _) => {
                let fitted: Result<Vec<Expr>, Expr> =
                    call.arguments.into_iter().map(|value| self.fit(value, wanted)).collect();
                call.arguments = fitted?;
                ExprKind::Function(call)
            }
            (kind, _) => return Err(Expr { kind, ty, nullable, span }),
        };
        Ok(Expr { kind: made, ty: wanted.clone(), nullable, span })
    }

    /// One type for several values, each fitted to it: the first type that is not a bare literal's, else the first.
    /// Decimals of different sizes meet in the smallest that holds both.
    pub fn unify(&mut self, values: Vec<Expr>) -> (Vec<Expr>, Type) {
        let mut common = Type::Null;
        for firm in [true, false] {
            for value in values.iter().filter(|value| firm != is_flexible(value)) {
                common = match (&common, &value.ty) {
                    (Type::Null | Type::Unknown, ty) => (*ty).clone(),
                    (common, ty) => common_type(common, ty),
                };
            }
        }
        let first = values.iter().find(|value| value.ty == common).map(|value| value.span);
        let fitted = values
            .into_iter()
            .map(|value| {
                let because =
                    first.filter(|first| *first != value.span).map(|first| (first, "decides the type"));
                self.coerce(value, &common, because)
            })
            .collect();
        (fitted, common)
    }
}

/// True for decimals, and arrays of them, where every digit after the point is kept.
fn widens(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Decimal(from), Type::Decimal(to)) => from.scale <= to.scale,
        (Type::Array(from), Type::Array(to)) => widens(from, to),
        _ => false,
    }
}

/// A decimal without a cast to a larger one, which changes no value.
fn before_widening(expr: Expr) -> Expr {
    let Expr { kind, ty, nullable, span } = expr;
    match (kind, &ty) {
        (ExprKind::Cast(inner), Type::Decimal(to)) => match &inner.ty {
            Type::Decimal(from) if from.scale <= to.scale && from.whole() <= to.whole() => *inner,
            _ => Expr { kind: ExprKind::Cast(inner), ty, nullable, span },
        },
        (kind, _) => Expr { kind, ty, nullable, span },
    }
}

/// True for values whose type follows their place: literals of numbers, null, raised errors, and choices among these.
pub(super) fn is_flexible(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(Literal::Number(_) | Literal::Null) | ExprKind::Error(_) => true,
        ExprKind::Local(_) => expr.ty.is_open(),
        ExprKind::Case { branches, otherwise, .. } => {
            branches.iter().all(|branch| is_flexible(&branch.value))
                && otherwise.as_deref().is_none_or(is_flexible)
        }
        ExprKind::Array(elements) => elements.iter().all(is_flexible),
        ExprKind::Function(call) => chooses(call) && call.arguments.iter().all(is_flexible),
        _ => expr.ty == Type::Null,
    }
}

fn holds_literals(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Function(call) => chooses(call) && is_flexible(expr),
        _ => true,
    }
}

/// True for functions that give one of their arguments (`coalesce`, `greatest`, ..).
fn chooses(call: &crate::hir::FunctionCall) -> bool {
    call.function.variadic && call.function.gives == Gives::Same(0)
}
