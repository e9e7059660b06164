//! Telling what a function comes through: `RAISE NOTICE` before each statement of the source, and at the beginning of
//! each way a branch may take. Views tell too, because a notice writes nothing.
//!
//! ```sql
//! RAISE NOTICE USING ERRCODE = 'KFT01', MESSAGE = 'notes 120 164 statement';
//! IF "$n" > 3 THEN
//!   RAISE NOTICE USING ERRCODE = 'KFT01', MESSAGE = 'notes 120 164 branch 0';
//!   ..
//! ELSE
//!   RAISE NOTICE USING ERRCODE = 'KFT01', MESSAGE = 'notes 120 164 branch 1';
//! END IF;
//! ```

use super::statement::raise;
use super::testing::HIT;
use crate::hir::Action;
use crate::interface::{BodyLine, Dbid, Point, PointKind};
use crate::pg::{Expr, Function, PlBranch, PlStatement, PlStatementKind, Severity};
use crate::source::Span;

/// What an author's ERROR raises: an IF around it is one of the source.
const RAISED: &str = "KF001";

/// Makes the function of `action` tell, and says of what.
pub(super) fn cover(function: &mut Function, dbid: &Dbid, action: &Action) -> Vec<Point> {
    let mut cover = Cover { dbid, action, points: Vec::new() };
    let body = std::mem::take(&mut function.body);
    // What every function checks first has the place of the action's name.
    let (checks, body): (Vec<_>, Vec<_>) = body.into_iter().partition(|it| it.span == action.name_span);
    function.body = checks;
    function.body.push(cover.hit(action.name_span, PointKind::Action));
    function.body.extend(cover.statements(body, action.name_span));
    cover.points
}

struct Cover<'c> {
    dbid: &'c Dbid,
    action: &'c Action,
    points: Vec<Point>,
}

impl Cover<'_> {
    /// Tells of a point.
    fn hit(&mut self, span: Span, kind: PointKind) -> PlStatement {
        let (dbid, action) = (self.dbid.clone(), self.action.name.clone());
        let at = BodyLine { body: 0, line: 0, column: 0, start: span.start, end: span.end };
        let point = Point { dbid, action, at, kind };
        let kind = raise(Severity::Notice, HIT, Expr::Text(point.key()));
        if !self.points.contains(&point) {
            self.points.push(point);
        }
        PlStatement { kind, span }
    }

    /// Statements inside one whose place is `around`. Those that follow one another with one place are one of the source.
    fn statements(&mut self, all: Vec<PlStatement>, around: Span) -> Vec<PlStatement> {
        let mut made = Vec::new();
        let mut before = around;
        for PlStatement { kind, span } in all {
            if span != before && span != around {
                made.push(self.hit(span, PointKind::Statement));
                before = span;
            }
            made.push(PlStatement { kind: self.statement(kind, span), span });
        }
        made
    }

    fn statement(&mut self, kind: PlStatementKind, span: Span) -> PlStatementKind {
        match kind {
            PlStatementKind::If { branches, otherwise } => self.branches(branches, otherwise, span),
            PlStatementKind::ForRange { counter, low, high, body } => {
                PlStatementKind::ForRange { counter, low, high, body: self.statements(body, span) }
            }
            PlStatementKind::ForEach { target, array, body } => {
                PlStatementKind::ForEach { target, array, body: self.statements(body, span) }
            }
            PlStatementKind::ForQuery { targets, query, body } => {
                PlStatementKind::ForQuery { targets, query, body: self.statements(body, span) }
            }
            PlStatementKind::While { label, condition, body } => {
                PlStatementKind::While { label, condition, body: self.statements(body, span) }
            }
            other => other,
        }
    }

    fn branches(
        &mut self,
        branches: Vec<PlBranch>,
        otherwise: Vec<PlStatement>,
        around: Span,
    ) -> PlStatementKind {
        let is_written = branches.iter().all(|branch| is_written(branch, around));
        let mut made = Vec::new();
        let mut number = 0;
        for PlBranch { condition, body, span } in branches {
            let mut inside = self.way(is_written, around, &mut number);
            inside.extend(self.statements(body, around));
            made.push(PlBranch { condition, body: inside, span });
        }
        let mut last = self.way(is_written, around, &mut number);
        last.extend(self.statements(otherwise, around));
        PlStatementKind::If { branches: made, otherwise: last }
    }

    /// Tells of the next way a branch takes.
    fn way(&mut self, is_written: bool, span: Span, number: &mut u32) -> Vec<PlStatement> {
        let kind = PointKind::Branch(*number);
        *number += 1;
        if is_written { vec![self.hit(span, kind)] } else { Vec::new() }
    }
}

/// True for a branch of the source, rather than one the compiler made: its condition has a place of its own, or it raises
/// an author's error.
fn is_written(branch: &PlBranch, around: Span) -> bool {
    let raises = |statement: &PlStatement| matches!(&statement.kind, PlStatementKind::Raise { sqlstate, .. } if *sqlstate == RAISED);
    branch.span != around || branch.body.first().is_some_and(raises)
}
