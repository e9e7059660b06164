use std::io::Write;
use std::ops::Range;

use super::terminal;
use crate::deploy::DeployError;
use crate::diagnostics::render;
use crate::diagnostics::{Code, Label};
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
    /// Somebody has to agree first.
    Consent,
    /// The database.
    Database,
    /// The called action raised.
    Raised,
    /// A bug of ours.
    Bug,
}

impl Exit {
    /// The process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Exit::Fine => 0,
            Exit::Source => 1,
            Exit::Usage => 2,
            Exit::Consent => 3,
            Exit::Database => 4,
            Exit::Raised => 5,
            Exit::Bug => super::panics::EXIT_CODE,
        }
    }
}

/// Why a command stopped before it could report: one message on stderr.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The exit code to end with.
    pub exit: Exit,
    /// A code that has a page, if the fault has one.
    pub code: Option<String>,
    /// Lower case, no full stop, user text in backticks.
    pub message: String,
    /// Facts: what was found, what somebody else said.
    pub notes: Vec<String>,
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

impl From<DeployError> for Failure {
    /// What stopped a deploy or kept a call from being begun.
    fn from(error: DeployError) -> Failure {
        let exit = match error.code {
            Code::SqlRefused => Exit::Bug,
            Code::ConsentNeeded => Exit::Consent,
            Code::DatabaseAddress | Code::DatasetUnknown => Exit::Usage,
            Code::UnknownAction | Code::ArgumentCount | Code::TypeMismatch => Exit::Usage,
            _ => Exit::Database,
        };
        let code = Some(error.code.id().to_owned());
        Failure { exit, code, message: error.message, notes: error.notes, help: error.help, place: None }
    }
}

impl Failure {
    /// A failure that ends with `exit`.
    pub fn new(exit: Exit, message: impl Into<String>) -> Failure {
        Failure { exit, code: None, message: message.into(), notes: Vec::new(), help: None, place: None }
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
        let word = self.code.as_ref().map_or_else(|| "error".to_owned(), |code| format!("error[{code}]"));
        let mut sources = Sources::new();
        let label = self.place.as_ref().map(|place| {
            let id = sources.add(place.path.clone(), place.text.clone());
            let span = Span::new(id, place.range.start, place.range.end);
            Label { span, text: place.label.clone() }
        });
        let told = render::Told { message: &self.message, notes: &self.notes, help: self.help.as_deref() };
        render::told(&word, &sources, label.as_ref(), told, style)
    }

    /// Prints it on stderr.
    pub(super) fn show(&self) {
        let _ = std::io::stderr().write_all(self.render(terminal::style_of_stderr()).as_bytes());
    }
}
