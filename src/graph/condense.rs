use std::collections::BTreeMap;

use super::{Edge, EdgeKind, Graph, MOST_BOXES, MOST_LINES, Node, Shape, Target};

/// The datasets of a picture that is too large, as one box each, with one line between two that are connected; nothing if
/// it is not. Of more datasets than can be drawn either the first are.
pub(super) fn condensed(graph: &Graph) -> Option<Graph> {
    if graph.fits() {
        return None;
    }
    let mut small = Graph::new(graph.kind);
    let mut places: BTreeMap<Option<usize>, usize> = BTreeMap::new();
    let mut place_of = Vec::new();
    for node in &graph.nodes {
        let at = match node.cluster {
            Some(cluster) if places.contains_key(&Some(cluster)) => places.get(&Some(cluster)).copied(),
            Some(cluster) => graph.clusters.get(cluster).map(|it| {
                let target = it.target.clone();
                let (tables, actions) = counts(graph, cluster);
                let shape = Shape::Dataset { tables, actions, imported: it.imported };
                let (label, link) = (it.label.clone(), it.link.clone());
                small.nodes.push(Node { label, target, cluster: None, shape, doc: None, link });
                places.insert(Some(cluster), small.nodes.len() - 1);
                small.nodes.len() - 1
            }),
            None => {
                small.nodes.push(node.clone());
                Some(small.nodes.len() - 1)
            }
        };
        place_of.push(at.filter(|at| *at < MOST_BOXES));
    }
    small.nodes.truncate(MOST_BOXES);
    let end = |node: usize| place_of.get(node).copied().flatten();
    let between = |edge: &Edge| {
        let (from, to) = (end(edge.from)?, end(edge.to)?);
        (from != to).then_some(((from, to), edge.kind.clone()))
    };
    // Of several lines between two the first is kept.
    let mut lines: BTreeMap<(usize, usize), EdgeKind> = BTreeMap::new();
    for (ends, kind) in graph.edges.iter().filter_map(between) {
        lines.entry(ends).or_insert(kind);
    }
    small.edges = lines.into_iter().map(|((from, to), kind)| Edge { from, to, kind }).collect();
    small.edges.truncate(MOST_LINES);
    Some(small)
}

/// How many tables and actions of a frame are in the picture.
fn counts(graph: &Graph, cluster: usize) -> (usize, usize) {
    let inside = graph.nodes.iter().filter(|node| node.cluster == Some(cluster));
    let tables = inside.clone().filter(|node| matches!(node.target, Target::Table(..))).count();
    (tables, inside.count() - tables)
}
