//! What a declaration that could not be read would have declared is not called unknown wherever it is used.

use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Source, SourceId, Sources, Span, Unit};
use crate::syntax::ast::{Ast, Item};

/// As many words as a head may need to say its name: `use ens as names`.
const WORDS_OF_HEAD: usize = 4;

/// The head of a declaration that is not in the tree.
struct Head<'s> {
    source: SourceId,
    /// Its words, up to the first brace or parenthesis.
    words: Vec<&'s str>,
    /// The keyword if the name itself is missing, so that it could be any.
    nameless: Option<&'s str>,
}

/// `diagnostics` without those that only follow from declarations that are missing.
pub(super) fn without_followers(
    diagnostics: Vec<Diagnostic>,
    asts: &[Ast],
    sources: &Sources,
) -> Vec<Diagnostic> {
    let heads: Vec<Head<'_>> = diagnostics.iter().filter_map(|it| head(it, asts, sources)).collect();
    if heads.is_empty() {
        return diagnostics;
    }
    let follows = |it: &Diagnostic| heads.iter().any(|head| head.explains(it, sources));
    diagnostics.into_iter().filter(|it| !follows(it)).collect()
}

/// The head that a syntax error outside all items is about: the words of its line.
fn head<'s>(fault: &Diagnostic, asts: &[Ast], sources: &'s Sources) -> Option<Head<'s>> {
    let at = fault.at.span;
    if !matches!(fault.code, Code::Syntax | Code::NotAName | Code::ReservedName) || is_in_item(at, asts) {
        return None;
    }
    let line = line_of(sources.get(at.source)?, at);
    let head = line.split(['{', '(']).next().unwrap_or_default();
    let words: Vec<&str> = words(head).take(WORDS_OF_HEAD).collect();
    let first = *words.first()?;
    let misses_name = match first.to_ascii_lowercase().as_str() {
        "table" => words.len() == 1,
        "use" => words.len() < WORDS_OF_HEAD,
        _ => false,
    };
    Some(Head { source: at.source, nameless: misses_name.then_some(first), words })
}

fn is_in_item(at: Span, asts: &[Ast]) -> bool {
    let items = asts.iter().filter(|ast| ast.source == at.source).flat_map(|ast| &ast.items);
    let mut spans = items.map(|item| match item {
        Item::Use(it) => it.span,
        Item::Table(it) => it.span,
        Item::Action(it) => it.span,
        Item::Foreign(it) => it.span,
    });
    spans.any(|span| span.start <= at.start && at.end <= span.end)
}

fn line_of(source: &Source, at: Span) -> &str {
    let place = source.lines.place(&source.text, at.start as usize, Unit::Chars);
    source.lines.text(&source.text, place.line)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

impl Head<'_> {
    fn explains(&self, it: &Diagnostic, sources: &Sources) -> bool {
        let keyword = match it.code {
            Code::UnknownTable | Code::ForeignKey => "table",
            Code::UnknownAlias => "use",
            Code::UnknownAction => "action",
            _ => return false,
        };
        let about = sources.slice(it.at.span);
        it.at.span.source == self.source
            && (self.nameless.is_some_and(|word| word.eq_ignore_ascii_case(keyword))
                || words(about).any(|word| self.words.iter().any(|known| known.eq_ignore_ascii_case(word))))
    }
}
