//! What stands around the content of every page.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::book::{Book, Chapter, On, table_anchor};

/// Nothing but our own files, even if a comment found a way to ask for something else.
const POLICY: &str = "default-src 'none'; script-src 'self' file:; style-src 'self' 'unsafe-inline' file:; \
                      img-src data:; base-uri 'none'; form-action 'none'";

const MARK: &str = r#"<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false"><path d="M4 5h9l-4.5 5.5zM4 13.5h9L8.5 19zM15 3.5 20.5 12 15 20.5z" fill="currentColor"/></svg>"#;

/// A page with `content`; `name` is the dataset's, or nothing.
pub(super) fn whole(book: &Book<'_>, on: On<'_>, name: &str, content: Markup) -> Markup {
    let root = on.root();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content="kf doc";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                title { @if !name.is_empty() { (name) " · " } (book.title) }
                link rel="icon" href="data:,";
                link rel="stylesheet" href={ (root) "assets/kf.css" };
                script src={ (root) "assets/theme.js" } {}
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                (top(book, on))
                div.frame {
                    (side(book, on))
                    main #content tabindex="-1" { (content) }
                }
                script src={ (root) "assets/search.js" } {}
                script src={ (root) "assets/kf.js" } {}
            }
        }
    }
}

fn top(book: &Book<'_>, on: On<'_>) -> Markup {
    html! {
        header.top {
            a.brand href={ (on.root()) "index.html" } { (PreEscaped(MARK)) span { (book.title) } }
            div.search role="search" data-root=(on.root()) {
                input #search type="search" role="combobox" autocomplete="off" spellcheck="false"
                    placeholder="Search" aria-label="Search actions, tables, columns and errors"
                    aria-expanded="false" aria-controls="found" aria-autocomplete="list";
                kbd aria-hidden="true" { "/" }
                div #found role="listbox" aria-label="What was found" hidden {}
                p #told.unseen role="status" {}
            }
            button #theme type="button" aria-label="Change between light and dark" {
                svg.sun viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false" {
                    circle cx="12" cy="12" r="4.5" fill="none" stroke="currentColor" stroke-width="2" {}
                    path d="M12 1.5v3m0 15v3m10.500-10.500h-3m-15 0h-3m17.900-7.400-2.100 2.100m-10.600 10.600-2.100 2.100m0-14.800 2.100 2.100m10.600 10.600 2.100 2.100"
                        stroke="currentColor" stroke-width="2" stroke-linecap="round" {}
                }
                svg.moon viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false" {
                    path d="M20.500 14.300A8.500 8.500 0 0 1 9.700 3.500a8.500 8.500 0 1 0 10.800 10.800z" fill="none"
                        stroke="currentColor" stroke-width="2" stroke-linejoin="round" {}
                }
            }
        }
    }
}

fn side(book: &Book<'_>, on: On<'_>) -> Markup {
    let is_here = |chapter: &Chapter<'_>| matches!(on, On::Dataset(dbid) if *dbid == chapter.schema.dbid);
    html! {
        nav.side aria-label="Datasets" {
            details #menu open {
                summary { "Contents" }
                ul.datasets {
                    li { a href={ (on.root()) "index.html" } aria-current=[matches!(on, On::Index).then_some("page")] { "Overview" } }
                }
                p.heading { "Datasets" }
                ul.datasets {
                    @for chapter in &book.chapters {
                        li {
                            a href=(book.href(on, chapter, None)) aria-current=[is_here(chapter).then_some("page")] {
                                (chapter.schema.name)
                            }
                            @if is_here(chapter) { (parts(chapter)) }
                        }
                    }
                }
            }
        }
    }
}

/// What is on the page of `chapter`.
fn parts(chapter: &Chapter<'_>) -> Markup {
    html! {
        ul.parts {
            @if chapter.written().next().is_some() { li { a href="#access" { "Who may call what" } } }
            @for table in &chapter.schema.tables {
                li { a.table href={ "#" (table_anchor(table)) } { (table.name) } }
            }
            @for action in chapter.written() {
                @let word = action.signature.modifiers.visibility.word();
                li { a class={ "action " (word) } href={ "#" (chapter.anchor(action)) } { (action.name) } }
            }
            @for action in chapter.foreign().chain(chapter.externs()) {
                li { a.action.foreign href={ "#" (chapter.anchor(action)) } { (action.name) } }
            }
        }
    }
}
