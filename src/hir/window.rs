//! What a function over a window shows of rows that tie in the window's order.

use super::same::same;
use super::{Expr, ExprKind, FrameBound, FrameUnit, FunctionCall, Window};
use crate::language::functions::Kind;

/// True if the frame begins or ends at a group of rows that tie, and the function takes its result from a row, or the
/// order of rows, inside of it. Another sort key would then not only choose among them, but change which rows are in
/// the frame.
pub fn frame_follows_ties(call: &FunctionCall, window: &Window) -> bool {
    use FrameBound::{CurrentRow, UnboundedFollowing, UnboundedPreceding};
    if window.order_by.is_empty() || !takes_rows_of_frame(call) {
        return false;
    }
    let (start, end) = match &window.frame {
        Some(frame) if frame.unit == FrameUnit::Rows => return false,
        Some(frame) => (&frame.start, frame.end.as_ref().unwrap_or(&CurrentRow)),
        None => (&UnboundedPreceding, &CurrentRow),
    };
    !matches!(
        (call.function.name, start, end),
        (_, UnboundedPreceding, UnboundedFollowing)
            | ("first_value", UnboundedPreceding, CurrentRow)
            | ("last_value", CurrentRow, UnboundedFollowing)
    )
}

/// True if all that a function takes from rows is what they are `ordered` by, so that it does not matter which of those
/// that tie come first. A ROWS frame counts them one by one, so there it does.
pub fn takes_only(call: &FunctionCall, window: &Window, ordered: &[&Expr]) -> bool {
    let is_constant =
        |expr: &Expr| matches!(expr.kind, ExprKind::Literal(_) | ExprKind::Local(_) | ExprKind::Context(_));
    let is_given = |value: &Expr| is_constant(value) || ordered.iter().any(|key| same(key, value));
    let by_rows = window.frame.as_ref().is_some_and(|frame| frame.unit == FrameUnit::Rows);
    !by_rows && takes_rows_of_frame(call) && call.filter.is_none() && call.arguments.iter().all(is_given)
}

fn takes_rows_of_frame(call: &FunctionCall) -> bool {
    match call.function.kind {
        Kind::Aggregate { ordered } => ordered,
        Kind::Window { .. } => matches!(call.function.name, "first_value" | "last_value" | "nth_value"),
        Kind::Scalar | Kind::Rows => false,
    }
}
