//! Windows and ordered aggregates: what they see of the order of rows, and how it is completed.

use super::call;
use super::collation::collated;
use super::expression;
use super::frame::At;
use super::literal::beside;
use super::ordering::{ascending, nulls_first};
use super::ties;
use crate::hir::same::same;
use crate::hir::{Expr, ExprKind, Frame, FrameBound, FrameUnit, FunctionCall, OrderBy, OrderKey, Window};
use crate::interface::Profile;
use crate::language::functions::{Emit, Kind};
use crate::pg::{self, SortKey};

/// ORDER BY inside a call. Values equal in the author's keys and in themselves cannot be told apart, so the arguments
/// complete it.
///
/// With DISTINCT a key has to be one of the `arguments` to the letter, and an alias inside of one is new each time it is
/// lowered.
pub(super) fn argument_order(at: At<'_>, call: &FunctionCall, arguments: &[pg::Expr]) -> Vec<SortKey> {
    let mut keys = written(at, &call.order_by);
    if call.distinct {
        for (key, order) in keys.iter_mut().zip(&call.order_by) {
            let by = key_expr(at, order);
            let own = call.arguments.iter().position(|value| by.is_some_and(|by| same(by, value)));
            if let Some(argument) = own.and_then(|own| arguments.get(own)) {
                key.expr = argument.clone();
            }
        }
    }
    let is_ordered = matches!(call.function.kind, Kind::Aggregate { ordered: true });
    if is_ordered && call.over.is_none() && at.frame.unit.profile != Profile::App {
        let values = call.arguments.iter().zip(arguments).filter(|(value, _)| !is_constant(at, value));
        for (value, argument) in values {
            let key = if call.distinct { argument.clone() } else { call::argument_key(at, value) };
            if !keys.iter().any(|known| known.expr == key) {
                keys.push(ascending(key));
            }
        }
    }
    keys
}

pub(super) fn is_constant(at: At<'_>, value: &Expr) -> bool {
    matches!(at.resolve(value).1.kind, ExprKind::Literal(_) | ExprKind::Local(_) | ExprKind::Context(_))
}

fn written(at: At<'_>, order_by: &[OrderBy]) -> Vec<SortKey> {
    order_by
        .iter()
        .filter_map(|key| Some((key, key_expr(at, key)?)))
        .map(|(key, expr)| written_key(at, key, expr))
        .collect()
}

fn written_key(at: At<'_>, key: &OrderBy, expr: &Expr) -> SortKey {
    SortKey {
        expr: collated(at, expr, expression::lower(at, expr)),
        descending: key.descending,
        nulls_first: nulls_first(key, expr.nullable),
    }
}

fn key_expr<'e>(at: At<'e>, key: &'e OrderBy) -> Option<&'e Expr> {
    match &key.key {
        OrderKey::Expr(expr) => Some(expr),
        OrderKey::Output(index) => at.select?.items.get(*index).map(|item| &item.expr),
    }
}

/// `OVER (..)` of a call.
pub(super) fn lower(at: At<'_>, call: &FunctionCall, window: &Window) -> pg::Window {
    let mut order_by = written(at, &window.order_by);
    let added = added_keys(at, call, window);
    let frame = match (&window.frame, added.is_empty() || !window.order_by.is_empty()) {
        (None, true) => None,
        (Some(frame), true) => Some(self::frame(at, frame)),
        (_, false) => {
            whole_partition(call, window).or_else(|| window.frame.as_ref().map(|it| self::frame(at, it)))
        }
    };
    order_by.extend(added.into_iter().map(ascending));
    let partition_by = window.partition_by.iter().map(|expr| expression::lower(at, expr)).collect();
    pg::Window { partition_by, order_by, frame }
}

/// Keys that make the order of a window total, where the function would show that it is not.
fn added_keys(at: At<'_>, call: &FunctionCall, window: &Window) -> Vec<pg::Expr> {
    let Some(select) = at.select else { return Vec::new() };
    let is_free = at.frame.unit.profile == Profile::App || !sees_order(call, window);
    // A frame measured in values of the only key takes no second one.
    if is_free || is_measured(window) {
        return Vec::new();
    }
    let keys = window.order_by.iter().filter_map(|key| key_expr(at, key));
    let ordered: Vec<&Expr> = window.partition_by.iter().chain(keys).collect();
    if crate::hir::window::takes_only(call, window, &ordered) {
        return Vec::new();
    }
    // Where a row comes out in the end shows which one it is.
    let shown: Vec<&Expr> = at.order_by.iter().filter_map(|key| key_expr(at, key)).collect();
    ties::ties(at, select, &ordered, &shown).keys
}

/// True if rows that tie in the window's order may get different results.
pub(super) fn sees_order(call: &FunctionCall, window: &Window) -> bool {
    let by_rows = window.frame.as_ref().is_some_and(|frame| frame.unit == FrameUnit::Rows);
    match call.function.kind {
        Kind::Window { breaks_ties } => breaks_ties,
        Kind::Aggregate { ordered } => ordered || by_rows,
        Kind::Scalar | Kind::Rows => false,
    }
}

fn is_measured(window: &Window) -> bool {
    let Some(Frame { unit, start, end }) = &window.frame else { return false };
    let is_offset = |bound: &FrameBound| matches!(bound, FrameBound::Preceding(_) | FrameBound::Following(_));
    *unit != FrameUnit::Rows && (is_offset(start) || end.as_ref().is_some_and(is_offset))
}

/// A window without ORDER BY sees its whole partition, because all rows are peers. Once they are ordered that has to be
/// said: `ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING`.
fn whole_partition(call: &FunctionCall, window: &Window) -> Option<pg::Frame> {
    let has_frame = !matches!(call.function.emit, Emit::Call("row_number" | "lag" | "lead"));
    let by_rows = window.frame.as_ref().is_some_and(|frame| frame.unit == FrameUnit::Rows);
    (has_frame && !by_rows).then_some(pg::Frame {
        unit: pg::FrameUnit::Rows,
        start: pg::FrameBound::UnboundedPreceding,
        end: Some(pg::FrameBound::UnboundedFollowing),
    })
}

fn frame(at: At<'_>, frame: &Frame) -> pg::Frame {
    let unit = match frame.unit {
        FrameUnit::Rows => pg::FrameUnit::Rows,
        FrameUnit::Range => pg::FrameUnit::Range,
        FrameUnit::Groups => pg::FrameUnit::Groups,
    };
    pg::Frame { unit, start: bound(at, &frame.start), end: frame.end.as_ref().map(|end| bound(at, end)) }
}

fn bound(at: At<'_>, bound: &FrameBound) -> pg::FrameBound {
    match bound {
        FrameBound::UnboundedPreceding => pg::FrameBound::UnboundedPreceding,
        FrameBound::Preceding(offset) => pg::FrameBound::Preceding(Box::new(beside(at, offset))),
        FrameBound::CurrentRow => pg::FrameBound::CurrentRow,
        FrameBound::Following(offset) => pg::FrameBound::Following(Box::new(beside(at, offset))),
        FrameBound::UnboundedFollowing => pg::FrameBound::UnboundedFollowing,
    }
}
