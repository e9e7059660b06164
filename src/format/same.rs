//! What the formatter may not change.

use super::tokens::Tokens;
use crate::syntax::concrete;

/// True if `printed` has the tokens and comments that `tokens` has, in this order, but for the letters of keywords.
pub(super) fn same(tokens: &Tokens<'_>, printed: &str) -> bool {
    let Some(file) = concrete::read(printed) else { return false };
    let after = Tokens::of(&file);
    words(tokens) == words(&after) && comments(tokens).eq(comments(&after))
}

fn words(tokens: &Tokens<'_>) -> Vec<(Option<concrete::Class>, String)> {
    (0..tokens.len()).map(|index| (tokens.class(index), tokens.printed(index))).collect()
}

fn comments<'t>(tokens: &'t Tokens<'_>) -> impl Iterator<Item = &'t str> {
    (0..=tokens.len())
        .filter_map(|index| tokens.gap(index))
        .flat_map(|gap| gap.comments.iter().map(|comment| comment.text))
}
