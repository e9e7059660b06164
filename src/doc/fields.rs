//! Lists of what has a name and a type, and the small parts all pages share.

use maud::{Markup, html};

use super::book::{Book, Chapter, On};
use crate::hir::Action;
use crate::interface::{Returns, RowColumn};
use crate::language::{Modifiers, Name, Type, Visibility};

/// One entry of a list.
pub(super) struct Field {
    /// Its anchor, if it has one.
    pub id: Option<String>,
    pub name: String,
    pub ty: Type,
    /// What else is true of it.
    pub marks: Vec<Markup>,
    /// The comment about it, as HTML.
    pub doc: Option<Markup>,
}

/// `fields` below one another.
pub(super) fn list(fields: &[Field]) -> Markup {
    html! {
        dl.fields {
            @for field in fields {
                div id=[field.id.as_deref()] {
                    dt {
                        @match &field.id {
                            Some(id) => a.name href={ "#" (id) } { code { (field.name) } },
                            None => code.name { (field.name) },
                        }
                        " " code.type { (field.ty) }
                        @for mark in &field.marks { " " (mark) }
                    }
                    @if let Some(doc) = &field.doc { dd.doc { (doc) } }
                }
            }
        }
    }
}

/// A small word beside a name.
pub(super) fn mark(text: &str) -> Markup {
    html! { span.mark { (text) } }
}

/// The columns of a result.
pub(super) fn results(book: &Book<'_>, returns: &Returns) -> Markup {
    let _ = book;
    let field = |column: &RowColumn| Field {
        id: None,
        name: column.name.to_string(),
        ty: column.ty.clone(),
        marks: if column.nullable { vec![mark("may be null")] } else { Vec::new() },
        doc: None,
    };
    list(&returns.columns().iter().map(field).collect::<Vec<_>>())
}

/// The parameters of an action, with what is said about each.
pub(super) fn parameters(book: &Book<'_>, chapter: &Chapter<'_>, action: &Action) -> Vec<Field> {
    let skipped = match action.origin {
        crate::hir::Origin::Foreign => crate::hir::foreign::TARGET,
        _ => 0,
    };
    let described = |(index, parameter): (usize, &crate::interface::Parameter)| {
        let local = action.locals.get(index).filter(|_| action.is_written());
        let doc = local.and_then(|local| book.comment(local.span));
        let mut marks = Vec::new();
        match &parameter.default {
            Some(default) => marks.push(html! { span.mark { "default " code { (default) } } }),
            None => marks.push(html! { span.mark.required { "required" } }),
        }
        Field {
            id: None,
            name: format!("${}", parameter.name),
            ty: parameter.ty.clone(),
            marks,
            doc: doc.map(|doc| book.prose(chapter, &doc)),
        }
    };
    action.signature.parameters.iter().enumerate().skip(skipped).map(described).collect()
}

/// The words of an action's modifiers.
pub(super) fn badges(modifiers: Modifiers) -> Markup {
    html! {
        (visibility(modifiers.visibility))
        @if modifiers.owner { " " span.badge.owner title="only when the owner of the dataset calls" { "owner" } }
        @if modifiers.view { " " span.badge.view title="reads only" { "view" } }
    }
}

fn visibility(visibility: Visibility) -> Markup {
    let title = match visibility {
        Visibility::Public => "anybody may call it",
        Visibility::Private => "only actions of its dataset call it",
        Visibility::Oracle => "only oracles call it",
        Visibility::System => "only actions call it, of any dataset",
    };
    html! { span class={ "badge " (visibility.word()) } title=(title) { (visibility.word()) } }
}

/// A link to an action: its name, with its dataset where that is another.
pub(super) fn to_action(book: &Book<'_>, on: On<'_>, chapter: &Chapter<'_>, action: &Action) -> Markup {
    let here = matches!(on, On::Dataset(dbid) if *dbid == chapter.schema.dbid);
    let name = crate::hir::foreign::declared_name(&action.name);
    html! {
        a.to href=(book.href(on, chapter, Some(&chapter.anchor(action)))) {
            code { @if !here { span.of { (chapter.schema.name) "." } } (name) }
        }
    }
}

/// A link to a table of the same dataset.
pub(super) fn to_table(table: &Name) -> Markup {
    html! { a.to href={ "#table-" (table) } { code { (table) } } }
}
