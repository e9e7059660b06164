//! The page of a dataset.

use maud::{Markup, html};

use super::book::{Book, Chapter, On};
use super::fields::{parameters, results};
use super::{access, action, diagram, fields, page, table};
use crate::graph::Kind;
use crate::hir::Action;

/// The whole page.
pub(super) fn page(book: &Book<'_>, chapter: &Chapter<'_>) -> Markup {
    let on = On::Dataset(&chapter.schema.dbid);
    let actions: Vec<&Action> = chapter.written().collect();
    let content = html! {
        (head(book, chapter))
        @if !actions.is_empty() {
            section #access aria-labelledby="access-title" {
                h2 #access-title { "Who may call what" }
                (access::matrix(book, chapter))
            }
        }
        (pictures(book, chapter))
        @if !chapter.schema.tables.is_empty() {
            section #tables aria-labelledby="tables-title" {
                h2 #tables-title { "Tables" }
                @for table in &chapter.schema.tables { (table::section(book, chapter, table)) }
            }
        }
        @if !actions.is_empty() {
            section #actions aria-labelledby="actions-title" {
                h2 #actions-title { "Actions" }
                @for action in actions { (action::section(book, chapter, action)) }
            }
        }
        (outside(book, chapter))
    };
    page::whole(book, on, &chapter.schema.name.to_string(), content)
}

/// Its tables, and what calls what.
fn pictures(book: &Book<'_>, chapter: &Chapter<'_>) -> Markup {
    let on = On::Dataset(&chapter.schema.dbid);
    let drawn =
        [Kind::Tables, Kind::Calls].map(|kind| diagram::picture(book, on, kind, Some(&chapter.schema.dbid)));
    html! {
        @if drawn.iter().any(Option::is_some) {
            section #pictures aria-labelledby="pictures-title" {
                h2 #pictures-title { "How it hangs together" }
                @for picture in drawn.iter().flatten() { (picture) }
            }
        }
    }
}

fn head(book: &Book<'_>, chapter: &Chapter<'_>) -> Markup {
    let schema = chapter.schema;
    let on = On::Dataset(&schema.dbid);
    let path = book.sources.get(schema.source).map_or("", |source| source.path.as_str());
    let importers = book.importers(chapter);
    html! {
        div.title {
            p.eyebrow { a href="../index.html" { (book.title) } " / dataset" }
            h1 { (schema.name) @if schema.imported { " " span.badge.note { "deployed elsewhere" } } }
            @if let Some(doc) = &chapter.doc { div.doc.lead { (book.prose(chapter, doc)) } }
            dl.touched {
                div { dt { "DBID" } dd { code { (schema.dbid) } } }
                @if !schema.imported { div { dt { "File" } dd { code { (path) } } } }
                @if !schema.imports.is_empty() {
                    div { dt { "Imports" } dd { @for import in &schema.imports { (imported(book, on, import)) } } }
                }
                @if !importers.is_empty() {
                    div { dt { "Imported by" } dd {
                        @for other in importers { a.to href=(book.href(on, other, None)) { code { (other.schema.name) } } }
                    } }
                }
            }
        }
    }
}

fn imported(book: &Book<'_>, on: On<'_>, import: &crate::hir::Import) -> Markup {
    let chapter = book.chapter(&import.dbid);
    html! {
        span {
            @match chapter {
                Some(chapter) => a.to href=(book.href(on, chapter, None)) { code { (chapter.schema.name) } },
                None => code { (import.dbid) },
            }
            @if chapter.is_none_or(|it| it.schema.name != import.alias) { " " small { "as " (import.alias) } }
        }
    }
}

/// What is called without being imported: foreign procedures, and functions of externs.
fn outside(book: &Book<'_>, chapter: &Chapter<'_>) -> Markup {
    let foreign: Vec<&Action> = chapter.foreign().collect();
    html! {
        @if !foreign.is_empty() {
            section #foreign aria-labelledby="foreign-title" {
                h2 #foreign-title { "Foreign procedures" }
                p.note { "Actions of datasets that are named when they are called." }
                @for action in foreign { (short(book, chapter, action)) }
            }
        }
        @if !chapter.schema.externs.is_empty() {
            section #externs aria-labelledby="externs-title" {
                h2 #externs-title { "Externs" }
                p.note { "Functions that the host of the database installs." }
                @for bound in &chapter.schema.externs {
                    p {
                        code { (bound.name) } @if bound.name != bound.alias { " as " code { (bound.alias) } }
                        @for config in &bound.config { " " span.mark { (config.name) " = " code { (config.value) } } }
                    }
                }
                @for action in chapter.externs() { (short(book, chapter, action)) }
            }
        }
    }
}

/// What has no body here.
fn short(book: &Book<'_>, chapter: &Chapter<'_>, action: &Action) -> Markup {
    let anchor = chapter.anchor(action);
    let given = parameters(book, chapter, action);
    let on = On::Dataset(&chapter.schema.dbid);
    let callers = book.callers(chapter, action);
    html! {
        article.item id=(anchor) {
            header { h3 { a.self href={ "#" (anchor) } { (action.name) } } }
            div.words {
                @if let Some(doc) = &action.doc { div.doc { (book.prose(chapter, doc)) } }
                @if !given.is_empty() { h4 { "Parameters" } (fields::list(&given)) }
                @if !action.signature.returns.columns().is_empty() {
                    h4 { "Returns" } (results(book, &action.signature.returns))
                }
                @if !callers.is_empty() {
                    dl.touched { div { dt { "Called by" } dd {
                        @for (chapter, action) in &callers { (fields::to_action(book, on, chapter, action)) }
                    } } }
                }
            }
        }
    }
}
