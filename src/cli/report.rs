//! How a command tells what it found: one set of flags for all of them.

mod format;
mod kept;
mod made;

use std::io::Write;

use super::config::Lints;
use super::{Exit, Outcome, terminal};
use crate::diagnostics::{Diagnostic, Report, Severity};

pub use format::{ColumnUnit, Format};
pub use kept::Kept;
pub use made::{checked, packages};

/// The flags of every command that reports on sources.
#[derive(clap::Args, Clone, Debug)]
pub struct Reporting {
    /// How faults are reported
    #[arg(long, value_enum, env = "KF_FORMAT", default_value = "human")]
    pub format: Format,
    /// Besides, report into a file in any of these formats; may be said several times
    #[arg(long = "report", value_name = "FORMAT=FILE")]
    pub kept: Vec<Kept>,
    /// What columns count in --format short
    #[arg(long, value_enum, value_name = "UNIT", default_value = "chars")]
    pub column_unit: ColumnUnit,
    /// Warnings count as errors
    #[arg(long)]
    pub deny_warnings: bool,
}

impl Reporting {
    /// Gives every diagnostic the severity that `lints` and the command line want, and drops what is allowed.
    pub fn raise(&self, diagnostics: &mut Vec<Diagnostic>, lints: &Lints) {
        lints.apply(diagnostics);
        for diagnostic in diagnostics.iter_mut().filter(|_| self.deny_warnings) {
            if diagnostic.severity == Severity::Warning {
                diagnostic.severity = Severity::Error;
            }
        }
    }

    /// Prints the report on stdout, writes those that go to files, and says what the process ends with.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn print(&self, found: &Report<'_>) -> Outcome {
        terminal::print(&self.text(found));
        self.keep(found)?;
        Ok(exit(found.diagnostics))
    }

    /// As [`Reporting::print`], but errors and warnings only, and on stderr: for commands whose output is not the
    /// report.
    ///
    /// # Errors
    /// As [`Reporting::print`].
    pub fn print_beside(&self, found: &Report<'_>) -> Outcome {
        let loud = found.diagnostics.iter().filter(|diagnostic| diagnostic.severity != Severity::Info);
        let heard: Vec<Diagnostic> = loud.cloned().collect();
        if !heard.is_empty() || self.format.is_whole() {
            let text = self.format.text(
                &Report { diagnostics: &heard, ..*found },
                self.column_unit,
                terminal::style_of_stderr(),
            );
            let _ = std::io::stderr().write_all(text.as_bytes());
        }
        self.keep(found)?;
        Ok(exit(found.diagnostics))
    }

    /// The report as it goes to stdout.
    pub fn text(&self, found: &Report<'_>) -> String {
        self.format.text(found, self.column_unit, terminal::style_of_stdout())
    }

    /// Writes the reports that go to files.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn keep(&self, found: &Report<'_>) -> Result<(), super::Failure> {
        self.kept.iter().try_for_each(|kept| kept.write(found, self.column_unit))
    }
}

/// [`Exit::Source`] if any of `diagnostics` is an error.
pub fn exit(diagnostics: &[Diagnostic]) -> Exit {
    let wrong = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    if wrong { Exit::Source } else { Exit::Fine }
}
