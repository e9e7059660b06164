//! Who may call an action.

use maud::{Markup, html};

use super::book::{Book, Chapter, On};
use crate::hir::Action;
use crate::language::{Modifiers, Visibility};

/// Who calls.
const CALLERS: [(&str, &str); 5] = [
    ("Anybody", "who signs a call, or asks for a view"),
    ("Owner", "who owns the dataset"),
    ("Importers", "actions of other datasets"),
    ("Oracles", "with inputs the network agreed on"),
    ("Own actions", "of this dataset"),
];

/// Whether somebody may call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum May {
    Yes,
    No,
    /// Only so.
    If(&'static str),
}

/// For each of [`CALLERS`].
fn may(modifiers: Modifiers) -> [May; 5] {
    use May::{If, No, Yes};
    let ours = if modifiers.owner { If("for the owner") } else { Yes };
    let anybody = if modifiers.owner { No } else { Yes };
    match modifiers.visibility {
        Visibility::Public => [anybody, Yes, ours, No, ours],
        Visibility::Private => [No, No, No, No, ours],
        Visibility::System => [No, No, ours, No, ours],
        Visibility::Oracle => [No, No, No, Yes, If("oracle actions")],
    }
}

/// How the call of an action comes in.
pub(super) fn way(action: &Action) -> &'static str {
    let Modifiers { visibility, owner, view } = action.signature.modifiers;
    match (visibility, owner, view) {
        (Visibility::Public, false, true) => "anybody, without a signature",
        (Visibility::Public, false, false) => "anybody, by a signed call",
        (Visibility::Public, true, _) => "the owner, by a signed call",
        (Visibility::Oracle, ..) => "oracles, once the network agrees",
        (Visibility::System, true, _) => "other datasets, for the owner",
        (Visibility::System, ..) => "actions of any dataset",
        (Visibility::Private, true, _) => "own actions, for the owner",
        (Visibility::Private, ..) => "own actions",
    }
}

/// The matrix of all actions of a dataset.
pub(super) fn matrix(book: &Book<'_>, chapter: &Chapter<'_>) -> Markup {
    let on = On::Dataset(&chapter.schema.dbid);
    html! {
        div.wide tabindex="0" role="region" aria-label="Who may call what" {
            table.matrix {
                thead { tr {
                    th scope="col" { "Action" }
                    @for (who, more) in CALLERS { th scope="col" { (who) small { (more) } } }
                } }
                tbody {
                    @for action in chapter.written() {
                        tr {
                            th scope="row" {
                                a href=(book.href(on, chapter, Some(&chapter.anchor(action)))) { code { (action.name) } }
                                @if action.signature.modifiers.view { " " span.badge.view { "view" } }
                            }
                            @for may in may(action.signature.modifiers) { (cell(may)) }
                        }
                    }
                }
            }
        }
    }
}

fn cell(may: May) -> Markup {
    match may {
        May::Yes => html! { td.yes { span.dot aria-hidden="true" {} "yes" } },
        May::If(how) => html! { td.some { span.dot aria-hidden="true" {} (how) } },
        May::No => html! { td.no { span aria-hidden="true" { "–" } span.unseen { "no" } } },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_take_the_place_of_anybody() {
        let modifiers = |visibility, owner| Modifiers { visibility, owner, view: false };
        assert!(may(modifiers(Visibility::Public, false))[0] == May::Yes);
        assert!(may(modifiers(Visibility::Public, true))[..2] == [May::No, May::Yes]);
        assert!(may(modifiers(Visibility::System, false))[..3] == [May::No, May::No, May::Yes]);
        assert!(may(modifiers(Visibility::Oracle, false))[3] == May::Yes);
        let private = may(modifiers(Visibility::Private, false));
        assert!(private[..4].iter().all(|may| *may == May::No) && private[4] == May::Yes);
    }
}
