//! `for $i in low..high`. PL/pgSQL counts fast in `int4` only, and refuses null bounds.

use super::statement::{Scope, statements};
use super::{expression, filled};
use crate::hir::{Expr, ExprKind, Literal, LocalId, Statement, StatementKind, UnaryOp};
use crate::language::functions::Emit;
use crate::pg::{self, Call, Ident, Namespace, PlStatement, PlStatementKind};
use crate::source::Span;

/// A loop that is being lowered.
#[derive(Clone, Copy)]
struct Range<'s> {
    scope: Scope<'s>,
    variable: LocalId,
    body: &'s [Statement],
    span: Span,
}

/// `FOR "#i" IN 1 .. 5 LOOP .. END LOOP;` where an `int4` surely holds both bounds. Other ranges are counted in blocks:
///
/// ```sql
/// "#low" := 1::int8;
/// WHILE "#low" <= "$n" LOOP
///   FOR "#i" IN 0 .. (LEAST("$n", "#low" | 2147483647) - "#low")::int4 LOOP
///     ..                                -- $i is "#low" + "#i"
///   END LOOP;
///   EXIT WHEN "$n" <= ("#low" | 2147483647);
///   "#low" := ("#low" | 2147483647) + 1;
/// END LOOP;
/// ```
///
/// `"#low" | 2147483647` is the last number of the block, so that nothing overflows at either end of `int8`; a null
/// bound makes no block.
pub(super) fn lower(
    scope: Scope<'_>,
    variable: LocalId,
    [low, high]: [&Expr; 2],
    body: &[Statement],
    made: &mut Vec<PlStatement>,
    span: Span,
) {
    let range = Range { scope, variable, body, span };
    let locals = &scope.unit.locals;
    if locals.is_constant(variable) && int4(low).is_some_and(|low| low >= 1) {
        locals.note_from_one(variable);
    }
    if locals.is_constant(variable) && int4(low) == Some(1) {
        let arrays = filled::arrays(variable, body);
        arrays.into_iter().for_each(|array| locals.note_filled(array, variable));
    }
    match int4(low).zip(small(scope, low, high)) {
        Some((low, high)) => made.push(range.statement(range.counted(low, high))),
        None => range.blocks([low, high], made),
    }
}

impl Range<'_> {
    fn statement(self, kind: PlStatementKind) -> PlStatement {
        PlStatement { kind, span: self.span }
    }

    /// A variable of the compiler's own: `"#i"`
    fn counter(self) -> Ident {
        let name = self.scope.action.local(self.variable).map_or("i", |local| local.name.as_str());
        self.scope.unit.locals.fresh(name)
    }

    /// `FOR "#i" IN 1 .. 5 LOOP .. END LOOP;`
    fn counted(self, low: i32, high: pg::Expr) -> PlStatementKind {
        let counter = self.counter();
        let value = pg::Expr::Cast(Box::new(pg::Expr::Variable(counter.clone())), pg::Type::Int8);
        let body = self.passes(self.scope.inside_loop(None), value);
        PlStatementKind::ForRange { counter, low: number(low.into()), high, body }
    }

    /// A WHILE over blocks, the loop over the numbers of each in it.
    fn blocks(self, [low, high]: [&Expr; 2], made: &mut Vec<PlStatement>) {
        let locals = &self.scope.unit.locals;
        let first = locals.added("low", pg::Type::Int8);
        let value = self.scope.value(|at| expression::lower(at, low));
        made.push(self.statement(PlStatementKind::Assign { target: first.clone(), value }));
        let last = match high.kind {
            ExprKind::Local(id) if locals.is_constant(id) => locals.read(id),
            _ => {
                let target = locals.added("high", pg::Type::Int8);
                let value = self.scope.value(|at| expression::lower(at, high));
                made.push(self.statement(PlStatementKind::Assign { target: target.clone(), value }));
                pg::Expr::Variable(target)
            }
        };
        let label = breaks(self.body).then(|| locals.fresh("range"));
        let body = self.block(first.clone(), &last, label.as_ref());
        let condition = binary("<=", pg::Expr::Variable(first), last);
        made.push(self.statement(PlStatementKind::While { label, condition, body }));
    }

    fn block(self, first: Ident, last: &pg::Expr, label: Option<&Ident>) -> Vec<PlStatement> {
        let low = || pg::Expr::Variable(first.clone());
        let end = || binary("|", low(), number(i32::MAX.into()));
        let counter = self.counter();
        let value = binary("+", low(), pg::Expr::Variable(counter.clone()));
        let body = self.passes(self.scope.inside_loop(label), value);
        let size = binary("-", form("LEAST", vec![last.clone(), end()]), low());
        let size = pg::Expr::Cast(Box::new(size), pg::Type::Int4);
        let numbers = PlStatementKind::ForRange { counter, low: number(0), high: size, body };
        let when = Some(binary("<=", last.clone(), end()));
        let exit = PlStatementKind::Exit { label: None, when };
        let next = binary("+", end(), number(1));
        let next = PlStatementKind::Assign { target: first.clone(), value: next };
        [numbers, exit, next].map(|kind| self.statement(kind)).into()
    }

    /// The body, for one number. Reading the number where it is wanted is faster than a variable for it, unless a query
    /// wants it for each of its rows.
    fn passes(self, scope: Scope<'_>, value: pg::Expr) -> Vec<PlStatement> {
        let locals = &self.scope.unit.locals;
        let mut made = Vec::new();
        match locals.is_constant(self.variable) && !locals.is_read_in_query(self.variable) {
            true => locals.stand_in(self.variable, value),
            false if locals.is_kept(self.variable) => {
                let target = locals.name(self.variable);
                made.push(self.statement(PlStatementKind::Assign { target, value }));
            }
            false => {}
        }
        made.extend(statements(scope, self.body));
        made
    }
}

/// A bound that is written out and that an `int4` holds.
fn int4(bound: &Expr) -> Option<i32> {
    match &bound.kind {
        ExprKind::Literal(Literal::Number(digits)) => digits.parse().ok(),
        ExprKind::Unary { operator: UnaryOp::Minus, operand } => match &operand.kind {
            ExprKind::Literal(Literal::Number(digits)) => format!("-{digits}").parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

/// An upper bound that an `int4` holds: one that is written out, or a size, where null makes no pass:
/// `COALESCE(pg_catalog.array_length("$a", 1), 0)`
fn small(scope: Scope<'_>, low: &Expr, high: &Expr) -> Option<pg::Expr> {
    if let Some(high) = int4(high) {
        return Some(number(high.into()));
    }
    let ExprKind::Function(call) = &high.kind else { return None };
    if !matches!(call.function.emit, Emit::CallInt(_) | Emit::Position | Emit::ArrayLength) {
        return None;
    }
    let before = int4(low)?.checked_sub(1)?;
    let size = match scope.value(|at| expression::lower(at, high)) {
        pg::Expr::Cast(size, pg::Type::Int8) => *size,
        other => pg::Expr::Cast(Box::new(other), pg::Type::Int4),
    };
    Some(if high.nullable { form("COALESCE", vec![size, number(before.into())]) } else { size })
}

/// True if a `break` in `body` ends the loop it is the body of.
fn breaks(body: &[Statement]) -> bool {
    body.iter().any(|statement| match &statement.kind {
        StatementKind::Break => true,
        StatementKind::If { branches, otherwise } => {
            branches.iter().any(|branch| breaks(&branch.body)) || breaks(otherwise)
        }
        _ => false,
    })
}

fn number(value: i64) -> pg::Expr {
    pg::Expr::Number(value.to_string())
}

fn binary(operator: &'static str, left: pg::Expr, right: pg::Expr) -> pg::Expr {
    pg::Expr::Binary { operator, left: Box::new(left), right: Box::new(right) }
}

fn form(name: &str, arguments: Vec<pg::Expr>) -> pg::Expr {
    pg::Expr::Call(Box::new(Call::plain(Namespace::Grammar, name, arguments)))
}
