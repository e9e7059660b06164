use crate::syntax::cut::Tokens;

/// The comment lines right above the token at `index`, without their marks, joined by line ends. A comment after
/// something on its line is not one of them.
pub fn doc(tokens: Tokens<'_>, index: usize) -> Option<String> {
    if !tokens.begins_line(index) {
        return None;
    }
    let mut lines: Vec<&str> = Vec::new();
    let mut end = line_start(tokens.source_text(), tokens.span(index).range().start);
    while end > 0 {
        let start = line_start(tokens.source_text(), end - 1);
        let line = tokens.source_text().get(start..end).unwrap_or("");
        let indent = line.len() - line.trim_start_matches([' ', '\t', '\u{FEFF}']).len();
        if tokens.line_comments().binary_search(&(start + indent)).is_err() {
            break;
        }
        lines.push(content(line));
        end = start;
    }
    lines.reverse();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn line_start(text: &str, offset: usize) -> usize {
    text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// `/// text` → `text`
fn content(line: &str) -> &str {
    let line = line.trim_matches([' ', '\t', '\r', '\n', '\u{FEFF}']);
    let bare =
        if line.starts_with('/') { line.trim_start_matches('/') } else { line.trim_start_matches('-') };
    bare.strip_prefix(' ').unwrap_or(bare)
}
