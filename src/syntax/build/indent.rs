use crate::syntax::cut::Tokens;

/// Inside the brace at `open`, which nothing before `end` closes: the first brace whose `}` begins a line further left
/// than the brace's own line does, and that `}`. The author probably forgot to close the former.
pub fn suspect(tokens: Tokens<'_>, open: usize, end: usize) -> Option<(usize, usize)> {
    let mut opened = Vec::new();
    for index in open + 1..end {
        if tokens.is_mark(index, "{") {
            opened.push(index);
        } else if tokens.is_mark(index, "}") {
            let brace = opened.pop()?;
            if tokens.begins_line(index) && indent(tokens, index) < indent(tokens, brace) {
                return Some((brace, index));
            }
        }
    }
    None
}

/// How many characters of space the line of the token at `index` begins with.
fn indent(tokens: Tokens<'_>, index: usize) -> usize {
    let before = tokens.source_text().get(..tokens.span(index).range().start).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("");
    line.len() - line.trim_start_matches([' ', '\t']).len()
}
