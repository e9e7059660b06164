use std::ops::Range;

use super::{Tokens, headless, interface, testing};
use crate::diagnostics::nearest;
use crate::language::Type;
use crate::syntax::scan::TokenKind;

/// What an item begins as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ItemKind {
    /// `database`
    Database,
    /// `use`
    Use,
    /// `table`
    Table,
    /// `action`, `procedure`
    Action,
    /// `foreign procedure`
    Foreign,
    /// `extern`, which begins an interface file.
    Extern,
    /// `config` in an interface file.
    Config,
    /// `function` in an interface file.
    Function,
    /// `tests`, which begins a file of tests.
    Tests,
    /// `setup` in a file of tests.
    Setup,
    /// `test` in a file of tests.
    Test,
    /// `@name(..)` before an action.
    Annotation,
    /// `}` without a `{`, or a `;` of its own.
    Stray,
    /// Nothing an item begins with.
    Junk,
}

/// How the keyword of an item is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keyword {
    /// As it should be.
    Written,
    /// The first word stands for this one.
    Misspelt(&'static str),
    /// It was left out: the first token is already what follows it.
    Missing(&'static str),
}

/// One item of a file, by token index.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// What it begins as.
    pub kind: ItemKind,
    /// How its keyword is written.
    pub keyword: Keyword,
    /// All its tokens, keyword included.
    pub range: Range<usize>,
    /// Its `{`, for tables and actions; of an action that lacks it, what it should follow.
    pub open: Option<usize>,
    /// The `}` that closes it.
    pub close: Option<usize>,
}

const KEYWORDS: &[(&str, ItemKind)] = &[
    ("database", ItemKind::Database),
    ("use", ItemKind::Use),
    ("table", ItemKind::Table),
    ("action", ItemKind::Action),
    ("procedure", ItemKind::Action),
    ("foreign", ItemKind::Foreign),
];

impl Item {
    /// What follows its keyword, which may be missing; with its `{` if it has one.
    pub fn head(&self) -> Range<usize> {
        let missing = matches!(self.keyword, Keyword::Missing(_));
        self.range.start + usize::from(!missing)..self.open.map_or(self.range.end, |open| open + 1)
    }
}

/// Cuts a whole file.
pub fn items(tokens: Tokens<'_>) -> Vec<Item> {
    if interface::is_interface(tokens) {
        return interface::items(tokens);
    }
    if testing::is_test_file(tokens) {
        return testing::items(tokens);
    }
    let mut items = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens.kind(at) == Some(TokenKind::Bad) {
            at += 1;
            continue;
        }
        let item = item(tokens, at);
        at = item.range.end.max(at + 1);
        items.push(item);
    }
    items
}

fn item(tokens: Tokens<'_>, at: usize) -> Item {
    let (kind, keyword) = kind(tokens, at);
    match kind {
        ItemKind::Database | ItemKind::Use => line_item(tokens, at, kind, keyword),
        ItemKind::Table | ItemKind::Action => block_item(tokens, at, kind, keyword),
        ItemKind::Foreign => plain(kind, at..foreign_end(tokens, at)),
        ItemKind::Annotation => plain(kind, at..annotation_end(tokens, at)),
        ItemKind::Stray => plain(kind, at..at + 1),
        _ => plain(kind, at..junk_end(tokens, at)),
    }
}

pub(super) fn plain(kind: ItemKind, range: Range<usize>) -> Item {
    Item { kind, keyword: Keyword::Written, range, open: None, close: None }
}

fn kind(tokens: Tokens<'_>, at: usize) -> (ItemKind, Keyword) {
    match tokens.kind(at) {
        Some(TokenKind::Word) => word_kind(tokens, at),
        Some(TokenKind::Context) => (ItemKind::Annotation, Keyword::Written),
        Some(TokenKind::Semicolon) => (ItemKind::Stray, Keyword::Written),
        Some(TokenKind::Close) if tokens.is_mark(at, "}") => (ItemKind::Stray, Keyword::Written),
        _ => unnamed_kind(tokens, at),
    }
}

fn word_kind(tokens: Tokens<'_>, at: usize) -> (ItemKind, Keyword) {
    if let Some((_, kind)) = KEYWORDS.iter().find(|(word, _)| tokens.is_word(at, word)) {
        return (*kind, Keyword::Written);
    }
    let fitting = KEYWORDS.iter().filter(|(_, kind)| fits(tokens, at, *kind));
    let near = nearest(tokens.text(at), fitting.map(|(word, _)| *word));
    match KEYWORDS.iter().find(|(word, _)| Some(*word) == near) {
        Some((word, kind)) => (*kind, Keyword::Misspelt(word)),
        None => unnamed_kind(tokens, at),
    }
}

/// What begins with no keyword: the rest of an item that lacks it, or junk.
fn unnamed_kind(tokens: Tokens<'_>, at: usize) -> (ItemKind, Keyword) {
    match headless::keyword(tokens, at) {
        Some((word, kind)) => (kind, Keyword::Missing(word)),
        None => (ItemKind::Junk, Keyword::Written),
    }
}

/// True if a new item begins at `at`, even inside an open brace: such a line is nothing else anywhere.
fn begins_item(tokens: Tokens<'_>, at: usize) -> bool {
    tokens.begins_line(at) && opens_item(tokens, at)
}

/// True if what stands at `at` opens an item, where one may begin.
fn opens_item(tokens: Tokens<'_>, at: usize) -> bool {
    KEYWORDS.iter().any(|(word, kind)| {
        *kind != ItemKind::Database && tokens.is_word(at, word) && fits(tokens, at, *kind)
    })
}

/// True if what follows the word at `at` is what follows the keyword of `kind`.
fn fits(tokens: Tokens<'_>, at: usize, kind: ItemKind) -> bool {
    let after = at + 2;
    match kind {
        ItemKind::Table => {
            let annotated = tokens.kind(after) == Some(TokenKind::Context) && tokens.is_mark(after + 1, "(");
            is_name(tokens, at + 1) && (annotated || tokens.is_mark(after, "{"))
        }
        ItemKind::Action => {
            is_name(tokens, at + 1) && tokens.is_mark(after, "(") && has_parameters(tokens, at)
        }
        ItemKind::Use => {
            let target = matches!(tokens.kind(at + 1), Some(TokenKind::Text | TokenKind::Blob));
            let target = target || (is_name(tokens, at + 1) && !tokens.is_word(at + 1, "as"));
            target
                && (tokens.is_word(after, "as") || tokens.is_mark(after, ".") || tokens.is_mark(after, "{"))
        }
        ItemKind::Database => is_name(tokens, at + 1) && tokens.kind(after) == Some(TokenKind::Semicolon),
        ItemKind::Foreign => tokens.is_word(at + 1, "procedure") || tokens.is_word(at + 1, "action"),
        _ => false,
    }
}

fn is_name(tokens: Tokens<'_>, at: usize) -> bool {
    matches!(tokens.kind(at), Some(TokenKind::Word | TokenKind::Quoted | TokenKind::Bad))
}

/// Tells `action pay($to ..` from a column called `action` in an SQL condition or a table.
fn has_parameters(tokens: Tokens<'_>, at: usize) -> bool {
    const OPERATORS: &[&str] =
        &["in", "and", "or", "not", "like", "ilike", "between", "on", "using", "exists", "is"];
    if tokens.is_one_of(at + 1, OPERATORS) {
        return false;
    }
    match tokens.kind(at + 3) {
        Some(TokenKind::Variable | TokenKind::Bad) => true,
        Some(TokenKind::Close) => tokens.is_mark(at + 3, ")"),
        Some(TokenKind::Word) => Type::from_word(&tokens.text(at + 4).to_ascii_lowercase()).is_some(),
        _ => false,
    }
}

/// `database ..;` and `use ..;`: to the `;`, but not into the next line if that begins something.
fn line_item(tokens: Tokens<'_>, at: usize, kind: ItemKind, keyword: Keyword) -> Item {
    let mut end = at + 1;
    let mut depth = 0usize;
    while end < tokens.len() {
        let begins = tokens.begins_line(end)
            && matches!(tokens.kind(end), Some(TokenKind::Word | TokenKind::Context))
            && !tokens.is_word(end, "as")
            && !tokens.is_mark(end - 1, ".");
        if (depth == 0 && begins && end > at + 1) || begins_item(tokens, end) {
            break;
        }
        depth = if tokens.is_mark(end, "{") { depth + 1 } else { depth };
        depth = if tokens.is_mark(end, "}") { depth.saturating_sub(1) } else { depth };
        end += 1;
        if tokens.kind(end - 1) == Some(TokenKind::Semicolon) {
            break;
        }
    }
    Item { kind, keyword, range: at..end, open: None, close: None }
}

/// `.. { .. }`: to the matching brace, or to where the next item begins.
fn block_item(tokens: Tokens<'_>, at: usize, kind: ItemKind, keyword: Keyword) -> Item {
    let mut open = at + 1;
    let (mut depth, mut closed) = (0usize, false);
    while open < tokens.len() && !tokens.is_mark(open, "{") {
        if kind == ItemKind::Action && closed && depth == 0 && headless::is_body(tokens, open) {
            let (close, end) = block_end(tokens, open - 1);
            return Item { kind, keyword, range: at..end, open: Some(open - 1), close };
        }
        match tokens.kind(open) {
            Some(TokenKind::Open) => depth += 1,
            Some(TokenKind::Close) => (depth, closed) = (depth.saturating_sub(1), true),
            _ => {}
        }
        if begins_item(tokens, open) || tokens.is_mark(open, "}") {
            return Item { kind, keyword, range: at..open, open: None, close: None };
        }
        open += 1;
        if tokens.kind(open - 1) == Some(TokenKind::Semicolon) {
            return Item { kind, keyword, range: at..open, open: None, close: None };
        }
    }
    if open == tokens.len() {
        return Item { kind, keyword, range: at..open, open: None, close: None };
    }
    let (close, end) = block_end(tokens, open);
    Item { kind, keyword, range: at..end, open: Some(open), close }
}

/// The brace that closes what begins after `open`, and where the block ends.
fn block_end(tokens: Tokens<'_>, open: usize) -> (Option<usize>, usize) {
    let mut depth = 1usize;
    for at in open + 1..tokens.len() {
        if tokens.is_mark(at, "{") {
            depth += 1;
        } else if tokens.is_mark(at, "}") {
            depth -= 1;
            if depth == 0 {
                return (Some(at), at + 1);
            }
        } else if begins_item(tokens, at) {
            return (None, at);
        }
    }
    (None, tokens.len())
}

fn annotation_end(tokens: Tokens<'_>, at: usize) -> usize {
    let mut end = at + 1;
    if !tokens.is_mark(end, "(") {
        return end;
    }
    while end < tokens.len() && !begins_item(tokens, end) {
        end += 1;
        if tokens.is_mark(end - 1, ")") {
            break;
        }
    }
    end
}

/// `foreign procedure f(..) [returns ..]` has no end of its own: it goes on to what begins the next item, which may
/// stand right behind its parentheses.
fn foreign_end(tokens: Tokens<'_>, at: usize) -> usize {
    let mut end = (at + 2).min(tokens.len());
    while end < tokens.len() && !begins_item(tokens, end) && !tokens.is_mark(end, "}") {
        let closed = tokens.is_mark(end - 1, ")");
        let apart = closed || tokens.begins_line(end);
        let annotation = tokens.kind(end) == Some(TokenKind::Context);
        // Whatever begins the line after the parentheses is no part of it.
        if closed && tokens.begins_line(end) && begins_other(tokens, end) {
            break;
        }
        if apart && (annotation || opens_item(tokens, end)) {
            break;
        }
        end += 1;
        if tokens.kind(end - 1) == Some(TokenKind::Semicolon) {
            break;
        }
    }
    end
}

/// True for a word that goes on with no declaration of a foreign procedure.
fn begins_other(tokens: Tokens<'_>, at: usize) -> bool {
    tokens.kind(at) == Some(TokenKind::Word) && !tokens.is_one_of(at, &["returns", "table"])
}

/// Past a `;` or a block, or to the next item.
fn junk_end(tokens: Tokens<'_>, at: usize) -> usize {
    let mut depth = 0usize;
    for index in at..tokens.len() {
        if index > at && begins_item(tokens, index) {
            return index;
        }
        if tokens.is_mark(index, "{") {
            depth += 1;
        } else if tokens.is_mark(index, "}") {
            if depth <= 1 {
                return if depth == 0 { index } else { index + 1 };
            }
            depth -= 1;
        } else if depth == 0 && tokens.kind(index) == Some(TokenKind::Semicolon) {
            return index + 1;
        }
    }
    tokens.len()
}
