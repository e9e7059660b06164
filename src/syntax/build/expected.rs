use std::ops::Range;

use pest::error::{Error, ErrorVariant, InputLocation};

use crate::diagnostics::Diagnostic;
use crate::language::Modifier;
use crate::syntax::cut::Tokens;
use crate::syntax::grammar::{Rule, mark, words};
use crate::syntax::problems;
use crate::syntax::scan::TokenKind;

/// Says what pest expected and what stands there instead. `range` was read from offset `start`; `end` is what may
/// follow it.
pub fn diagnostic(
    tokens: Tokens<'_>,
    range: &Range<usize>,
    start: usize,
    end: &'static str,
    error: &Error<Rule>,
) -> Diagnostic {
    let offset = start
        + match error.location {
            InputLocation::Pos(position) => position,
            InputLocation::Span((position, _)) => position,
        };
    let index = range.clone().find(|index| tokens.span(*index).range().end > offset).unwrap_or(range.end);
    let rules = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
        ErrorVariant::CustomError { .. } => &[],
    };
    let rules = &needed(rules);
    special(tokens, range, index, rules).unwrap_or_else(|| plain(tokens, range, index, rules, end))
}

/// Without what may be left out, unless there is nothing else: after `$a int`, a `)` is missing and not a default.
fn needed(rules: &[Rule]) -> Vec<Rule> {
    let import = rules.contains(&Rule::k_as);
    let optional = |rule: &Rule| {
        matches!(rule, Rule::dot | Rule::open_paren | Rule::k_default | Rule::k_in)
            || (import && *rule == Rule::open_brace)
    };
    let needed: Vec<Rule> = rules.iter().copied().filter(|rule| !optional(rule)).collect();
    if needed.iter().any(|rule| words(*rule).is_some()) { needed } else { rules.to_vec() }
}

/// Slips that have a better answer than a list of what was expected.
fn special(tokens: Tokens<'_>, range: &Range<usize>, index: usize, rules: &[Rule]) -> Option<Diagnostic> {
    if !range.contains(&index) || tokens.kind(index) != Some(TokenKind::Word) {
        return None;
    }
    let (at, text) = (tokens.span(index), tokens.text(index));
    let parameter =
        rules.iter().any(|rule| matches!(rule, Rule::parameter | Rule::parameters | Rule::variable));
    if parameter && tokens.kind(index + 1) != Some(TokenKind::Variable) {
        return Some(problems::parameter_without_sign(at, text));
    }
    let modifier = Modifier::from_word(&text.to_ascii_lowercase()).is_some();
    (modifier && rules == [Rule::open_brace]).then(|| problems::late_modifier(at, text))
}

fn plain(
    tokens: Tokens<'_>,
    range: &Range<usize>,
    index: usize,
    rules: &[Rule],
    end: &'static str,
) -> Diagnostic {
    let mut expected: Vec<&str> = Vec::new();
    for rule in rules {
        let word = if *rule == Rule::EOI { Some(end) } else { words(*rule) };
        if let Some(word) = word.filter(|word| !word.is_empty() && !expected.contains(word)) {
            expected.push(word);
        }
    }
    let found = (index < tokens.len()).then(|| tokens.text(index));
    let only_marks = rules.iter().all(|rule| mark(*rule).is_some() || words(*rule).is_none());
    let ends = !range.contains(&index) || tokens.begins_line(index);
    match index.checked_sub(1) {
        Some(before) if only_marks || ends => {
            let mut marks = rules.iter().filter_map(|rule| mark(*rule));
            let mark = marks.next().filter(|_| expected.len() == 1);
            problems::missing(tokens.span(before), &expected, found, mark)
        }
        _ => problems::unexpected(tokens.span(index), &expected, found),
    }
}
