use maud::{Markup, html};

use super::{boxes, foot, lines, number, written};
use crate::graph::layout::Point;
use crate::graph::measure::{self, Mark};
use crate::graph::{EdgeKind, Graph, Kind, Role, Row, Shape};
use crate::language::Visibility;

/// Of an entry's picture, and of its line.
const SAMPLE: f64 = 30.0;
const LINE: f64 = 22.0;

/// What the signs in `graph` mean, in lines no wider than `width`, and how high they are.
pub(super) fn legend(graph: &Graph, width: f64) -> (Markup, f64) {
    let entries = entries(graph);
    let mut placed = Vec::new();
    let (mut x, mut y) = (0.0, 0.0);
    for (sample, text) in &entries {
        let wide = SAMPLE + 8.0 + written(text, measure::SMALL);
        if x > 0.0 && x + wide > width {
            (x, y) = (0.0, y + LINE);
        }
        placed.push((x, y, sample, text));
        x += wide + 22.0;
    }
    let height = if entries.is_empty() { 0.0 } else { y + LINE + 10.0 };
    let drawn = html! {
        @for (x, y, sample, text) in placed {
            g transform={ "translate(" (number(x)) " " (number(y)) ")" } {
                (sample)
                text class="small" x=(number(SAMPLE + 8.0)) y=(number(foot(LINE / 2.0, measure::SMALL))) { (text) }
            }
        }
    };
    (drawn, height)
}

type Entry = (Markup, String);

fn entries(graph: &Graph) -> Vec<Entry> {
    if graph.nodes.is_empty() {
        return vec![(html! {}, "nothing to draw".to_owned())];
    }
    match graph.kind {
        Kind::Tables => of_tables(graph),
        Kind::Calls => of_calls(graph),
        Kind::Imports => of_imports(graph),
    }
}

fn of_tables(graph: &Graph) -> Vec<Entry> {
    let rows = || {
        graph.nodes.iter().filter_map(|node| match &node.shape {
            Shape::Columns(rows) => Some(rows),
            _ => None,
        })
    };
    let any = |holds: fn(&Row) -> bool| rows().flatten().any(holds);
    let has = |mark: Mark| rows().flatten().any(|row| row.marks().contains(&mark));
    let keys = |wanted: fn(bool, bool) -> bool| {
        graph.edges.iter().any(|edge| match edge.kind {
            EdgeKind::ForeignKey { optional, single, .. } => wanted(optional, single),
            _ => false,
        })
    };
    let marks = [(Mark::Primary, "primary key"), (Mark::Unique, "unique"), (Mark::Foreign, "foreign key")];
    let mut entries: Vec<Entry> = marks
        .into_iter()
        .filter(|(mark, _)| has(*mark))
        .map(|(mark, text)| (boxes::mark(mark, 16.0, LINE / 2.0), text.to_owned()))
        .collect();
    if any(|row| row.nullable) {
        let sign = html! { text class="type" x="26" y=(number(foot(LINE / 2.0, measure::BODY))) { "?" } };
        entries.push((sign, "may be null".to_owned()));
    }
    let (tip, back) = (Point { x: SAMPLE, y: LINE / 2.0 }, Point { x: 0.0, y: LINE / 2.0 });
    let end = |foot: Markup, text: &str| (html! { (plain_line("")) (foot) }, text.to_owned());
    if keys(|_, single| !single) {
        entries.push(end(lines::many(tip, back, false), "any number"));
    }
    if keys(|optional, _| !optional) {
        entries.push(end(lines::one(tip, back, false), "exactly one"));
    }
    if keys(|optional, single| optional || single) {
        entries.push(end(lines::one(tip, back, true), "one or none"));
    }
    entries
}

fn of_calls(graph: &Graph) -> Vec<Entry> {
    let roles = || {
        graph.nodes.iter().filter_map(|node| match node.shape {
            Shape::Action(role) => Some(role),
            _ => None,
        })
    };
    let kinds = [Visibility::Public, Visibility::Private, Visibility::Oracle, Visibility::System];
    let mut entries: Vec<Entry> = Vec::new();
    for visibility in kinds {
        if roles().any(|role| role.visibility == visibility && !role.foreign) {
            let role = Role { visibility, owner: false, view: false, foreign: false };
            entries.push((swatch(&role.class()), visibility.word().to_owned()));
        }
    }
    if roles().any(|role| role.view) {
        entries.push((swatch("action private view"), "only reads".to_owned()));
    }
    let outside =
        roles().any(|role| role.foreign) || graph.nodes.iter().any(|node| node.shape == Shape::Extern);
    if outside {
        entries.push((swatch("action outside"), "from outside".to_owned()));
    }
    let kinds = [
        (EdgeKind::Call, "calls"),
        (EdgeKind::Splice, "spliced in as a CTE"),
        (EdgeKind::Write, "writes"),
        (EdgeKind::Read, "reads"),
    ];
    for (kind, text) in kinds {
        if graph.edges.iter().any(|edge| edge.kind == kind) {
            entries.push((arrow(&kind), text.to_owned()));
        }
    }
    entries
}

fn of_imports(graph: &Graph) -> Vec<Entry> {
    let mut entries = vec![(swatch("dataset"), "dataset".to_owned())];
    let elsewhere = |shape: &Shape| matches!(shape, Shape::Dataset { imported: true, .. });
    if graph.nodes.iter().any(|node| elsewhere(&node.shape)) {
        entries.push((swatch("dataset elsewhere"), "deployed elsewhere".to_owned()));
    }
    if graph.nodes.iter().any(|node| node.shape == Shape::Extern) {
        entries.push((swatch("action outside"), "extern".to_owned()));
    }
    if !graph.edges.is_empty() {
        entries.push((arrow(&EdgeKind::Import(None)), "imports".to_owned()));
    }
    entries
}

fn swatch(class: &str) -> Markup {
    html! { rect class=(class) x="4" y="4" width="24" height="14" rx="5" {} }
}

fn plain_line(class: &str) -> Markup {
    html! { path class={ "line" (class) } d={ "M0 " (number(LINE / 2.0)) "H" (number(SAMPLE)) } {} }
}

fn arrow(kind: &EdgeKind) -> Markup {
    let (tip, back) = (Point { x: SAMPLE, y: LINE / 2.0 }, Point { x: 0.0, y: LINE / 2.0 });
    html! { (plain_line(lines::class(kind))) (lines::arrow(tip, back, kind)) }
}
