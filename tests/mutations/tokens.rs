use std::ops::Range;

const LONG: &[&str] = &[":=", "::", "||", "<=", ">=", "!=", "<>", "->", ".."];

/// Where the tokens of `text` are: words with their `$`, `@` or `#`, strings, operators; no comments.
pub fn of(text: &str) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let (length, is_token) = next(&text[at..], first);
        if is_token {
            tokens.push(at..at + length);
        }
        at += length;
    }
    tokens
}

/// How long the next piece is, and whether it is a token.
fn next(rest: &str, first: char) -> (usize, bool) {
    if first.is_whitespace() {
        return (first.len_utf8(), false);
    }
    if rest.starts_with("//") || rest.starts_with("--") {
        return (rest.find('\n').unwrap_or(rest.len()), false);
    }
    if rest.starts_with("/*") {
        return (rest.find("*/").map_or(rest.len(), |end| end + 2), false);
    }
    if first == '\'' {
        return (string(rest), true);
    }
    let word = |c: char| c.is_alphanumeric() || c == '_';
    if word(first) || "$@#".contains(first) && rest[1..].starts_with(word) {
        let head = first.len_utf8();
        return (rest[head..].find(|c| !word(c)).map_or(rest.len(), |end| head + end), true);
    }
    let long = LONG.iter().find(|operator| rest.starts_with(**operator));
    (long.map_or(first.len_utf8(), |operator| operator.len()), true)
}

/// A string with its quotes; `''` stands for one inside.
fn string(rest: &str) -> usize {
    let mut at = 1;
    while let Some(end) = rest[at..].find('\'') {
        at += end + 1;
        if !rest[at..].starts_with('\'') {
            return at;
        }
        at += 1;
    }
    rest.len()
}
