//! Pictures on pages; their boxes lead to what they stand for.

use maud::{Markup, PreEscaped, html};

use super::book::{Book, On};
use crate::graph::{self, Graph, Kind, Target};
use crate::interface::Dbid;

/// The picture of the project's own datasets, or of `only`; nothing where there are no two boxes to see together.
pub(super) fn picture(book: &Book<'_>, on: On<'_>, kind: Kind, only: Option<&Dbid>) -> Option<Markup> {
    let mut graph = graph::about(book.program, kind, &|schema| match only {
        Some(dbid) => schema.dbid == *dbid,
        None => !schema.imported,
    });
    if graph.nodes.len() < 2 || graph.edges.is_empty() {
        return None;
    }
    graph.link(|target| address(book, on, target));
    Some(figure(&graph))
}

fn figure(graph: &Graph) -> Markup {
    html! {
        figure.picture {
            div.wide tabindex="0" role="region" aria-label=(graph.title()) { (PreEscaped(graph::svg(graph))) }
            figcaption { (graph.title()) ": " (graph.summary()) }
        }
    }
}

/// Where a box leads: nowhere for externs on pages of other datasets.
fn address(book: &Book<'_>, on: On<'_>, target: &Target) -> Option<String> {
    match target {
        Target::Dataset(dbid) => Some(book.href(on, book.chapter(dbid)?, None)),
        Target::Table(dbid, table) => {
            Some(book.href(on, book.chapter(dbid)?, Some(&format!("table-{table}"))))
        }
        Target::Action(dbid, action) => {
            let chapter = book.chapter(dbid)?;
            let action = chapter.schema.action(action)?;
            Some(book.href(on, chapter, Some(&chapter.anchor(action))))
        }
        Target::Extern(_) | Target::ExternFunction(..) => None,
    }
}
