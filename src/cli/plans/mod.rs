//! How a call was done, for people and programs.

mod findings;
mod json;
mod tree;

use std::fmt::Write;

use crate::deploy::call::{Explained, Place, Planned};
use crate::diagnostics::render::{Ink, Style};
use crate::diagnostics::visible;

pub(super) use json::json;

/// Lines of a statement that are quoted.
const QUOTED: usize = 6;

/// A block for each statement: its place, its lines, its plan, what stands out; then what became of the call.
pub(super) fn text(explained: &Explained, style: Style) -> String {
    let mut text = String::new();
    for planned in explained.statements.iter().filter(|planned| !is_trivial(planned)) {
        text.push_str(&statement(planned, style));
        text.push('\n');
    }
    if let Some(reason) = &explained.shallow {
        let note = format!(
            "this login sees the plan of the call alone, not of the statements in it: {}",
            visible(reason)
        );
        let help = "a superuser sees them all: PostgreSQL lets nobody else load `auto_explain`";
        let _ = writeln!(
            text,
            "{} {note}\n{} {help}",
            style.paint(Ink::Advice, "note:"),
            style.paint(Ink::Advice, "help:")
        );
    }
    text + &ending(explained)
}

/// A statement that only calls an action: what it does follows in blocks of its own.
fn is_trivial(planned: &Planned) -> bool {
    let node = planned.plan.get("Node Type").and_then(|node| node.as_str());
    !planned.trace.is_empty() && node == Some("Result") && planned.plan.get("Plans").is_none()
}

fn ending(explained: &Explained) -> String {
    let shown = visible(&explained.shown);
    match (explained.took, &explained.fault, explained.shallow.is_some()) {
        (_, Some(_), _) => format!("{shown} ran until it failed, and was rolled back\n"),
        (Some(took), ..) => {
            format!("{shown} ran for {took:.1} ms and was rolled back: nothing of it is left\n")
        }
        (None, None, true) if explained.statements.iter().all(|it| it.took.is_none()) => {
            format!("{shown} was not run\n")
        }
        _ => format!("{shown} ran and was rolled back: nothing of it is left\n"),
    }
}

fn statement(planned: &Planned, style: Style) -> String {
    let mut text = heading(planned, style);
    match planned.trace.first().and_then(quoted) {
        Some(lines) => lines.iter().for_each(|line| {
            let _ = writeln!(text, "  {}", visible(line));
        }),
        None => planned.sql.lines().take(QUOTED).for_each(|line| {
            let _ = writeln!(text, "    {} {}", if style.unicode { "│" } else { "|" }, visible(line));
        }),
    }
    tree::draw(&mut text, &planned.plan, 2, style);
    for finding in findings::of(&planned.plan) {
        let _ = writeln!(
            text,
            "  {} {}",
            style.paint(Ink::Warning, if style.unicode { "⚠" } else { "!" }),
            visible(&finding)
        );
    }
    text
}

/// `ens.kf:12 in ens.rename, called at social.kf:4 · 3 times, 0.5 ms`
fn heading(planned: &Planned, style: Style) -> String {
    let line = |place: &Place| match place.at {
        Some(at) => format!("{}:{}", visible(&place.path), at.line),
        None => visible(&place.path).into_owned(),
    };
    let mut places = planned.trace.iter();
    let mut text = match places.next() {
        Some(place) => {
            format!(
                "{} in {}.{}",
                style.paint(Ink::Strong, &line(place)),
                visible(&place.dataset),
                visible(&place.action)
            )
        }
        None => style.paint(Ink::Strong, "the call"),
    };
    for place in places {
        let _ = write!(text, ", called at {}", line(place));
    }
    let times = if planned.times > 1 { format!("{} times, ", planned.times) } else { String::new() };
    if let Some(took) = planned.took {
        let _ = write!(text, " {}", style.paint(Ink::Quiet, &format!("({times}{took:.1} ms)")));
    }
    text.push('\n');
    text
}

/// The lines of the source that the statement stands on, numbered.
fn quoted(place: &Place) -> Option<Vec<String>> {
    let at = place.at?;
    let first = usize::try_from(at.line).ok()?;
    let bytes = place.source.get(at.start as usize..at.end as usize)?;
    // Of a loop or a branch the first lines, up to what it repeats or guards.
    let head = bytes.lines().position(|line| line.trim_end().ends_with('{')).map(|index| index + 1);
    let count = head.unwrap_or_else(|| bytes.lines().count()).max(1);
    let lines = place.source.lines().enumerate().skip(first - 1).take(count.min(QUOTED));
    let mut quoted: Vec<String> =
        lines.map(|(index, line)| format!("{:>4} │ {}", index + 1, line.trim_end())).collect();
    if count > QUOTED {
        quoted.push("     ┆".to_owned());
    }
    Some(quoted)
}
