use std::io::Write;
use std::ops::Range;

use super::terminal;
use crate::diagnostics::render::{self, Ink};
use crate::diagnostics::{Label, visible};
use crate::source::{Sources, Span};

/// How a run of `kf` ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Nothing is wrong.
    Fine,
    /// The source has errors.
    Source,
    /// The command line, `kf.toml` or a file is wrong.
    Usage,
    /// The database.
    Database,
    /// The called action raised.
    Raised,
}

impl Exit {
    /// The process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Exit::Fine => 0,
            Exit::Source => 1,
            Exit::Usage => 2,
            Exit::Database => 4,
            Exit::Raised => 5,
        }
    }
}

/// Why a command stopped before it could report: one message on stderr.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The exit code to end with.
    pub exit: Exit,
    /// Lower case, no full stop, user text in backticks.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The place in a file, if the fault has one.
    place: Option<Box<Place>>,
}

#[derive(Clone, Debug)]
struct Place {
    path: String,
    text: String,
    range: Range<usize>,
    label: String,
}

/// What every command gives back.
pub type Outcome = Result<Exit, Failure>;

impl Failure {
    /// A failure that ends with `exit`.
    pub fn new(exit: Exit, message: impl Into<String>) -> Failure {
        Failure { exit, message: message.into(), help: None, place: None }
    }

    /// A wrong command line, configuration or file.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure::new(Exit::Usage, message)
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(help.into());
        self
    }

    /// Points at bytes `range` of the file shown as `path`, whose text is `text`.
    pub fn at(mut self, path: &str, text: &str, range: Range<usize>, label: impl Into<String>) -> Failure {
        let (path, text, label) = (path.to_owned(), text.to_owned(), label.into());
        self.place = Some(Box::new(Place { path, text, range, label }));
        self
    }

    /// The failure as it is printed.
    pub fn render(&self, style: render::Style) -> String {
        let Some(place) = &self.place else {
            return render::bare(Ink::Error, "error", &visible(&self.message), self.help.as_deref(), style);
        };
        let mut sources = Sources::new();
        let id = sources.add(place.path.clone(), place.text.clone());
        let span = Span::new(id, place.range.start, place.range.end);
        let label = Label { span, text: place.label.clone() };
        render::fault(&sources, &label, &self.message, self.help.as_deref(), style)
    }

    /// Prints it on stderr.
    pub(super) fn show(&self) {
        let _ = std::io::stderr().write_all(self.render(terminal::style_of_stderr()).as_bytes());
    }
}
