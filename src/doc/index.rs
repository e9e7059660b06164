//! The first page: what datasets there are.

use maud::{Markup, html};

use super::book::{Book, Chapter, On};
use super::{access, diagram, fields, markdown, page};
use crate::graph::Kind;
use crate::hir::Action;
use crate::language::Visibility;

/// The whole page.
pub(super) fn page(book: &Book<'_>) -> Markup {
    let (own, imported): (Vec<_>, Vec<_>) =
        book.chapters.iter().partition(|chapter| !chapter.schema.imported);
    let tables: usize = own.iter().map(|chapter| chapter.schema.tables.len()).sum();
    let actions: usize = own.iter().map(|chapter| chapter.written().count()).sum();
    let content = html! {
        div.title {
            h1 { (book.title) }
            p.counts {
                (count(own.len(), "dataset", "datasets")) ", " (count(tables, "table", "tables")) ", "
                (count(actions, "action", "actions"))
            }
        }
        section #datasets aria-labelledby="datasets-title" {
            h2 #datasets-title { "Datasets" }
            ul.cards { @for chapter in &own { (card(book, chapter)) } }
        }
        @if !imported.is_empty() {
            section #imported aria-labelledby="imported-title" {
                h2 #imported-title { "Imported datasets" }
                p.note { "They are deployed elsewhere; this project is checked against them." }
                ul.cards { @for chapter in &imported { (card(book, chapter)) } }
            }
        }
        @if let Some(picture) = diagram::picture(book, On::Index, Kind::Imports, None) {
            section #imports aria-labelledby="imports-title" {
                h2 #imports-title { "Who imports whom" }
                (picture)
            }
        }
        (entries(book, &own))
    };
    page::whole(book, On::Index, "", content)
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn card(book: &Book<'_>, chapter: &Chapter<'_>) -> Markup {
    let schema = chapter.schema;
    let actions: Vec<&Action> = chapter.written().collect();
    let of = |visibility| actions.iter().filter(|it| it.signature.modifiers.visibility == visibility).count();
    html! {
        li.card {
            h3 { a href=(book.href(On::Index, chapter, None)) { (schema.name) } }
            @if let Some(doc) = &chapter.doc { p { (markdown::summary(doc)) } }
            p.tally {
                span { (count(schema.tables.len(), "table", "tables")) }
                @for visibility in [Visibility::Public, Visibility::System, Visibility::Oracle, Visibility::Private] {
                    @let number = of(visibility);
                    @if number > 0 { " " span class={ "badge " (visibility.word()) } { (number) " " (visibility.word()) } }
                }
            }
            @if !schema.imports.is_empty() {
                p.uses {
                    "imports"
                    @for import in &schema.imports {
                        @if let Some(other) = book.chapter(&import.dbid) {
                            " " a.to href=(book.href(On::Index, other, None)) { code { (other.schema.name) } }
                        }
                    }
                }
            }
        }
    }
}

/// Everything that can be called from outside.
fn entries(book: &Book<'_>, own: &[&Chapter<'_>]) -> Markup {
    let is_open = |action: &&Action| {
        matches!(action.signature.modifiers.visibility, Visibility::Public | Visibility::Oracle)
    };
    html! {
        section #entries aria-labelledby="entries-title" {
            h2 #entries-title { "What can be called from outside" }
            div.wide tabindex="0" role="region" aria-label="What can be called from outside" {
                table.entries {
                    thead { tr { th scope="col" { "Action" } th scope="col" { "By" } th scope="col" { "What it does" } } }
                    @for chapter in own {
                        tbody {
                            @for action in chapter.written().filter(is_open) {
                                tr {
                                    th scope="row" { (fields::to_action(book, On::Index, chapter, action)) }
                                    td.by { (access::way(action)) }
                                    td { @if let Some(doc) = &action.doc { (markdown::summary(doc)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
