//! What a round says: first what is wrong, then a line for each thing that was done.

use std::time::Duration;

/// So many names are said.
const SHOWN: usize = 3;
/// Columns of what a line says, before its time.
const WIDTH: usize = 56;

/// A round as it is told.
pub(super) struct Block {
    number: usize,
    head: String,
    wrong: String,
    lines: String,
}

impl Block {
    /// Round `number`, because of `changed`.
    pub fn new(number: usize, changed: &[String]) -> Block {
        let head = match changed {
            [] => format!("round {number}: all files\n"),
            changed => {
                let names: Vec<&str> = changed.iter().map(String::as_str).collect();
                format!("round {number}: {} changed\n", some(&names))
            }
        };
        Block { number, head, wrong: String::new(), lines: String::new() }
    }

    /// Adds something that is wrong.
    pub fn wrong(&mut self, text: &str) {
        self.wrong.push_str(text);
    }

    /// `  deploy   updated notes; 1 unchanged    41 ms`
    pub fn line(&mut self, what: &str, came_of_it: &str, took: Option<Duration>) {
        let time = took.map(|took| format!("{:>6} ms", milliseconds(took))).unwrap_or_default();
        let line = format!("  {what:<8} {came_of_it:<WIDTH$}{time}");
        self.lines.push_str(line.trim_end());
        self.lines.push('\n');
    }

    /// All of it. `fine` is false if something is wrong.
    pub fn text(self, fine: bool, took: Duration) -> String {
        let Block { number, head, wrong, lines } = self;
        let verdict = if fine { "fine" } else { "not fine" };
        let foot = format!("round {number}: {verdict} in {} ms, waiting for changes\n", milliseconds(took));
        head + &wrong + &lines + &foot
    }
}

fn milliseconds(took: Duration) -> u128 {
    took.as_micros().div_ceil(1000)
}

/// The first few of some names.
pub(super) fn some(names: &[&str]) -> String {
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
