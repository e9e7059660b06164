//! Enough Markdown for the pages of `docs/errors`: headings, paragraphs, lists and fenced code.

use crate::diagnostics::render::{Ink, Style, wrap};

/// `page` for a terminal: headings strong, paragraphs wrapped, code indented, comments left out.
pub(super) fn render(page: &str, style: Style) -> String {
    let mut text = String::new();
    let mut fenced = false;
    let mut paragraph = String::new();
    for line in page.lines() {
        if fenced
            || line.starts_with("```")
            || line.is_empty()
            || line.starts_with('#')
            || line.starts_with("<!--")
        {
            flush(&mut paragraph, &mut text, style);
        }
        match line {
            fence if fence.starts_with("```") => fenced = !fenced,
            code if fenced => text.push_str(&indented(code)),
            comment if comment.starts_with("<!--") => {}
            "" if text.ends_with("\n\n") => {}
            "" => text.push('\n'),
            heading if heading.starts_with('#') => {
                let heading = heading.trim_start_matches('#').trim_start();
                text.push_str(&format!("{}\n", style.paint(Ink::Strong, heading)));
            }
            prose => {
                let item = prose.starts_with("- ");
                if item {
                    flush(&mut paragraph, &mut text, style);
                }
                let gap = if paragraph.is_empty() { "" } else { " " };
                paragraph.push_str(gap);
                paragraph.push_str(prose.trim());
            }
        }
    }
    flush(&mut paragraph, &mut text, style);
    text
}

fn indented(code: &str) -> String {
    if code.is_empty() { "\n".to_owned() } else { format!("    {}\n", code.replace('\t', "    ")) }
}

fn flush(paragraph: &mut String, text: &mut String, style: Style) {
    if paragraph.is_empty() {
        return;
    }
    let indent = if paragraph.starts_with("- ") { 2 } else { 0 };
    let lines = wrap(paragraph, style.width.min(88), 0, indent);
    text.push_str(&lines.join(&format!("\n{:indent$}", "")));
    text.push('\n');
    paragraph.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_set_for_a_terminal() {
        let page = "# KF1: a b\n\nSome words\nin two lines.\n- one\n- two\n\n<!-- hidden -->\n\n## Bad\n\n```kf\na {\n\tb\n\n}\n```\n";
        let expected =
            "KF1: a b\n\nSome words in two lines.\n- one\n- two\n\nBad\n\n    a {\n        b\n\n    }\n";
        assert_eq!(render(page, Style::PLAIN), expected);
    }
}
