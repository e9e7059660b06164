use sqlparser::ast as sq;

use super::Converter;
use crate::source::Span;
use crate::syntax::ast::{Frame, FrameBound, FrameUnit, NamedWindow, OrderBy, WindowSpec};

impl Converter<'_, '_, '_> {
    /// A window written out; `open` is the index of its parenthesis.
    pub(super) fn window(&mut self, spec: sq::WindowSpec, open: usize) -> Option<WindowSpec> {
        let sq::WindowSpec { window_name, partition_by, order_by, window_frame } = spec;
        let span = self.closed(self.lexemes.span_between(open, open), open);
        let base = self.maybe(window_name, |this, name| this.name(name, "a window"));
        let partition_by = self.expressions(partition_by);
        let order_by = self.each(order_by, Self::order_by);
        let frame = self.maybe(window_frame, Self::frame);
        Some(WindowSpec {
            base: base?,
            partition_by: partition_by?,
            order_by: order_by?,
            frame: frame?,
            span,
        })
    }

    /// `WINDOW name AS (..)`
    pub(super) fn named_window(&mut self, window: sq::NamedWindowDefinition) -> Option<NamedWindow> {
        let sq::NamedWindowDefinition(name, spec) = window;
        let name = self.name(name, "a window")?;
        match spec {
            sq::NamedWindowExpr::WindowSpec(spec) => {
                let open = self.after(name.span) + 1;
                Some(NamedWindow { spec: self.window(spec, open)?, name })
            }
            sq::NamedWindowExpr::NamedWindow(other) => {
                let at = self.span(other.span);
                self.refuse(at, "a window that only renames another", "write `WINDOW name AS (other)`")
            }
        }
    }

    fn frame(&mut self, frame: sq::WindowFrame) -> Option<Frame> {
        let sq::WindowFrame { units, start_bound, end_bound } = frame;
        let unit = match units {
            sq::WindowFrameUnits::Rows => FrameUnit::Rows,
            sq::WindowFrameUnits::Range => FrameUnit::Range,
            sq::WindowFrameUnits::Groups => FrameUnit::Groups,
        };
        let start = self.bound(start_bound);
        let end = self.maybe(end_bound, Self::bound);
        Some(Frame { unit, start: start?, end: end? })
    }

    fn bound(&mut self, bound: sq::WindowFrameBound) -> Option<FrameBound> {
        Some(match bound {
            sq::WindowFrameBound::CurrentRow => FrameBound::CurrentRow,
            sq::WindowFrameBound::Preceding(None) => FrameBound::UnboundedPreceding,
            sq::WindowFrameBound::Following(None) => FrameBound::UnboundedFollowing,
            sq::WindowFrameBound::Preceding(Some(rows)) => FrameBound::Preceding(self.boxed(*rows)?),
            sq::WindowFrameBound::Following(Some(rows)) => FrameBound::Following(self.boxed(*rows)?),
        })
    }

    /// `expr [ASC|DESC] [NULLS FIRST|LAST]`
    pub(super) fn order_by(&mut self, key: sq::OrderByExpr) -> Option<OrderBy> {
        let sq::OrderByExpr { expr, options: sq::OrderByOptions { sort, nulls_first }, with_fill } = key;
        let expr = self.expr(expr)?;
        let at: Span = expr.span;
        self.require(with_fill.is_none(), at, "WITH FILL", "")?;
        let descending = match sort {
            None | Some(sq::OrderBySort::Asc) => false,
            Some(sq::OrderBySort::Desc) => true,
            Some(sq::OrderBySort::Using(_)) => {
                return self.refuse(at, "ORDER BY .. USING", "write `ASC` or `DESC`");
            }
        };
        Some(OrderBy { expr, descending, nulls_first })
    }
}
