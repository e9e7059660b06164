//! `--verbose`: the SQL that runs, on stderr.

use std::fmt::Write as _;
use std::io::Write as _;

use super::terminal;
use crate::deploy::connect::{Heard, listen};
use crate::diagnostics::render::{Ink, Style};
use crate::diagnostics::visible;

/// Lines of a statement that are shown unless everything is.
const LINES: usize = 12;

/// The flag of every command that talks to a database.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub struct Verbosity {
    /// Show on stderr the SQL that runs, with what is bound and how long it took; twice for all lines of long ones
    #[arg(short, long, action = clap::ArgAction::Count)]
    verbose: u8,
}

impl Verbosity {
    /// Shows every statement from now on, if that is wanted.
    pub fn begin(self) {
        if self.verbose == 0 {
            return;
        }
        terminal::be_calm();
        let (style, whole) = (terminal::style_of_stderr(), self.verbose > 1);
        listen(Box::new(move |heard| {
            let _ = std::io::stderr().write_all(text(heard, style, whole).as_bytes());
        }));
    }
}

/// `sql 0.4 ms, 1 row: SELECT ..`, below it what is bound, and what was refused.
fn text(heard: &Heard<'_>, style: Style, whole: bool) -> String {
    let milliseconds = heard.took.as_secs_f64() * 1000.0;
    let rows = heard
        .rows
        .map_or_else(String::new, |rows| format!(", {rows} row{}", if rows == 1 { "" } else { "s" }));
    let mut text = style.paint(Ink::Advice, "sql");
    let _ = write!(text, " {}", style.paint(Ink::Quiet, &format!("{milliseconds:.1} ms{rows}:")));
    let lines: Vec<&str> = heard.sql.trim().lines().collect();
    let shown = if whole { lines.len() } else { lines.len().min(LINES) };
    let single = lines.len() == 1;
    for line in lines.iter().take(shown) {
        let _ = write!(text, "{}{}", if single { " " } else { "\n  " }, visible(line));
    }
    if lines.len() > shown {
        let left = format!("and {} more lines", lines.len() - shown);
        let _ = write!(text, "\n  {}", style.paint(Ink::Quiet, &left));
    }
    for (index, (ty, value)) in heard.values.iter().enumerate() {
        let _ = write!(text, "\n  {}", style.paint(Ink::Quiet, &format!("${} {ty} {value}", index + 1)));
    }
    if let Some(refused) = &heard.refused {
        let _ = write!(text, "\n  {}", style.paint(Ink::Error, &visible(refused)));
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn long_statements_are_cut_and_everything_is_safe_to_look_at() {
        let sql = "SELECT 1\n".repeat(20) + "\u{1b}";
        let values = vec![("text".to_owned(), "\"a\"".to_owned())];
        let took = Duration::from_micros(1540);
        let heard = Heard { sql: &sql, values, took, rows: Some(1), refused: Some("no".into()) };
        let short = text(&heard, Style::PLAIN, false);
        assert!(short.starts_with("sql 1.5 ms, 1 row:\n  SELECT 1\n"), "{short}");
        assert!(short.ends_with("  and 9 more lines\n  $1 text \"a\"\n  no\n"), "{short}");
        let long = text(&heard, Style::PLAIN, true);
        assert!(long.contains("<U+001B>") && long.lines().count() == 24, "{long}");
    }
}
