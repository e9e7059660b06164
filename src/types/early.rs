//! Calls a query needs before it runs. Inside a query PostgreSQL decides how often a call is made, and whether at all;
//! so a view that may raise is called once, in a statement before the query, where no row decides its arguments and
//! nothing before it may make it superfluous.

use super::action::Checker;
use crate::hir::walk::{self, Node};
use crate::hir::{Callee, Expr, ExprKind, LocalId, Statement};
use crate::interface::RowColumn;
use crate::language::functions::Kind;
use crate::language::{Ident, Name};
use crate::source::Span;

/// What the statement being checked needs before it.
#[derive(Default)]
pub(super) struct Early {
    /// True inside the query of a statement, which runs where the statement stands.
    open: bool,
    /// True if a part around the expression being checked may be skipped.
    skippable: bool,
    /// Calls and the variables that hold what they gave.
    calls: Vec<(Span, LocalId)>,
    made: Vec<Statement>,
}

impl Checker<'_, '_> {
    /// Checks the query of a statement.
    pub fn own_query<T>(&mut self, check: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.early.open, true);
        let made = check(self);
        self.early.open = outer;
        made
    }

    /// Checks a part of an expression or a statement that may never be evaluated.
    pub fn skippable<T>(&mut self, check: impl FnOnce(&mut Self) -> T) -> T {
        self.perhaps_skippable(true, check)
    }

    /// The same if `skippable`, else a part that is evaluated with the whole.
    pub fn perhaps_skippable<T>(&mut self, skippable: bool, check: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.early.skippable;
        self.early.skippable |= skippable;
        let made = check(self);
        self.early.skippable = before;
        made
    }

    /// What `check` makes, behind the calls it needs before.
    pub fn with_early(&mut self, check: impl FnOnce(&mut Self) -> Vec<Statement>) -> Vec<Statement> {
        let outer = std::mem::take(&mut self.early);
        let after = check(self);
        let mut made = std::mem::replace(&mut self.early, outer).made;
        made.extend(after);
        made
    }

    /// True if a call with these arguments can be made before the query it stands in.
    pub fn can_be_early(&self, arguments: &[Expr]) -> bool {
        self.early.open && !self.early.skippable && self.are_free_of_rows(arguments)
    }

    /// True if no row of a query decides what the arguments are.
    pub fn are_free_of_rows(&self, arguments: &[Expr]) -> bool {
        let mut free = true;
        for argument in arguments {
            walk::expressions(&self.made, Node::Expr(argument), &mut |expr| {
                free &= match &expr.kind {
                    ExprKind::Column { .. }
                    | ExprKind::Subquery(_)
                    | ExprKind::Exists { .. }
                    | ExprKind::InQuery { .. } => false,
                    ExprKind::Function(call) => matches!(call.function.kind, Kind::Scalar),
                    _ => true,
                };
            });
        }
        free
    }

    /// `$f := f(arguments);` before the query: the variable that then stands for the call.
    pub fn call_early(
        &mut self,
        name: &Ident,
        callee: Callee,
        arguments: Vec<Expr>,
        column: &RowColumn,
        span: Span,
    ) -> Expr {
        let (ty, nullable) = (column.ty.clone(), column.nullable);
        let known = self.early.calls.iter().find(|(at, _)| *at == span).map(|(_, id)| *id);
        let target = known.unwrap_or_else(|| {
            // Nobody can write a name that begins with `_`.
            let name = Ident { name: Name::new(&format!("_{}", name.name)), span };
            let target = self.variables.declare(&name, ty.clone(), None);
            let kind = ExprKind::Call { callee, arguments };
            let kind = self.assign(target, Expr { kind, ty: ty.clone(), nullable, span });
            self.early.made.push(Statement { kind, is_result: false, span });
            self.early.calls.push((span, target));
            target
        });
        Expr { kind: ExprKind::Local(target), ty, nullable, span }
    }
}
