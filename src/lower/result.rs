//! What an action returns without a query.

use super::assign::typed;
use super::names;
use super::statement::Scope;
use crate::hir::Expr;
use crate::interface::{Determinism, Profile, RowColumn};
use crate::pg::{self, PlStatement, PlStatementKind};
use crate::source::Span;

/// `RETURN value;`, or of several columns `a := value; b := value; RETURN;`
pub(super) fn row(scope: Scope<'_>, values: &[Expr], made: &mut Vec<PlStatement>, span: Span) {
    let columns = scope.action.signature.returns.columns();
    if let ([value], [column]) = (values, columns) {
        let kind = PlStatementKind::ReturnValue(scope.value(|at| typed(at, value, &column.ty)));
        return made.push(PlStatement { kind, span });
    }
    fill(scope, values, columns, made, span);
    made.push(PlStatement { kind: PlStatementKind::Return, span });
}

/// `a := value; b := value; RETURN NEXT;`
pub(super) fn next(scope: Scope<'_>, values: &[Expr], made: &mut Vec<PlStatement>, span: Span) {
    fill(scope, values, scope.action.signature.returns.columns(), made, span);
    scope.unit.facts.borrow_mut().note_order(match scope.unit.profile {
        Profile::Node | Profile::Metered => Determinism::Ordered,
        Profile::App => Determinism::Free,
    });
    made.push(PlStatement { kind: PlStatementKind::ReturnNext, span });
}

/// Assigns the columns of the result. Nothing of the language reads them, so that no value sees another.
fn fill(scope: Scope<'_>, values: &[Expr], columns: &[RowColumn], made: &mut Vec<PlStatement>, span: Span) {
    for ((value, column), target) in values.iter().zip(columns).zip(names::result(columns)) {
        let value: pg::Expr = scope.value(|at| typed(at, value, &column.ty));
        made.push(PlStatement { kind: PlStatementKind::Assign { target, value }, span });
    }
}
