//! What a declaration that could not be read would have declared is not called unknown wherever it is used.

use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Source, SourceId, Sources, Span, Unit};
use crate::syntax::ATTRIBUTES;
use crate::syntax::ast::{Ast, Item};

/// As many words as a head may need to say its name: `use ens as names`.
const WORDS_OF_HEAD: usize = 4;

/// The head of a declaration that is not in the tree.
struct Head<'s> {
    source: SourceId,
    /// Its words, up to the first brace or parenthesis; of an import all, as its alias comes last.
    words: Vec<&'s str>,
    /// The keyword if the name itself is missing, so that it could be any.
    nameless: Option<&'s str>,
}

/// What is lost of a program.
enum Lost<'s> {
    /// A declaration.
    Head(Head<'s>),
    /// Columns of a table, or what it says of them.
    Columns { table: &'s str, span: Span },
    /// The key of a table, which others refer to.
    Key { table: &'s str },
    /// Which block of this action a statement stands in, so which loop's variable it may name.
    Blocks(Span),
}

/// `diagnostics` without those that only follow from declarations that are missing.
pub(super) fn without_followers(
    diagnostics: Vec<Diagnostic>,
    asts: &[Ast],
    sources: &Sources,
) -> Vec<Diagnostic> {
    let lost: Vec<Lost<'_>> = diagnostics.iter().filter_map(|it| lost(it, asts, sources)).collect();
    let blocks = asts.iter().flat_map(|ast| &ast.items).filter_map(lost_blocks);
    let blocks: Vec<Lost<'_>> = blocks.collect();
    if lost.is_empty() && blocks.is_empty() {
        return diagnostics;
    }
    let strays = |it: &Diagnostic| blocks.iter().any(|lost| lost.explains(it, asts, sources));
    let diagnostics: Vec<Diagnostic> = diagnostics.into_iter().filter(|it| !strays(it)).collect();
    let follows = |it: &Diagnostic| lost.iter().any(|lost| lost.explains(it, asts, sources));
    let (followers, rest): (Vec<_>, Vec<_>) = diagnostics.into_iter().partition(follows);
    // What is made of a missing thing has no name, shape or type either.
    let shaken: Vec<Span> = followers.iter().filter_map(|it| span_of_item(it.at.span, asts)).collect();
    let is_shaken = |it: &Diagnostic| {
        matches!(it.code, Code::UnknownVariable | Code::ResultShape | Code::TypeMismatch)
            && shaken.iter().any(|span| holds(*span, it.at.span))
    };
    rest.into_iter().filter(|it| !is_shaken(it)).collect()
}

/// What a fault took away.
fn lost<'s>(fault: &Diagnostic, asts: &'s [Ast], sources: &'s Sources) -> Option<Lost<'s>> {
    let is_of_syntax = matches!(fault.code, Code::Syntax | Code::NotAName | Code::ReservedName);
    match item_at(fault.at.span, asts) {
        None if is_of_syntax => head(fault.at.span, sources).map(Lost::Head),
        Some(Item::Table(it)) if is_of_syntax || is_nameless_column(fault, sources) => {
            Some(Lost::Columns { table: sources.slice(it.name.span), span: it.span })
        }
        Some(Item::Table(it)) if fault.code == Code::NoPrimaryKey => {
            Some(Lost::Key { table: sources.slice(it.name.span) })
        }
        _ => None,
    }
}

/// An action one of whose statements lacks the `{` of its body.
fn lost_blocks<'s>(item: &Item) -> Option<Lost<'s>> {
    match item {
        Item::Action(action) if action.lost_brace => Some(Lost::Blocks(action.span)),
        _ => None,
    }
}

/// True for an attribute where a type should be: `int not_null`, without the column's name.
fn is_nameless_column(fault: &Diagnostic, sources: &Sources) -> bool {
    let found = sources.slice(fault.at.span);
    fault.code == Code::UnknownType && ATTRIBUTES.iter().any(|word| word.eq_ignore_ascii_case(found))
}

/// The head that a syntax error outside all items is about: the words of its line.
fn head(at: Span, sources: &Sources) -> Option<Head<'_>> {
    let line = line_of(sources.get(at.source)?, at);
    let is_import = words(line).next().is_some_and(|word| word.eq_ignore_ascii_case("use"));
    let head = line.split(['{', '(']).next().unwrap_or_default();
    let words: Vec<&str> = match is_import {
        true => words(line).collect(),
        false => words(head).take(WORDS_OF_HEAD).collect(),
    };
    let first = *words.first()?;
    let misses_name = match first.to_ascii_lowercase().as_str() {
        "table" | "action" => words.len() == 1,
        "use" => words.len() < WORDS_OF_HEAD || line.trim_end().ends_with("as;"),
        _ => false,
    };
    Some(Head { source: at.source, nameless: misses_name.then_some(first), words })
}

fn item_at(at: Span, asts: &[Ast]) -> Option<&Item> {
    let mut items = asts.iter().filter(|ast| ast.source == at.source).flat_map(|ast| &ast.items);
    items.find(|item| holds(span_of(item), at))
}

fn span_of_item(at: Span, asts: &[Ast]) -> Option<Span> {
    item_at(at, asts).map(span_of)
}

fn span_of(item: &Item) -> Span {
    match item {
        Item::Use(it) => it.span,
        Item::Table(it) => it.span,
        Item::Action(it) => it.span,
        Item::Foreign(it) => it.span,
    }
}

fn holds(whole: Span, part: Span) -> bool {
    whole.source == part.source && whole.start <= part.start && part.end <= whole.end
}

fn line_of(source: &Source, at: Span) -> &str {
    let place = source.lines.place(&source.text, at.start as usize, Unit::Chars);
    source.lines.text(&source.text, place.line)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

impl Lost<'_> {
    fn explains(&self, it: &Diagnostic, asts: &[Ast], sources: &Sources) -> bool {
        match self {
            Lost::Head(head) => head.explains(it, sources),
            Lost::Columns { table, span } => match it.code {
                Code::Duplicate | Code::NoPrimaryKey => holds(*span, it.at.span),
                Code::ForeignKey => names(sources.slice(it.at.span), table),
                Code::UnknownColumn => {
                    span_of_item(it.at.span, asts).is_some_and(|item| names(sources.slice(item), table))
                }
                _ => false,
            },
            Lost::Key { table } => it.code == Code::ForeignKey && names(sources.slice(it.at.span), table),
            Lost::Blocks(action) => {
                holds(*action, it.at.span)
                    && match it.code {
                        Code::OutsideLoop => true,
                        Code::UnknownVariable => is_looped(sources.slice(it.at.span), sources.slice(*action)),
                        _ => false,
                    }
            }
        }
    }
}

fn names(text: &str, name: &str) -> bool {
    words(text).any(|word| word.eq_ignore_ascii_case(name))
}

/// True if a loop of `action` has the variable that `use_of` begins with.
fn is_looped(use_of: &str, action: &str) -> bool {
    let name = words(use_of).next().unwrap_or_default();
    let mut before = "";
    words(action).any(|word| {
        let looped = before.eq_ignore_ascii_case("for") && word == name;
        before = word;
        looped
    })
}

impl Head<'_> {
    fn explains(&self, it: &Diagnostic, sources: &Sources) -> bool {
        let keyword = match it.code {
            Code::UnknownTable | Code::ForeignKey => "table",
            Code::UnknownAlias | Code::QualifiedName => "use",
            Code::UnknownAction | Code::UnknownFunction => "action",
            _ => return false,
        };
        let about = sources.slice(it.at.span);
        it.at.span.source == self.source
            && (self.nameless.is_some_and(|word| word.eq_ignore_ascii_case(keyword))
                || words(about).any(|word| self.words.iter().any(|known| known.eq_ignore_ascii_case(word))))
    }
}
