//! The tokens of a file with what stands between them, marks that may be left out already gone.

use std::collections::BTreeMap;
use std::ops::Range;

use super::gaps::Gap;
use crate::syntax::concrete::{Class, Concrete, Rule, Token};

/// What says of an expectation what is expected.
const VERDICTS: &[&str] = &["returns", "matches", "fails"];
/// The words from there on.
const SAID: &[&str] = &["returns", "matches", "fails", "unordered", "nothing", "snapshot"];

/// Indices are those of tokens; gaps have one more, which is what stands at the file's end.
pub(super) struct Tokens<'t> {
    text: &'t str,
    list: Vec<Token>,
    gaps: Vec<Gap<'t>>,
    /// The other one of each bracket, and of `CASE` and `END`.
    partners: BTreeMap<usize, usize>,
    /// First bytes of the words that are keywords of the schema language, or of types.
    lower: Vec<usize>,
}

impl<'t> Tokens<'t> {
    pub(super) fn of(file: &Concrete<'t>) -> Tokens<'t> {
        let mut list: Vec<Token> = Vec::new();
        let mut gaps: Vec<Gap<'t>> = Vec::new();
        let mut end = 0;
        let mut dropped: Option<Gap<'t>> = None;
        for (index, token) in file.tokens.iter().enumerate() {
            let mut gap = Gap::read(file.text.get(end..token.range.start).unwrap_or(""));
            end = token.range.end;
            if let Some(before) = dropped.take() {
                gap = before.join(gap);
            }
            if is_idle(file, index) {
                dropped = Some(gap);
                continue;
            }
            list.push(token.clone());
            gaps.push(gap);
        }
        let last = Gap::read(file.text.get(end..).unwrap_or(""));
        gaps.push(dropped.map_or(last.clone(), |before| before.join(last)));
        let mut tokens =
            Tokens { text: file.text, list, gaps, partners: BTreeMap::new(), lower: lower(file) };
        tokens.move_comments_past_marks();
        tokens.pair();
        tokens
    }

    /// `id int // why` before a `,` on the next line: the comment stays on the line, the comma goes before it.
    fn move_comments_past_marks(&mut self) {
        for index in 0..self.list.len() {
            if !self.is_any(index, &[",", ";"]) {
                continue;
            }
            let Some(gap) = self.gaps.get_mut(index) else { continue };
            let (moved, lines) = (gap.take_trailing(), gap.lines_after);
            if let Some(after) = self.gaps.get_mut(index + 1) {
                after.put_first(moved, lines);
            }
        }
    }

    fn pair(&mut self) {
        let mut open = Vec::new();
        for index in 0..self.list.len() {
            if self.is_any(index, &["(", "[", "{"]) || self.is_keyword(index, "CASE") {
                open.push(index);
            } else if (self.is_any(index, &[")", "]", "}"]) || self.is_keyword(index, "END"))
                && let Some(first) = open.pop()
            {
                self.partners.insert(first, index);
                self.partners.insert(index, first);
            }
        }
    }

    /// How many.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// As written.
    pub(super) fn text(&self, index: usize) -> &'t str {
        self.list.get(index).and_then(|token| self.text.get(token.range.clone())).unwrap_or("")
    }

    /// As printed: keywords of SQL in capitals, those of the schema language not.
    pub(super) fn printed(&self, index: usize) -> String {
        let text = self.text(index);
        let Some(token) = self.list.get(index) else { return String::new() };
        match token.class {
            _ if self.lower.binary_search(&token.range.start).is_ok() => text.to_ascii_lowercase(),
            Class::Keyword if self.is_action_name(index) => text.to_owned(),
            Class::Keyword if is_value(text) && !self.is_keyword(index.wrapping_sub(1), "IS") => {
                self.value_or_test(index, text)
            }
            // `for $x in array $list`: the schema language's own word.
            Class::Keyword if self.is_keyword(index, "ARRAY") && !self.is_any(index + 1, &["[", "("]) => {
                text.to_ascii_lowercase()
            }
            Class::Keyword => text.to_ascii_uppercase(),
            _ => text.to_owned(),
        }
    }

    /// `null` as a value, `NULL` in `IS NOT NULL`.
    fn value_or_test(&self, index: usize, text: &str) -> String {
        let test = index >= 2 && self.is_keyword(index - 1, "NOT") && self.is_keyword(index - 2, "IS");
        if test { text.to_ascii_uppercase() } else { text.to_ascii_lowercase() }
    }

    /// What it is.
    pub(super) fn class(&self, index: usize) -> Option<Class> {
        self.list.get(index).map(|token| token.class)
    }

    /// What stands before it.
    pub(super) fn gap(&self, index: usize) -> Option<&Gap<'t>> {
        self.gaps.get(index)
    }

    /// The other one of a bracket, or of `CASE` and `END`.
    pub(super) fn partner(&self, index: usize) -> Option<usize> {
        self.partners.get(&index).copied()
    }

    /// True for a keyword of SQL that reads so.
    pub(super) fn is_keyword(&self, index: usize, word: &str) -> bool {
        self.class(index) == Some(Class::Keyword) && self.text(index).eq_ignore_ascii_case(word)
    }

    /// True for `all(` where no comparison stands before it: an action of that name is called.
    pub(super) fn is_action_name(&self, index: usize) -> bool {
        let begins = |before| self.class(before) == Some(Class::Word) || self.is_any(before, &[":="]);
        self.is_one_of(index, &["ALL", "ANY", "SOME"])
            && self.is_any(index + 1, &["("])
            && index.checked_sub(1).is_some_and(begins)
    }

    /// True for one of these keywords of SQL.
    pub(super) fn is_one_of(&self, index: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_keyword(index, word))
    }

    /// True for one of these marks.
    pub(super) fn is_any(&self, index: usize, marks: &[&str]) -> bool {
        self.class(index) == Some(Class::Sign) && marks.contains(&self.text(index))
    }

    /// True for the word of an expectation that says what is expected.
    pub(super) fn is_verdict(&self, index: usize) -> bool {
        is_one_of(self.text(index), VERDICTS)
    }

    /// The tokens of a piece of the text.
    pub(super) fn range(&self, bytes: Range<usize>) -> Range<usize> {
        let start = self.list.partition_point(|token| token.range.start < bytes.start);
        let end = self.list.partition_point(|token| token.range.start < bytes.end);
        start..end
    }

    /// Indices in `range` that stand in no bracket and no `CASE` of it; of those only the first.
    pub(super) fn top(&self, range: Range<usize>) -> impl Iterator<Item = usize> + '_ {
        let mut at = range.start;
        std::iter::from_fn(move || {
            let index = (at < range.end).then_some(at)?;
            at = match self.partner(index) {
                Some(close) if close > index => close + 1,
                _ => index + 1,
            };
            Some(index)
        })
    }
}

fn is_value(word: &str) -> bool {
    is_one_of(word, &["null", "true", "false"])
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|one| word.eq_ignore_ascii_case(one))
}

/// True for what is left out: a comma before a closing bracket, a semicolon after a block.
fn is_idle(file: &Concrete<'_>, index: usize) -> bool {
    let text = |index: usize| {
        let token = file.tokens.get(index).filter(|token| token.class == Class::Sign)?;
        file.text.get(token.range.clone())
    };
    match text(index) {
        Some(",") => matches!(text(index + 1), Some("}" | ")")),
        Some(";") => index.checked_sub(1).and_then(text) == Some("}"),
        _ => false,
    }
}

/// First bytes of the words that are written in small letters.
fn lower(file: &Concrete<'_>) -> Vec<usize> {
    let is_lower = |rule: &Rule| {
        matches!(
            rule,
            Rule::type_word | Rule::modifier | Rule::null_literal | Rule::true_literal | Rule::false_literal
        ) || format!("{rule:?}").starts_with("k_")
    };
    let pairs = file.tree.clone().into_inner().flatten();
    let mut starts: Vec<usize> =
        pairs.clone().filter(|pair| is_lower(&pair.as_rule())).map(|pair| pair.as_span().start()).collect();
    for expectation in pairs.filter(|pair| pair.as_rule() == Rule::expect_statement) {
        said(file, expectation.as_span().start()..expectation.as_span().end(), &mut starts);
    }
    starts.sort_unstable();
    starts
}

/// Adds the words of an expectation, `returns unordered`, from the one outside of all brackets that says what is expected.
fn said(file: &Concrete<'_>, statement: Range<usize>, starts: &mut Vec<usize>) {
    let first = file.tokens.partition_point(|token| token.range.start < statement.start);
    let tokens = file.tokens.get(first..).unwrap_or(&[]).iter();
    let (mut depth, mut found) = (0_usize, false);
    for token in tokens.take_while(|token| token.range.end <= statement.end).skip(2) {
        let text = file.text.get(token.range.clone()).unwrap_or("");
        match text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ if depth == 0 && token.class != Class::Literal => {
                found |= is_one_of(text, VERDICTS);
                if found && is_one_of(text, SAID) {
                    starts.push(token.range.start);
                }
            }
            _ => {}
        }
    }
}
