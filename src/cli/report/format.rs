use clap::ValueEnum;

use crate::diagnostics::render::{self, Style};
use crate::diagnostics::{Report, checkstyle, github, gitlab, json, junit, rdjson, sarif, short};
use crate::source::Unit;

/// How faults are reported.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Format {
    /// Snippets with labels, for people
    Human,
    /// One line a fault: `path:line:col: error[KF0201]: message`
    Short,
    /// JSON Lines, for editors and scripts; `kf schema diagnostics` describes them
    Json,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// JSON Lines of reviewdog
    Rdjsonl,
    /// Workflow commands of GitHub: annotations
    Github,
    /// Code quality report of GitLab
    Gitlab,
    /// Checkstyle's XML
    Checkstyle,
    /// JUnit's XML: a suite for each file
    Junit,
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

impl Format {
    /// True for formats that say something where nothing was found, too.
    pub fn is_whole(self) -> bool {
        !matches!(self, Format::Human | Format::Short | Format::Github | Format::Rdjsonl)
    }

    /// The whole report. Only `short` counts columns in `unit`; every other format has its own.
    pub fn text(self, found: &Report<'_>, unit: ColumnUnit, style: Style) -> String {
        let Report { diagnostics, sources, files } = *found;
        match self {
            Format::Human => {
                render::human(diagnostics, sources, style) + &render::tally(diagnostics, files, style)
            }
            Format::Short => {
                diagnostics.iter().map(|one| short::line(one, sources, unit.into()) + "\n").collect()
            }
            Format::Json => json_lines(found),
            Format::Sarif => sarif::log(found),
            Format::Rdjsonl => rdjson::lines(found),
            Format::Github => github::commands(found),
            Format::Gitlab => gitlab::report(found),
            Format::Checkstyle => checkstyle::report(found),
            Format::Junit => junit::report(found),
        }
    }
}

fn json_lines(found: &Report<'_>) -> String {
    let mut text = String::new();
    for diagnostic in found.diagnostics {
        let rendered = render::one(diagnostic, found.sources, Style::PLAIN);
        text.push_str(&json::line(diagnostic, found.sources, Some(&rendered)));
        text.push('\n');
    }
    text + &json::summary(found.diagnostics, found.files) + "\n"
}
