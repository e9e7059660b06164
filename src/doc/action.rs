//! An action on the page of its dataset.

use maud::{Markup, html};

use super::access;
use super::book::{Book, Chapter, On};
use super::facts::Facts;
use super::fields::{badges, list, parameters, results, to_action, to_table};
use super::raises::{self, Message};
use crate::hir::{Action, foreign};
use crate::interface::{Returns, Signature};
use crate::language::{ContextValue, Visibility};

/// Everything about `action`.
pub(super) fn section(book: &Book<'_>, chapter: &Chapter<'_>, action: &Action) -> Markup {
    let anchor = chapter.anchor(action);
    html! {
        article.item id=(anchor) {
            header {
                h3 { a.self href={ "#" (anchor) } { (foreign::declared_name(&action.name)) } }
                div.badges { (badges(action.signature.modifiers)) (annotations(&action.signature)) }
            }
            div.words {
                @if let Some(doc) = &action.doc { div.doc { (book.prose(chapter, doc)) } }
                (given(book, chapter, action))
                (gives(book, &action.signature.returns))
                (raised(book, chapter, action))
                (touched(book, chapter, action))
            }
            div.codes {
                pre.signature { code { (signature(chapter, action)) } }
                (example(chapter, action))
                (source(book, chapter, action))
            }
        }
    }
}

fn annotations(signature: &Signature) -> Markup {
    html! {
        @for (name, entries) in &signature.annotations {
            " " span.badge.note {
                "@" (name) "("
                @for (index, (key, value)) in entries.iter().enumerate() {
                    @if index > 0 { ", " } (key) " = " (value)
                }
                ")"
            }
        }
    }
}

fn given(book: &Book<'_>, chapter: &Chapter<'_>, action: &Action) -> Markup {
    let fields = parameters(book, chapter, action);
    html! {
        @if !fields.is_empty() { h4 { "Parameters" } (list(&fields)) }
    }
}

fn gives(book: &Book<'_>, returns: &Returns) -> Markup {
    let count = match returns {
        Returns::Nothing => return html! { h4 { "Returns" } p.plain { "nothing" } },
        Returns::Row(_) => "one row",
        Returns::Table(_) => "rows",
    };
    html! { h4 { "Returns " small { (count) } } (results(book, returns)) }
}

fn raised(book: &Book<'_>, chapter: &Chapter<'_>, action: &Action) -> Markup {
    let on = On::Dataset(&chapter.schema.dbid);
    let found = raises::all(book, chapter, action);
    html! {
        @if !found.is_empty() || raises::asks_for_owner(action) {
            h4 { "Raises" }
            ul.raises {
                @if raises::asks_for_owner(action) { li { "unless the owner of the dataset calls" } }
                @for raised in &found {
                    li {
                        @match &raised.message {
                            Message::Words(text) => q { (text) },
                            Message::Computed(text) => code { (text) },
                        }
                        @if raised.by.1 != action || raised.by.0.schema.dbid != chapter.schema.dbid {
                            " " span.by { "by " (to_action(book, on, raised.by.0, raised.by.1)) }
                        }
                    }
                }
            }
        }
    }
}

fn touched(book: &Book<'_>, chapter: &Chapter<'_>, action: &Action) -> Markup {
    let on = On::Dataset(&chapter.schema.dbid);
    let nothing = Facts::default();
    let facts = chapter.facts(action).unwrap_or(&nothing);
    let calls: Vec<_> = facts.calls.iter().filter_map(|callee| book.callee(callee)).collect();
    let callers = book.callers(chapter, action);
    html! {
        dl.touched {
            div { dt { "Called by" } dd.way {
                @if callers.is_empty() || action.signature.modifiers.visibility != Visibility::Private {
                    span { (access::way(action)) }
                }
                @for (chapter, action) in &callers { (to_action(book, on, chapter, action)) }
            } }
            @if !calls.is_empty() {
                div { dt { "Calls" } dd { @for (chapter, action) in &calls { (to_action(book, on, chapter, action)) } } }
            }
            @if !facts.reads.is_empty() {
                div { dt { "Reads" } dd { @for table in &facts.reads { (to_table(table)) } } }
            }
            @if !facts.writes.is_empty() {
                div { dt { "Writes" } dd {
                    @for (table, words) in &facts.writes {
                        span { (to_table(table)) " " small { (words.iter().copied().collect::<Vec<_>>().join(", ")) } }
                    }
                } }
            }
            @if !facts.context.is_empty() {
                div { dt { "Looks at" } dd { @for value in &facts.context { code { "@" (value.word()) } } } }
            }
        }
    }
}

/// `action f(` and a parameter on each line, if there is more than one.
fn signature(chapter: &Chapter<'_>, action: &Action) -> Markup {
    let Signature { parameters, modifiers, returns, .. } = &action.signature;
    let written = action.is_written();
    let parameters: Vec<_> = parameters.iter().skip(if written { 0 } else { foreign::TARGET }).collect();
    let (gap, last) = if parameters.len() > 1 { ("\n    ", "\n") } else { ("", "") };
    let _ = chapter;
    html! {
        span.k { @if written { "action" } @else { "foreign procedure" } } " "
        span.f { (foreign::declared_name(&action.name)) } "("
        @for (index, parameter) in parameters.iter().enumerate() {
            (gap) span.v { "$" (parameter.name) } " " span.t { (parameter.ty) }
            @if let Some(default) = &parameter.default { " " span.k { "default" } " " span.s { (default) } }
            @if index + 1 < parameters.len() { "," }
        }
        @if !parameters.is_empty() { (last) } ")"
        @if written {
            " " span.k { (modifiers.visibility.word()) @if modifiers.owner { " owner" } @if modifiers.view { " view" } }
        }
        @if *returns != Returns::Nothing { (returned(returns)) }
    }
}

fn returned(returns: &Returns) -> Markup {
    let columns = returns.columns();
    let (gap, last) = if columns.len() > 1 { ("\n    ", "\n") } else { ("", "") };
    html! {
        "\n" span.k { @if matches!(returns, Returns::Table(_)) { "returns table" } @else { "returns " } } "("
        @for (index, column) in columns.iter().enumerate() {
            (gap) (column.name) " " span.t { (column.ty) } @if index + 1 < columns.len() { "," }
        }
        (last) ")"
    }
}

/// How a call is typed, where it can come from outside.
fn example(chapter: &Chapter<'_>, action: &Action) -> Markup {
    let modifiers = action.signature.modifiers;
    let role = match modifiers.visibility {
        Visibility::Public if modifiers.owner => " --as owner",
        Visibility::Public => "",
        Visibility::Oracle => " --as oracle",
        Visibility::Private | Visibility::System => return html! {},
    };
    let dataset = if chapter.file == chapter.schema.name.as_str() {
        chapter.schema.name.as_str()
    } else {
        chapter.schema.dbid.as_str()
    };
    let looks = chapter.facts(action).is_some_and(|facts| facts.context.contains(&ContextValue::Caller));
    html! {
        figure {
            figcaption { "Call" }
            pre.shell { code {
                "kf call " (dataset) "." (action.name)
                @for parameter in &action.signature.parameters { " " span.v { (parameter.name.as_str().to_uppercase()) } }
                (role)
                @if looks && role.is_empty() { " --caller " span.v { "ID" } }
            } }
        }
    }
}

fn source(book: &Book<'_>, chapter: &Chapter<'_>, action: &Action) -> Markup {
    html! {
        @if let Some(listing) = listing(book, chapter, action.name_span) {
            details.source { summary { "Source " small { (listing.0) } } (listing.1) }
        }
    }
}

/// A stretch of the source with where it stands; its calls lead to what they call.
pub(super) fn listing(
    book: &Book<'_>,
    chapter: &Chapter<'_>,
    span: crate::source::Span,
) -> Option<(String, Markup)> {
    let source = book.sources.get(span.source)?;
    let on = On::Dataset(&chapter.schema.dbid);
    let link = |before: &str, word: &str, after: &str| {
        if !after.starts_with('(') || word.starts_with(['$', '@', '\'', '"']) {
            return None;
        }
        let name = crate::language::Name::new(word);
        let of = match before.strip_suffix('.') {
            Some(rest) => {
                let start = rest.rfind(|it: char| !it.is_alphanumeric() && it != '_').map_or(0, |at| at + 1);
                let alias = rest.get(start..)?.to_ascii_lowercase();
                let import = chapter.schema.imports.iter().find(|import| import.alias.as_str() == alias)?;
                book.chapter(&import.dbid)?
            }
            None => chapter,
        };
        let action = of.schema.action(&name).filter(|action| action.is_written())?;
        Some(book.href(on, of, Some(&of.anchor(action))))
    };
    let text = book.text(span.source)?;
    let range = text.item(span.start as usize)?;
    let line = source.lines.place(&source.text, range.start, crate::source::Unit::Chars).line;
    let listing = html! { pre tabindex="0" { code { (text.slice(range, &link)) } } };
    Some((format!("{}:{line}", source.path), listing))
}
