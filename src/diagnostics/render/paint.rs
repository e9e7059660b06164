use unicode_width::UnicodeWidthStr;

use super::super::Severity;

/// How a report may look. Decided once, at the edge; nothing here asks the environment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Style {
    /// Box-drawing characters, else ASCII.
    pub unicode: bool,
    /// ANSI colours.
    pub colour: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Address of the pages of codes, with `{code}` where the code belongs; at the end without it. None where the terminal
    /// shows no links.
    pub pages: Option<&'static str>,
}

impl Style {
    /// No colour, box drawing, 100 columns: the same everywhere.
    pub const PLAIN: Style = Style { unicode: true, colour: false, width: 100, pages: None };
}

/// What a piece of text is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ink {
    /// Errors.
    Error,
    /// Warnings.
    Warning,
    /// Advice, and the words `note`, `help`, `fix`.
    Advice,
    /// Success.
    Good,
    /// Headings.
    Strong,
    /// What may be skipped.
    Quiet,
}

impl Ink {
    /// The ink of a severity.
    pub fn of(severity: Severity) -> Ink {
        match severity {
            Severity::Error => Ink::Error,
            Severity::Warning => Ink::Warning,
            Severity::Info => Ink::Advice,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Ink::Error => "1;31",
            Ink::Warning => "1;33",
            Ink::Advice => "36",
            Ink::Good => "32",
            Ink::Strong => "1",
            Ink::Quiet => "2",
        }
    }
}

impl Style {
    /// `text` in `ink`, or bare where there is no colour.
    pub fn paint(self, ink: Ink, text: &str) -> String {
        if self.colour { format!("\u{1b}[{}m{text}\u{1b}[0m", ink.code()) } else { text.to_owned() }
    }

    /// `error[KF0202]` with a link on the code, as OSC 8 writes it.
    fn linked(self, kind: &str) -> String {
        let parts = kind.split_once('[').and_then(|(word, rest)| Some((word, rest.strip_suffix(']')?)));
        let Some((pages, (word, code))) = self.pages.zip(parts) else { return kind.to_owned() };
        let address = match pages.contains("{code}") {
            true => pages.replace("{code}", code),
            false => format!("{}/{code}", pages.trim_end_matches('/')),
        };
        format!("{word}[\u{1b}]8;;{address}\u{1b}\\{code}\u{1b}]8;;\u{1b}\\]")
    }

    /// `error[KF0202]: unknown column`
    pub(super) fn headline(self, ink: Ink, kind: &str, text: &str) -> String {
        let lines = wrap(text, self.width, kind.width() + 2, 4);
        let lines = lines.iter().map(|line| self.paint(Ink::Strong, line)).collect::<Vec<_>>().join("\n    ");
        format!("{}{} {lines}\n", self.paint(ink, &self.linked(kind)), self.paint(Ink::Strong, ":"))
    }

    /// `  × table `users` has no column `nmae``
    pub(super) fn bullet(self, ink: Ink, severity: Severity, text: &str) -> String {
        let sign = match (self.unicode, severity) {
            (true, Severity::Error) => "×",
            (true, Severity::Warning) => "⚠",
            (true, Severity::Info) => "•",
            (false, Severity::Error) => "x",
            (false, Severity::Warning) => "!",
            (false, Severity::Info) => "*",
        };
        format!("  {} {}\n", self.paint(ink, sign), wrap(text, self.width, 4, 4).join("\n    "))
    }

    /// `  help: did you mean `name`?`
    pub(super) fn remark(self, word: &str, text: &str) -> String {
        let indent = word.len() + 4;
        let lines = wrap(text, self.width, indent, indent).join(&format!("\n{:indent$}", ""));
        format!("  {} {lines}\n", self.paint(Ink::Advice, &format!("{word}:")))
    }
}

/// Breaks `text` at spaces so that no line is wider than `width`, of which the first has `first` and every other
/// `rest` columns taken already. A word wider than a line stays whole.
pub fn wrap(text: &str, width: usize, first: usize, rest: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = first;
    for word in text.split(' ') {
        let line = lines.last_mut().map_or(0, |line| line.len());
        if line > 0 && used + 1 + word.width() > width {
            lines.push(String::new());
            used = rest;
        }
        let Some(line) = lines.last_mut() else { continue };
        if !line.is_empty() {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += word.width();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Style, wrap};

    #[test]
    fn codes_are_links_where_there_are_pages() {
        let linked = |pages| Style { pages, ..Style::PLAIN }.linked("error[KF0202]");
        assert_eq!(linked(None), "error[KF0202]");
        let expected = "error[\u{1b}]8;;https://a.b/KF0202\u{1b}\\KF0202\u{1b}]8;;\u{1b}\\]";
        assert_eq!(linked(Some("https://a.b/")), expected);
        assert!(linked(Some("https://a.b/{code}.html")).contains(";https://a.b/KF0202.html\u{1b}"));
    }

    #[test]
    fn wraps_at_spaces_and_keeps_long_words() {
        assert_eq!(wrap("aa bb cc", 5, 0, 0), ["aa bb", "cc"]);
        assert_eq!(wrap("aa bb cc", 7, 4, 2), ["aa", "bb cc"]);
        assert_eq!(wrap("abcdefghij k", 5, 0, 0), ["abcdefghij", "k"]);
    }
}
