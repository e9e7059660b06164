//! `$a, _ := f(..)`

use super::query::{self, Use};
use super::statement::{Scope, raise, when};
use super::{compose, context, externs, names, ties};
use crate::hir::{Callee, Expr, LocalId, Query};
use crate::pg::{self, Ident, PlStatement, PlStatementKind, Severity};
use crate::source::Span;

/// Raised by the second row of what must be one.
const SECOND_ROW: &str = "KF013";

/// What receives each column; none for what is dropped or never read.
fn variables(scope: Scope<'_>, targets: &[Option<LocalId>]) -> Vec<Option<Ident>> {
    let locals = &scope.unit.locals;
    let variable = |target: &Option<LocalId>| {
        let id = (*target)?;
        locals.assign(id);
        locals.is_kept(id).then(|| locals.name(id))
    };
    targets.iter().map(variable).collect()
}

/// `"$x" := f(..);`, `SELECT r.a, r.b INTO "$a", "$b" FROM f(..) AS r;`, or `PERFORM f(..);`
pub(super) fn row(
    scope: Scope<'_>,
    targets: &[Option<LocalId>],
    callee: &Callee,
    arguments: &[Expr],
) -> PlStatementKind {
    let variables = variables(scope, targets);
    let call = scope.value(|at| compose::function_call(at, callee, arguments));
    match variables.as_slice() {
        [Some(target)] => {
            let value = pg::Expr::Call(Box::new(call));
            let value = scope.value(|at| externs::checked_value(at.frame, callee, value));
            PlStatementKind::Assign { target: target.clone(), value }
        }
        all if all.iter().all(Option::is_none) => PlStatementKind::PerformCall(call),
        all if scope.value(|at| externs::is_extern(at.frame, callee)) => {
            let kept: Vec<bool> = all.iter().map(Option::is_some).collect();
            let query = scope.frame(false, |frame| externs::row_of(frame, call, callee, &kept));
            PlStatementKind::SelectInto { targets: all.iter().flatten().cloned().collect(), query }
        }
        all => {
            let columns = scope.frame(false, |frame| {
                let signature = context::signature(frame, callee);
                names::result(signature.map(|it| it.returns.columns()).unwrap_or_default())
            });
            let kept = columns.iter().zip(all).filter(|(_, target)| target.is_some());
            let kept: Vec<Ident> = kept.map(|(column, _)| column.clone()).collect();
            let query = scope.frame(false, |frame| query::from_function(frame, call, &kept));
            PlStatementKind::SelectInto { targets: all.iter().flatten().cloned().collect(), query }
        }
    }
}

/// The only row of a query, or nulls.
pub(super) fn only_row(
    scope: Scope<'_>,
    targets: &[Option<LocalId>],
    of: &Query,
    made: &mut Vec<PlStatement>,
    span: Span,
) {
    let variables = variables(scope, targets);
    let is_one_row = scope.frame(true, |frame| ties::is_one_row_query(frame, of));
    let query = received(scope.query(|frame| query::lower(frame, of, Use::Rows)), &variables);
    let targets: Vec<Ident> = variables.iter().flatten().cloned().collect();
    let mut add = |kind| made.push(PlStatement { kind, span });
    match (targets.is_empty(), is_one_row) {
        (true, true) => add(PlStatementKind::PerformQuery(query)),
        (true, false) => add(when(has_second(query), second_row(), span)),
        (false, true) => add(PlStatementKind::SelectInto { targets, query }),
        (false, false) => {
            let found = scope.unit.locals.added("found", pg::Type::Boolean);
            add(set(&found, false));
            let seen = when(pg::Expr::Variable(found.clone()), second_row(), span);
            let body = [seen, set(&found, true)].map(|kind| PlStatement { kind, span }).into();
            add(PlStatementKind::ForQuery { targets, query, body });
        }
    }
}

fn set(variable: &Ident, value: bool) -> PlStatementKind {
    PlStatementKind::Assign { target: variable.clone(), value: pg::Expr::Bool(value) }
}

fn second_row() -> PlStatementKind {
    let message = "an action gave more than one row where one was received".to_owned();
    raise(Severity::Exception, SECOND_ROW, pg::Expr::Text(message))
}

/// `query` without the columns nobody receives.
fn received(mut query: pg::Query, variables: &[Option<Ident>]) -> pg::Query {
    if let pg::Body::Select(select) = &mut query.body {
        let mut wanted = variables.iter().map(Option::is_some);
        select.items.retain(|_| wanted.next().unwrap_or(true));
    }
    query
}

/// `EXISTS (query OFFSET 1)`
fn has_second(query: pg::Query) -> pg::Expr {
    let query = pg::Query { offset: Some(pg::Expr::Number("1".to_owned())), ..query };
    pg::Expr::Exists { query: Box::new(query), negated: false }
}
