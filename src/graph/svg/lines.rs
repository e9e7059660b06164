use maud::{Markup, html};

use super::path::{off, spline};
use super::{foot, number, plain, written};
use crate::graph::curve::halfway;
use crate::graph::layout::{self, Point};
use crate::graph::{Edge, EdgeKind, measure};

/// A line with its ends.
pub(super) fn line(edge: &Edge, points: &[Point]) -> Markup {
    let ([first, second, ..], [.., before, last]) = (points, points) else { return html! {} };
    html! {
        path class={ "line" (class(&edge.kind)) } d=(spline(points)) {}
        @match &edge.kind {
            EdgeKind::ForeignKey { optional, single, .. } => {
                (many(*first, *second, *single))
                (one(*last, *before, *optional))
            }
            kind => { (arrow(*last, *before, kind)) }
        }
    }
}

/// What is written on a line, on a plate that hides the line.
pub(super) fn label(edge: &Edge, points: &[Point]) -> Markup {
    let (Some(text), Some(at)) = (layout::label(&edge.kind), halfway(points)) else { return html! {} };
    let width = written(&text, measure::SMALL) + 8.0;
    html! {
        rect class="plate" x=(number(at.x - width / 2.0)) y=(number(at.y - 8.0)) width=(number(width)) height="16" rx="4" {}
        text class="small middle" x=(number(at.x)) y=(number(foot(at.y, measure::SMALL))) { (plain(&text)) }
    }
}

/// Its class in the style sheet, behind a space.
pub(super) fn class(kind: &EdgeKind) -> &'static str {
    match kind {
        EdgeKind::Splice => " splice",
        EdgeKind::Read => " read",
        EdgeKind::Write => " write",
        EdgeKind::ForeignKey { .. } | EdgeKind::Call | EdgeKind::Import(_) => "",
    }
}

/// An arrowhead whose tip is at `tip`, of a line that comes from `back`.
pub(super) fn arrow(tip: Point, back: Point, kind: &EdgeKind) -> Markup {
    let (left, right) = (off(tip, back, 9.0, 4.0), off(tip, back, 9.0, -4.0));
    let notch = off(tip, back, 6.5, 0.0);
    html! { path class={ "tip" (class(kind)) } d={ (to("M", tip)) (to("L", left)) (to("L", notch)) (to("L", right)) "Z" } {} }
}

/// A crow's foot and a ring, none or many; with `single` a bar and a ring, none or one.
pub(super) fn many(tip: Point, back: Point, single: bool) -> Markup {
    let bar = [off(tip, back, 7.0, 5.0), off(tip, back, 7.0, -5.0)];
    let claws = [off(tip, back, 0.0, 5.5), off(tip, back, 11.0, 0.0), off(tip, back, 0.0, -5.5)];
    let d: String = if single { polyline(&bar) } else { polyline(&claws) };
    html! { path class="foot" d=(d) {} (ring(off(tip, back, 15.0, 0.0))) }
}

/// Two bars, exactly one; with `optional` a bar and a ring, none or one.
pub(super) fn one(tip: Point, back: Point, optional: bool) -> Markup {
    let bar = |along: f64| polyline(&[off(tip, back, along, 5.0), off(tip, back, along, -5.0)]);
    html! {
        path class="foot" d={ (bar(7.0)) @if !optional { (bar(11.5)) } } {}
        @if optional { (ring(off(tip, back, 15.0, 0.0))) }
    }
}

fn ring(at: Point) -> Markup {
    html! { circle class="ring" cx=(number(at.x)) cy=(number(at.y)) r="3.6" {} }
}

fn polyline(points: &[Point]) -> String {
    points.iter().enumerate().map(|(index, point)| to(if index == 0 { "M" } else { "L" }, *point)).collect()
}

fn to(command: &str, point: Point) -> String {
    format!("{command}{} {}", number(point.x), number(point.y))
}
