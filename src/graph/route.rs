//! Where lines meet boxes, and which of dagre's points they need: a line that is free of other boxes without them takes none.

use super::curve::{along, meets, spline};
use super::layout::{Layout, Point, Rect};
use super::{Edge, EdgeKind, Graph, Kind, Shape, measure};

/// How far a line leaves its box straight: behind crow's feet, and behind arrows.
const FOOT: f64 = 24.0;
const ARROW: f64 = 13.0;
/// Between lines that meet a side, and what stays free at its ends.
const BETWEEN: f64 = 9.0;
const CORNER: f64 = 10.0;
/// What a line keeps from boxes it does not belong to.
const CLEAR: f64 = 5.0;
/// How far a line keeps its direction at most.
const FARTHEST: f64 = 90.0;
/// How far a line that comes back to its table goes away from it.
const LOOP: f64 = 38.0;

/// Leads every line of `layout`, which has dagre's points, from side to side.
pub(super) fn route(graph: &Graph, layout: &mut Layout) {
    let ends: Vec<Option<Ends>> =
        (0..graph.edges.len()).map(|index| Ends::of(graph, layout, index)).collect();
    let spread = spread(graph, layout, &ends);
    let lines = graph.edges.iter().zip(&layout.edges).zip(spread);
    let routed = lines.map(|((edge, given), ends)| match ends {
        Some(ends) => ends.line(edge, given, layout, graph.kind),
        None => given.clone(),
    });
    layout.edges = routed.collect();
}

/// Where a line begins and ends, and which way it leaves there: along x or y, forwards (1) or backwards (-1).
#[derive(Clone, Copy)]
struct Ends {
    from: Point,
    to: Point,
    out: Point,
    into: Point,
}

const RIGHT: Point = Point { x: 1.0, y: 0.0 };
const LEFT: Point = Point { x: -1.0, y: 0.0 };
const DOWN: Point = Point { x: 0.0, y: 1.0 };
const UP: Point = Point { x: 0.0, y: -1.0 };

impl Ends {
    /// At the middles of the sides that face each other, or at columns; none where boxes do not face each other in the
    /// direction of the picture, as those of a line from a box to itself.
    fn of(graph: &Graph, layout: &Layout, index: usize) -> Option<Ends> {
        let edge = graph.edges.get(index)?;
        let (from, to) = (layout.nodes.get(edge.from)?, layout.nodes.get(edge.to)?);
        let mut ends = if layout.across { Ends::across(from, to) } else { Ends::down(from, to) };
        if let EdgeKind::ForeignKey { columns, parent_columns, optional, .. } = &edge.kind {
            let found = ends.get_or_insert(Ends {
                from: Point { x: from.right(), y: 0.0 },
                to: Point { x: to.right(), y: 0.0 },
                out: RIGHT,
                into: RIGHT,
            });
            found.from.y = from.y + middle(graph, edge.from, columns);
            let aside = if !meets_other(graph, edge) {
                0.0
            } else if *optional {
                BESIDE
            } else {
                -BESIDE
            };
            found.to.y = to.y + middle(graph, edge.to, parent_columns) + aside;
        }
        ends
    }

    fn across(from: &Rect, to: &Rect) -> Option<Ends> {
        let (first, last) = (from.y + from.height / 2.0, to.y + to.height / 2.0);
        let ends = |x, out, other, into| Ends {
            from: Point { x, y: first },
            to: Point { x: other, y: last },
            out,
            into,
        };
        if from.right() < to.x {
            return Some(ends(from.right(), RIGHT, to.x, LEFT));
        }
        (to.right() < from.x).then(|| ends(from.x, LEFT, to.right(), RIGHT))
    }

    fn down(from: &Rect, to: &Rect) -> Option<Ends> {
        let (first, last) = (from.x + from.width / 2.0, to.x + to.width / 2.0);
        let ends = |y, out, other, into| Ends {
            from: Point { x: first, y },
            to: Point { x: last, y: other },
            out,
            into,
        };
        if from.bottom() < to.y {
            return Some(ends(from.bottom(), DOWN, to.y, UP));
        }
        (to.bottom() < from.y).then(|| ends(from.y, UP, to.bottom(), DOWN))
    }

    /// The points that lead the line: straight out, straight in, and between them dagre's only where they are needed.
    fn line(&self, edge: &Edge, given: &[Point], layout: &Layout, kind: Kind) -> Vec<Point> {
        let stub = if kind == Kind::Tables { FOOT } else { ARROW };
        let itself = edge.from == edge.to;
        let apart = if layout.across { self.to.x - self.from.x } else { self.to.y - self.from.y }.abs();
        let far = if itself { LOOP } else { (0.4 * apart).clamp(1.7 * stub, FARTHEST) };
        let plain = self.led(stub, far, &[]);
        let points = along(&spline(&plain));
        let others =
            layout.nodes.iter().enumerate().filter(|(index, _)| *index != edge.from && *index != edge.to);
        if itself || others.into_iter().all(|(_, rect)| !meets(&points, rect, CLEAR)) {
            return plain;
        }
        self.led(stub, 1.7 * stub, given.get(1..given.len().saturating_sub(1)).unwrap_or_default())
    }

    /// Straight for `stub` pixels, in the same direction for `far`, through `inner`, and in the same way.
    fn led(&self, stub: f64, far: f64, inner: &[Point]) -> Vec<Point> {
        let step =
            |point: Point, way: Point, far: f64| Point { x: point.x + way.x * far, y: point.y + way.y * far };
        let head = [self.from, step(self.from, self.out, stub), step(self.from, self.out, far)];
        let tail = [step(self.to, self.into, far), step(self.to, self.into, stub), self.to];
        head.into_iter().chain(inner.iter().copied()).chain(tail).collect()
    }
}

/// Between the row's middle and where foreign keys meet a column that both kinds meet: those that may be null, and others.
const BESIDE: f64 = 5.5;

/// True if a foreign key that ends otherwise meets the same column of the parent.
fn meets_other(graph: &Graph, edge: &Edge) -> bool {
    let end = |edge: &Edge| match &edge.kind {
        EdgeKind::ForeignKey { parent_columns, optional, .. } => {
            Some((parent_columns.first().copied(), *optional))
        }
        _ => None,
    };
    let Some((column, optional)) = end(edge) else { return false };
    graph.edges.iter().any(|other| other.to == edge.to && end(other) == Some((column, !optional)))
}

/// The middle of the first of these columns, below the top of its table.
fn middle(graph: &Graph, node: usize, columns: &[usize]) -> f64 {
    match (graph.nodes.get(node).map(|node| &node.shape), columns.first()) {
        (Some(Shape::Columns(rows)), Some(column)) => measure::row_middle(rows, *column),
        _ => measure::HEADER / 2.0,
    }
}

/// One end of one line at a side of a box: which box and side, where the other end is, and which line's which end.
struct Meeting {
    node: usize,
    forwards: bool,
    other: f64,
    line: usize,
    begins: bool,
}

/// The same ends, those that meet one side beside each other in the order of where they come from. Ends at columns stay.
fn spread(graph: &Graph, layout: &Layout, ends: &[Option<Ends>]) -> Vec<Option<Ends>> {
    let mut spread = ends.to_vec();
    if graph.kind == Kind::Tables {
        return spread;
    }
    let mut meetings: Vec<Meeting> =
        graph.edges.iter().zip(ends).enumerate().flat_map(|it| meetings(it, layout)).collect();
    meetings.sort_by(|a, b| {
        (a.node, a.forwards)
            .cmp(&(b.node, b.forwards))
            .then(a.other.total_cmp(&b.other))
            .then(a.line.cmp(&b.line))
    });
    for group in meetings.chunk_by(|a, b| (a.node, a.forwards) == (b.node, b.forwards)) {
        let Some(rect) = group.first().and_then(|first| layout.nodes.get(first.node)) else { continue };
        let length = if layout.across { rect.height } else { rect.width };
        let count = f64::from(u32::try_from(group.len()).unwrap_or(u32::MAX));
        let gap = BETWEEN.min((length - 2.0 * CORNER).max(0.0) / (count - 1.0).max(1.0));
        for (at, meeting) in group.iter().enumerate() {
            let aside = (f64::from(u32::try_from(at).unwrap_or_default()) - (count - 1.0) / 2.0) * gap;
            let Some(Some(ends)) = spread.get_mut(meeting.line) else { continue };
            let end = if meeting.begins { &mut ends.from } else { &mut ends.to };
            if layout.across { end.y += aside } else { end.x += aside }
        }
    }
    spread
}

fn meetings((line, (edge, ends)): (usize, (&Edge, &Option<Ends>)), layout: &Layout) -> Vec<Meeting> {
    let Some(ends) = ends else { return Vec::new() };
    let forwards = |way: Point| way.x + way.y > 0.0;
    let place = |point: Point| if layout.across { point.y } else { point.x };
    vec![
        Meeting { node: edge.from, forwards: forwards(ends.out), other: place(ends.to), line, begins: true },
        Meeting {
            node: edge.to,
            forwards: forwards(ends.into),
            other: place(ends.from),
            line,
            begins: false,
        },
    ]
}
