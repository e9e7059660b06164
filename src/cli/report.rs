//! How a command tells what it found: one set of flags, three formats.

use std::io::Write;

use clap::ValueEnum;

use super::{Exit, terminal};
use crate::diagnostics::render::{self, Style};
use crate::diagnostics::{Diagnostic, Severity, json, short};
use crate::source::{Sources, Unit};

/// How faults are reported on stdout.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Format {
    /// Snippets with labels, for people
    Human,
    /// One line a fault: `path:line:col: error[KF0201]: message`
    Short,
    /// JSON Lines, for editors and scripts
    Json,
}

/// What columns count in the `short` format.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum ColumnUnit {
    /// UTF-8 bytes (Vim, Kakoune)
    Bytes,
    /// Characters (Emacs, JetBrains)
    Chars,
    /// UTF-16 units (VS Code)
    Utf16,
}

impl From<ColumnUnit> for Unit {
    fn from(unit: ColumnUnit) -> Unit {
        match unit {
            ColumnUnit::Bytes => Unit::Bytes,
            ColumnUnit::Chars => Unit::Chars,
            ColumnUnit::Utf16 => Unit::Utf16,
        }
    }
}

/// The flags of every command that reports on sources.
#[derive(clap::Args, Clone, Debug)]
pub struct Reporting {
    /// How faults are reported
    #[arg(long, value_enum, env = "KF_FORMAT", default_value = "human")]
    pub format: Format,
    /// What columns count in --format short
    #[arg(long, value_enum, value_name = "UNIT", default_value = "chars")]
    pub column_unit: ColumnUnit,
    /// Warnings count as errors
    #[arg(long)]
    pub deny_warnings: bool,
}

impl Reporting {
    /// Raises warnings to errors if that was asked for.
    pub fn raise(&self, diagnostics: &mut [Diagnostic]) {
        for diagnostic in diagnostics.iter_mut().filter(|_| self.deny_warnings) {
            if diagnostic.severity == Severity::Warning {
                diagnostic.severity = Severity::Error;
            }
        }
    }

    /// The whole report, with its last line: the counts over `files` files.
    pub fn text(&self, diagnostics: &[Diagnostic], sources: &Sources, files: usize, style: Style) -> String {
        match self.format {
            Format::Human => {
                render::human(diagnostics, sources, style) + &render::tally(diagnostics, files, style)
            }
            Format::Short => diagnostics
                .iter()
                .map(|diagnostic| short::line(diagnostic, sources, self.column_unit.into()) + "\n")
                .collect(),
            Format::Json => json_lines(diagnostics, sources, files),
        }
    }

    /// Prints the report on stdout and says what the process ends with.
    pub fn print(&self, diagnostics: &[Diagnostic], sources: &Sources, files: usize) -> Exit {
        terminal::print(&self.text(diagnostics, sources, files, terminal::style_of_stdout()));
        exit(diagnostics)
    }

    /// Prints errors and warnings on stderr, for commands whose output is not the report.
    pub fn print_beside(&self, diagnostics: &[Diagnostic], sources: &Sources, files: usize) -> Exit {
        let heard: Vec<Diagnostic> =
            diagnostics.iter().filter(|diagnostic| diagnostic.severity != Severity::Info).cloned().collect();
        if !heard.is_empty() || self.format == Format::Json {
            let text = self.text(&heard, sources, files, terminal::style_of_stderr());
            let _ = std::io::stderr().write_all(text.as_bytes());
        }
        exit(diagnostics)
    }
}

/// [`Exit::Source`] if any of `diagnostics` is an error.
pub fn exit(diagnostics: &[Diagnostic]) -> Exit {
    let wrong = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    if wrong { Exit::Source } else { Exit::Fine }
}

fn json_lines(diagnostics: &[Diagnostic], sources: &Sources, files: usize) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let rendered = render::one(diagnostic, sources, Style::PLAIN);
        text.push_str(&json::line(diagnostic, sources, Some(&rendered)));
        text.push('\n');
    }
    text + &json::summary(diagnostics, files) + "\n"
}
