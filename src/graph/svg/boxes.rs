use maud::{Markup, html};

use super::{foot, linked, number, plain};
use crate::graph::layout::Rect;
use crate::graph::measure::{self, Mark};
use crate::graph::{Node, Role, Row, Shape};

/// A box with all that is written in it.
pub(super) fn node(node: &Node, rect: &Rect) -> Markup {
    let inside = html! {
        @if let Some(doc) = &node.doc { title { (plain(doc)) } }
        @match &node.shape {
            Shape::Columns(rows) => { (table(&node.label, rows, rect)) }
            Shape::Table => { (small_table(&node.label, rect)) }
            Shape::Action(role) => { (labelled(node, rect, &role.class(), 11.0)) }
            Shape::Dataset { imported, .. } => {
                (labelled(node, rect, if *imported { "dataset elsewhere" } else { "dataset" }, 8.0))
            }
            Shape::Extern => { (labelled(node, rect, "action outside", 20.0)) }
        }
    };
    html! { g { (linked(node.link.as_deref(), &inside)) } }
}

impl Role {
    /// Its classes in the style sheet.
    pub(super) fn class(self) -> String {
        let kind = if self.foreign { "outside" } else { self.visibility.word() };
        let view = if self.view { " view" } else { "" };
        format!("action {kind}{view}")
    }
}

fn outline(rect: &Rect, class: &str, radius: f64) -> Markup {
    html! {
        rect class=(class) x=(number(rect.x)) y=(number(rect.y)) width=(number(rect.width)) height=(number(rect.height))
            rx=(number(radius)) {}
    }
}

/// A name in the middle, and below it what kind of thing it is.
fn labelled(node: &Node, rect: &Rect, class: &str, radius: f64) -> Markup {
    let middle = number(rect.x + rect.width / 2.0);
    let centre = rect.y + rect.height / 2.0;
    html! {
        (outline(rect, class, radius))
        text class="name middle" x=(middle) y=(number(foot(centre - 8.0, measure::NAME))) { (plain(&node.label)) }
        text class="small middle" x=(middle) y=(number(foot(centre + 9.0, measure::SMALL))) {
            (plain(&node.shape.second_line()))
        }
    }
}

/// The upper corners of a box are round, its header's lower ones are not.
fn header(rect: &Rect, height: f64) -> Markup {
    let (x, y, right) = (number(rect.x), number(rect.y + 7.0), number(rect.right()));
    let (top, left_in, right_in) = (number(rect.y), number(rect.x + 7.0), number(rect.right() - 7.0));
    let bottom = number(rect.y + height);
    html! {
        path class="head" d={
            "M" (x) " " (bottom) "V" (y) "Q" (x) " " (top) " " (left_in) " " (top) "H" (right_in)
            "Q" (right) " " (top) " " (right) " " (y) "V" (bottom) "Z"
        } {}
    }
}

fn small_table(name: &str, rect: &Rect) -> Markup {
    let middle = rect.y + 6.0 + (rect.height - 6.0) / 2.0;
    html! {
        (outline(rect, "box", 7.0))
        (header(rect, 8.0))
        text class="name middle" x=(number(rect.x + rect.width / 2.0)) y=(number(foot(middle, measure::NAME))) { (plain(name)) }
    }
}

fn table(name: &str, rows: &[Row], rect: &Rect) -> Markup {
    let middle = number(rect.x + rect.width / 2.0);
    let more = rows.len().saturating_sub(measure::MOST_ROWS);
    let left = rect.x + measure::PAD;
    html! {
        (outline(rect, "box", 7.0))
        (header(rect, measure::HEADER))
        text class="head-name middle" x=(middle) y=(number(foot(rect.y + measure::HEADER / 2.0, measure::NAME))) { (plain(name)) }
        @for (index, row) in rows.iter().take(measure::MOST_ROWS).enumerate() {
            (column(row, rect, rect.y + measure::row_middle(rows, index), measure::marks_width(rows), index > 0))
        }
        @if more > 0 {
            @let y = rect.y + measure::row_middle(rows, measure::MOST_ROWS);
            text class="small" x=(number(left)) y=(number(foot(y, measure::SMALL))) { "and " (more) " more" }
        }
    }
}

fn column(row: &Row, rect: &Rect, y: f64, marks: f64, ruled: bool) -> Markup {
    let left = rect.x + measure::PAD;
    let baseline = number(foot(y, measure::BODY));
    let top = number(y - measure::ROW / 2.0);
    html! {
        @if ruled { path class="rule" d={ "M" (number(rect.x + 1.0)) " " (top) "H" (number(rect.right() - 1.0)) } {} }
        @for (index, one) in row.marks().into_iter().enumerate() {
            (mark(one, left + measure::MARK * f64::from(u32::try_from(index).unwrap_or_default()), y))
        }
        text x=(number(left + marks)) y=(baseline) { (plain(&row.name)) }
        text class="type" x=(number(rect.right() - measure::PAD)) y=(baseline) { (plain(&row.shown_type())) }
    }
}

/// A key, an arrow that leads away, or a diamond, from `x` on and around `y`.
pub(super) fn mark(mark: Mark, x: f64, y: f64) -> Markup {
    let (class, d) = match mark {
        Mark::Primary => {
            ("mark primary", "M0 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0 -5.2 0M5.2 0H11.5M11.5 0V2.8M8.8 0V2.2")
        }
        Mark::Foreign => ("mark foreign", "M0.5 0H10.5M7 -3.2L10.5 0L7 3.2"),
        Mark::Unique => ("mark unique", "M5 -4L9 0L5 4L1 0Z"),
    };
    html! { path class=(class) transform={ "translate(" (number(x)) " " (number(y)) ")" } d=(d) {} }
}
