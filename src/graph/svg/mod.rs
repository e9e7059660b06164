//! A picture that needs nothing beside itself: its colours are in it, light and dark, and it has no ids, so that several can
//! stand in one page.

mod boxes;
mod legend;
mod lines;
mod path;

use maud::{Markup, PreEscaped, html};

use super::layout::{self, Layout, Rect};
use super::{Cluster, Graph, condense, measure};
use crate::source::roomy;

const STYLE: &str = include_str!("style.css");
/// Around everything.
const MARGIN: f64 = 20.0;
/// The narrowest picture, so that legends have room.
const NARROWEST: f64 = 340.0;

/// `graph` as an SVG document. One with too much to lay out shows its datasets only; one of nothing says so.
pub fn svg(graph: &Graph) -> String {
    let drawn = condense::condensed(graph);
    let graph = drawn.as_ref().unwrap_or(graph);
    let layout = roomy(|| layout::lay_out(graph));
    let width = (layout.width + 2.0 * MARGIN).max(NARROWEST).ceil();
    let (legend, legend_height) = legend::legend(graph, width - 2.0 * MARGIN);
    let height = (layout.height + 2.0 * MARGIN + legend_height).ceil();
    let left = (width - layout.width) / 2.0;
    let links = graph.nodes.iter().any(|node| node.link.is_some());
    let picture = html! {
        svg xmlns="http://www.w3.org/2000/svg" class="kf-graph" role=(if links { "group" } else { "img" })
            aria-label=(plain(&graph.title())) width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } {
            title { (plain(&graph.title())) }
            desc { (plain(&graph.summary())) }
            style { (PreEscaped(STYLE)) }
            rect class="paper" width=(width) height=(height) rx="10" {}
            g class="drawing" transform={ "translate(" (number(left)) " " (number(MARGIN)) ")" } { (drawing(graph, &layout)) }
            g class="legend" transform={ "translate(" (number(MARGIN)) " " (number(layout.height + 2.0 * MARGIN)) ")" } { (legend) }
        }
    };
    picture.into_string() + "\n"
}

/// Frames, then lines, then boxes, then what is written on lines.
fn drawing(graph: &Graph, layout: &Layout) -> Markup {
    html! {
        @for (cluster, rect) in graph.clusters.iter().zip(&layout.clusters).filter(|(_, rect)| rect.width > 0.0) {
            (frame(cluster, rect))
        }
        @for (edge, points) in graph.edges.iter().zip(&layout.edges) { (lines::line(edge, points)) }
        @for (node, rect) in graph.nodes.iter().zip(&layout.nodes) { (boxes::node(node, rect)) }
        @for (edge, points) in graph.edges.iter().zip(&layout.edges) { (lines::label(edge, points)) }
    }
}

fn frame(cluster: &Cluster, rect: &Rect) -> Markup {
    let class = if cluster.imported { "frame elsewhere" } else { "frame" };
    let name = html! {
        text class="frame-name" x=(number(rect.x + 14.0)) y=(number(rect.y + 19.0)) { (plain(&cluster.label)) }
    };
    html! {
        rect class=(class) x=(number(rect.x)) y=(number(rect.y)) width=(number(rect.width)) height=(number(rect.height)) rx="10" {}
        (linked(cluster.link.as_deref(), &name))
    }
}

/// `inside`, as a link if there is somewhere to go.
fn linked(link: Option<&str>, inside: &Markup) -> Markup {
    match link {
        Some(href) => html! { a href=(plain(href)) { (inside) } },
        None => inside.clone(),
    }
}

/// Pixels, to a tenth.
fn number(pixels: f64) -> String {
    let rounded = (pixels * 10.0).round() / 10.0;
    // No `-0`.
    format!("{}", rounded + 0.0)
}

/// Text without the characters that XML cannot hold.
fn plain(text: &str) -> String {
    let is_allowed = |char: &char| !char.is_control() || matches!(char, '\n' | '\t');
    text.chars().filter(is_allowed).filter(|char| !matches!(char, '\u{fffe}' | '\u{ffff}')).collect()
}

/// The middle of a line of letters of `font` whose middle is at `y`: where its foot is.
fn foot(y: f64, font: f64) -> f64 {
    y + font * 0.35
}

/// The width of what is written, as boxes are measured.
fn written(text: &str, font: f64) -> f64 {
    measure::text(text, font)
}
