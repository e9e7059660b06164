//! Where everything is: dagre places boxes and frames and leads lines between them.

use dagre::graph::{Graph as Dagre, GraphOptions};
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, RankAlign, RankDir};

use super::curve::{along, spline};
use super::{EdgeKind, Graph, Kind, measure, route};

/// A place in a picture, in pixels from its upper left corner.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Point {
    pub x: f64,
    pub y: f64,
}

/// A box or frame.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    fn around(&self, other: &Rect) -> Rect {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Rect { x, y, width: right - x, height: bottom - y }
    }

    fn grown(&self, left: f64, top: f64, right: f64, bottom: f64) -> Rect {
        let (width, height) = (self.width + left + right, self.height + top + bottom);
        Rect { x: self.x - left, y: self.y - top, width, height }
    }
}

/// Where the parts of a [`Graph`] are, each list in its order.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Layout {
    pub width: f64,
    pub height: f64,
    pub nodes: Vec<Rect>,
    pub clusters: Vec<Rect>,
    /// Points a line is led by, from border to border.
    pub edges: Vec<Vec<Point>>,
    /// True if lines run from left to right.
    pub across: bool,
}

/// Between boxes beside each other, lines beside each other, and ranks. A frame has as much room for its name as two boxes
/// have between them.
const BETWEEN_BOXES: f64 = 30.0;
const BETWEEN_LINES: f64 = 26.0;
const BETWEEN_RANKS: f64 = 90.0;
/// Room in a frame: for its name, and on the other sides.
const FRAME_TOP: f64 = 28.0;
const FRAME: f64 = 14.0;

/// What a page shows without being scrolled sideways, and what is tall.
const WIDE: f64 = 1000.0;
const TALL: f64 = 1600.0;

/// The most boxes and lines together that are laid out both ways.
const SMALL: usize = 200;

/// Places all of `graph`, which has to fit ([`Graph::fits`]).
pub(super) fn lay_out(graph: &Graph) -> Layout {
    let across = place(graph, RankDir::LR);
    if graph.kind == Kind::Tables || graph.nodes.len() + graph.edges.len() > SMALL {
        // Lines begin and end at columns, so left and right of tables; what is large is laid out once.
        return across;
    }
    let down = place(graph, RankDir::TB);
    let cost = |layout: &Layout| (layout.width / WIDE).max(layout.height / TALL);
    if cost(&down) < cost(&across) { down } else { across }
}

fn place(graph: &Graph, direction: RankDir) -> Layout {
    let mut placed = given(graph);
    let options = LayoutOptions {
        rankdir: direction,
        nodesep: BETWEEN_BOXES,
        edgesep: BETWEEN_LINES,
        ranksep: BETWEEN_RANKS,
        // Boxes of a column begin at one line.
        rank_align: if direction == RankDir::LR { RankAlign::Top } else { RankAlign::Center },
        ..LayoutOptions::default()
    };
    dagre::layout(&mut placed, Some(options));
    let nodes: Vec<Rect> = (0..graph.nodes.len()).map(|index| rect(&placed, &node_id(index))).collect();
    let clusters = (0..graph.clusters.len()).map(|index| frame(graph, &placed, &nodes, index)).collect();
    let mut layout = Layout {
        width: 0.0,
        height: 0.0,
        nodes,
        clusters,
        edges: Vec::new(),
        across: direction == RankDir::LR,
    };
    layout.edges = graph.edges.iter().enumerate().map(|(index, _)| points(graph, &placed, index)).collect();
    route::route(graph, &mut layout);
    moved(layout)
}

fn node_id(index: usize) -> String {
    format!("n{index}")
}

fn cluster_id(index: usize) -> String {
    format!("c{index}")
}

/// The same boxes, frames and lines as dagre wants them.
fn given(graph: &Graph) -> Dagre<NodeLabel, EdgeLabel> {
    let mut given = Dagre::with_options(GraphOptions { directed: true, multigraph: true, compound: true });
    let is_used = |index: usize| graph.nodes.iter().any(|node| node.cluster == Some(index));
    for (index, _) in graph.clusters.iter().enumerate().filter(|(index, _)| is_used(*index)) {
        given.set_node(cluster_id(index), Some(NodeLabel::default()));
    }
    let sizes = measure::sizes(graph);
    for (index, (node, (width, height))) in graph.nodes.iter().zip(sizes).enumerate() {
        given.set_node(node_id(index), Some(NodeLabel { width, height, ..NodeLabel::default() }));
        if let Some(cluster) = node.cluster.filter(|cluster| *cluster < graph.clusters.len()) {
            given.set_parent(&node_id(index), Some(&cluster_id(cluster)));
        }
    }
    for (index, edge) in graph.edges.iter().enumerate() {
        let (width, height) = label_size(&edge.kind);
        let label = EdgeLabel {
            width,
            height,
            labelpos: dagre::layout::types::LabelPos::Center,
            ..EdgeLabel::default()
        };
        given.set_edge(node_id(edge.from), node_id(edge.to), Some(label), Some(&index.to_string()));
    }
    given
}

/// What is written beside a line.
pub(super) fn label(kind: &EdgeKind) -> Option<String> {
    match kind {
        EdgeKind::Import(alias) => alias.as_ref().map(|alias| format!("as {alias}")),
        _ => None,
    }
}

fn label_size(kind: &EdgeKind) -> (f64, f64) {
    label(kind).map_or((0.0, 0.0), |label| (measure::text(&label, measure::SMALL) + 12.0, 18.0))
}

fn rect(placed: &Dagre<NodeLabel, EdgeLabel>, id: &str) -> Rect {
    let Some(node) = placed.node(id) else { return Rect { x: 0.0, y: 0.0, width: 0.0, height: 0.0 } };
    let (x, y) = (node.x.unwrap_or_default(), node.y.unwrap_or_default());
    Rect { x: x - node.width / 2.0, y: y - node.height / 2.0, width: node.width, height: node.height }
}

/// A frame holds what dagre gave it, and has room for its name above its boxes.
fn frame(graph: &Graph, placed: &Dagre<NodeLabel, EdgeLabel>, nodes: &[Rect], index: usize) -> Rect {
    let inside = graph.nodes.iter().zip(nodes).filter(|(node, _)| node.cluster == Some(index));
    let boxes = inside.map(|(_, rect)| *rect).reduce(|all, rect| all.around(&rect));
    let Some(boxes) = boxes else { return rect(placed, &cluster_id(index)) };
    boxes.grown(FRAME, FRAME_TOP, FRAME, FRAME)
}

fn points(graph: &Graph, placed: &Dagre<NodeLabel, EdgeLabel>, index: usize) -> Vec<Point> {
    let Some(edge) = graph.edges.get(index) else { return Vec::new() };
    let led = placed.edge(&node_id(edge.from), &node_id(edge.to), Some(&index.to_string()));
    let points = led.map(|edge| edge.points.as_slice()).unwrap_or_default();
    points.iter().map(|point| Point { x: point.x, y: point.y }).collect()
}

/// The same with its upper left corner at the origin, and its size.
fn moved(mut layout: Layout) -> Layout {
    let of_point = |point: &Point| Rect { x: point.x, y: point.y, width: 0.0, height: 0.0 };
    let rects = layout.nodes.iter().chain(&layout.clusters).copied();
    let drawn: Vec<Point> = layout.edges.iter().flat_map(|points| along(&spline(points))).collect();
    let all = rects.chain(drawn.iter().map(of_point)).reduce(|all, rect| all.around(&rect));
    let Some(all) = all else { return layout };
    for rect in layout.nodes.iter_mut().chain(&mut layout.clusters) {
        (rect.x, rect.y) = (rect.x - all.x, rect.y - all.y);
    }
    for point in layout.edges.iter_mut().flatten() {
        (point.x, point.y) = (point.x - all.x, point.y - all.y);
    }
    Layout { width: all.width, height: all.height, ..layout }
}
