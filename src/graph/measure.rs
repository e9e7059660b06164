//! How large boxes are. Letters are of one width, so what is written fits whatever font a viewer has for code: of those in
//! the style sheet none is wider than [`ADVANCE`].

use unicode_width::UnicodeWidthStr;

use super::{Graph, Node, Row, Shape};

/// The width of a letter, in units of the font's size: 0.6 in most fonts for code, 0.602 in the widest that systems bring.
const ADVANCE: f64 = 0.615;
/// Font sizes, in pixels, as in `style.css`.
pub(super) const NAME: f64 = 13.0;
pub(super) const BODY: f64 = 12.0;
pub(super) const SMALL: f64 = 10.5;

/// Left and right of what is written in a box.
pub(super) const PAD: f64 = 12.0;
/// Of a table: its header, a row, what is left below the last.
pub(super) const HEADER: f64 = 30.0;
pub(super) const ROW: f64 = 21.0;
pub(super) const BELOW: f64 = 5.0;
/// A mark before a column, with what is right of it.
pub(super) const MARK: f64 = 17.0;
/// Between a column's name and its type.
const BETWEEN: f64 = 22.0;
/// The most columns that are shown of a table.
pub(super) const MOST_ROWS: usize = 40;

/// The width of a line of text in pixels.
pub(super) fn text(line: &str, font: f64) -> f64 {
    let columns = u32::try_from(line.width()).unwrap_or(u32::MAX);
    f64::from(columns) * font * ADVANCE
}

/// Width and height of every box in pixels. In one frame actions are of one width, so are tables without columns, and one
/// box at least is as wide as the frame's name. Tables are as high as the lines that end there want.
pub(super) fn sizes(graph: &Graph) -> Vec<(f64, f64)> {
    let alike = |node: &Node| (node.cluster, std::mem::discriminant(&node.shape));
    let is_alike = |node: &Node| !matches!(node.shape, Shape::Columns(_));
    let mut widest: Vec<(Alike, f64)> = Vec::new();
    let mut sizes: Vec<(f64, f64)> = graph.nodes.iter().map(size).collect();
    heighten(graph, &mut sizes);
    for (index, cluster) in graph.clusters.iter().enumerate() {
        let named = text(&cluster.label, NAME);
        let first = graph.nodes.iter().position(|node| node.cluster == Some(index));
        if let Some((width, _)) = first.and_then(|first| sizes.get_mut(first)) {
            *width = width.max(named.ceil());
        }
    }
    for (node, (width, _)) in graph.nodes.iter().zip(&sizes).filter(|(node, _)| is_alike(node)) {
        match widest.iter_mut().find(|(of, _)| *of == alike(node)) {
            Some((_, most)) => *most = most.max(*width),
            None => widest.push((alike(node), *width)),
        }
    }
    for (node, (width, _)) in graph.nodes.iter().zip(&mut sizes).filter(|(node, _)| is_alike(node)) {
        let most = widest.iter().find(|(of, _)| *of == alike(node)).map(|(_, most)| *most);
        *width = most.unwrap_or(*width);
    }
    sizes
}

/// Makes tables of calls as high as the lines that end there want.
fn heighten(graph: &Graph, sizes: &mut [(f64, f64)]) {
    const LINE: f64 = 9.0;
    const CORNERS: f64 = 20.0;
    const MOST: f64 = 300.0;
    let mut ends = vec![0.0_f64; sizes.len()];
    for edge in &graph.edges {
        if let Some(end) = ends.get_mut(edge.to) {
            *end += LINE;
        }
    }
    for ((node, (_, height)), ends) in graph.nodes.iter().zip(sizes).zip(ends) {
        if node.shape == Shape::Table {
            *height = height.max((ends + CORNERS).min(MOST));
        }
    }
}

/// The frame a box is in, and how it looks.
type Alike = (Option<usize>, std::mem::Discriminant<Shape>);

fn size(node: &Node) -> (f64, f64) {
    let name = text(&node.label, NAME) + 2.0 * PAD;
    let second = node.shape.second_line();
    let both = name.max(text(&second, SMALL) + 2.0 * PAD);
    let (width, height) = match &node.shape {
        Shape::Columns(rows) => table(name, rows),
        Shape::Table => (name + MARK, 40.0),
        Shape::Action(_) => (both, 44.0),
        Shape::Dataset { .. } => (both + 2.0 * PAD, 56.0),
        Shape::Extern => (both + 2.0 * PAD, 48.0),
    };
    (width.max(96.0).ceil(), height)
}

fn table(name: f64, rows: &[Row]) -> (f64, f64) {
    let marks = marks_width(rows);
    let row = |row: &Row| text(&row.name, BODY) + BETWEEN + text(&row.shown_type(), BODY);
    let widest = rows.iter().take(MOST_ROWS).map(row).fold(text("and 0000 more", BODY), f64::max);
    let lines = f64::from(u32::try_from(shown(rows)).unwrap_or(u32::MAX));
    (name.max(widest + marks + 2.0 * PAD), HEADER + lines * ROW + BELOW)
}

/// How many lines a table has: its columns, or as many as are shown and one that says how many are not.
pub(super) fn shown(rows: &[Row]) -> usize {
    if rows.len() > MOST_ROWS { MOST_ROWS + 1 } else { rows.len() }
}

/// The width of the marks before the columns of a table.
pub(super) fn marks_width(rows: &[Row]) -> f64 {
    let most = rows.iter().map(|row| row.marks().len()).max().unwrap_or_default();
    f64::from(u32::try_from(most).unwrap_or_default()) * MARK
}

/// The middle of the line of column `index`, below the top of its table.
pub(super) fn row_middle(rows: &[Row], index: usize) -> f64 {
    let line = index.min(shown(rows).saturating_sub(1));
    HEADER + (f64::from(u32::try_from(line).unwrap_or_default()) + 0.5) * ROW
}

/// What stands before a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mark {
    Primary,
    Foreign,
    Unique,
}

impl Row {
    /// In the order they are drawn.
    pub(super) fn marks(&self) -> Vec<Mark> {
        let all = [
            (self.primary, Mark::Primary),
            (self.unique && !self.primary, Mark::Unique),
            (self.foreign, Mark::Foreign),
        ];
        all.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark).collect()
    }

    /// `text`, or `text?` if it may be null.
    pub(super) fn shown_type(&self) -> String {
        let null = if self.nullable { "?" } else { "" };
        format!("{}{null}", self.ty)
    }
}

impl Shape {
    /// What is written below the name.
    pub(super) fn second_line(&self) -> String {
        match self {
            Shape::Columns(_) | Shape::Table => String::new(),
            Shape::Action(role) => role.words(),
            Shape::Extern => "extern".to_owned(),
            Shape::Dataset { tables, actions, imported } => {
                let plural = |count: &usize| if *count == 1 { "" } else { "s" };
                let elsewhere = if *imported { ", elsewhere" } else { "" };
                let (one, other) = (plural(tables), plural(actions));
                format!("{tables} table{one}, {actions} action{other}{elsewhere}")
            }
        }
    }
}
