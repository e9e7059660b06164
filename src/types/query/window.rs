use crate::hir::{Expr, ExprKind, Frame, FrameBound, Window};
use crate::language::Type;
use crate::syntax::ast::{self, FrameUnit, NamedWindow, Over, WindowSpec};
use crate::types::action::Checker;
use crate::types::problems;
use crate::types::scope::{At, Place};

impl Checker<'_, '_> {
    /// The window of an OVER clause, named windows written out.
    pub fn window(&mut self, over: &Over, at: At<'_>) -> Option<Window> {
        match over {
            Over::Named(name) => {
                let spec = self.named_window(name)?;
                self.window_spec(&spec.spec, at, 0)
            }
            Over::Spec(spec) => self.window_spec(spec, at, 0),
        }
    }

    fn named_window(&mut self, name: &crate::language::Ident) -> Option<NamedWindow> {
        let windows = self.windows.last().cloned().unwrap_or_default();
        let found = windows.iter().find(|window| window.name.name == name.name).cloned();
        if found.is_none() {
            let known: Vec<&str> = windows.iter().map(|window| window.name.name.as_str()).collect();
            self.sink.report(problems::unknown_window(name, &known));
        }
        found
    }

    /// A specification, on top of the named one it extends, if it extends one.
    fn window_spec(&mut self, spec: &WindowSpec, at: At<'_>, depth: usize) -> Option<Window> {
        let inner = at.in_place(Place::WindowArgument);
        let base = match &spec.base {
            Some(name) if depth < 8 => {
                let named = self.named_window(name)?;
                self.window_spec(&named.spec, at, depth + 1)
            }
            Some(name) => {
                self.sink.report(problems::unknown_window(name, &[]));
                return None;
            }
            None => None,
        };
        let mut window =
            base.unwrap_or(Window { partition_by: Vec::new(), order_by: Vec::new(), frame: None });
        if spec.base.is_some() && (!spec.partition_by.is_empty() || window.frame.is_some()) {
            self.sink.report(problems::window_overrides(spec.span));
        }
        let partition_by = spec.partition_by.iter().map(|key| self.expression(key, None, inner));
        window.partition_by.extend(partition_by.collect::<Vec<Expr>>());
        if !spec.order_by.is_empty() {
            if !window.order_by.is_empty() {
                self.sink.report(problems::window_overrides(spec.span));
            }
            window.order_by = spec.order_by.iter().map(|key| self.order_expression(key, inner)).collect();
        }
        if let Some(frame) = &spec.frame {
            window.frame = self.frame(frame, &window, inner, spec);
        }
        Some(window)
    }

    fn frame(&mut self, frame: &ast::Frame, window: &Window, at: At<'_>, spec: &WindowSpec) -> Option<Frame> {
        let needs_order = frame.unit == FrameUnit::Groups && window.order_by.is_empty();
        let offsets = |bound: &ast::FrameBound| {
            matches!(bound, ast::FrameBound::Preceding(_) | ast::FrameBound::Following(_))
        };
        let range_offset =
            frame.unit == FrameUnit::Range && std::iter::once(&frame.start).chain(&frame.end).any(offsets);
        if needs_order || range_offset {
            self.sink.report(problems::frame_not_supported(spec.span, range_offset));
            return None;
        }
        if !is_ordered(frame) {
            self.sink.report(problems::frame_backwards(spec.span));
            return None;
        }
        let start = self.bound(&frame.start, at);
        let end = frame.end.as_ref().map(|end| self.bound(end, at));
        Some(Frame { unit: frame.unit, start, end })
    }

    fn bound(&mut self, bound: &ast::FrameBound, at: At<'_>) -> FrameBound {
        match bound {
            ast::FrameBound::UnboundedPreceding => FrameBound::UnboundedPreceding,
            ast::FrameBound::Preceding(offset) => FrameBound::Preceding(Box::new(self.offset(offset, at))),
            ast::FrameBound::CurrentRow => FrameBound::CurrentRow,
            ast::FrameBound::Following(offset) => FrameBound::Following(Box::new(self.offset(offset, at))),
            ast::FrameBound::UnboundedFollowing => FrameBound::UnboundedFollowing,
        }
    }

    /// A frame's offset is one number for all rows.
    fn offset(&mut self, offset: &ast::Expr, at: At<'_>) -> Expr {
        let made = self.expression(offset, Some(&Type::Int), at);
        let made = self.coerce(made, &Type::Int, None);
        if matches!(made.kind, ExprKind::Column { .. }) {
            self.sink.report(problems::offset_varies(made.span));
        }
        made
    }
}

/// True if the frame's start does not come after its end.
fn is_ordered(frame: &ast::Frame) -> bool {
    let rank = |bound: &ast::FrameBound| match bound {
        ast::FrameBound::UnboundedPreceding => 0,
        ast::FrameBound::Preceding(_) => 1,
        ast::FrameBound::CurrentRow => 2,
        ast::FrameBound::Following(_) => 3,
        ast::FrameBound::UnboundedFollowing => 4,
    };
    let (start, end) = (rank(&frame.start), frame.end.as_ref().map_or(2, rank));
    start < 4 && end > 0 && start <= end
}
