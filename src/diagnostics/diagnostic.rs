use super::{Code, Severity};
use crate::source::Span;

/// A place with what is to be said about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// A few words, lower case, no full stop.
    pub text: String,
}

/// One replacement of bytes in a source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// A change that mends the fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// Imperative: "write `$address`".
    pub title: String,
    /// True if a machine may apply it without asking: it cannot change a meaning the author had.
    pub safe: bool,
    /// Applied together.
    pub edits: Vec<Edit>,
}

/// One thing to tell the author. Message style: lower case, no full stop, user text in backticks, help apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Stable identity; never reused.
    pub code: Code,
    /// How bad it is; a code's own severity unless raised.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The place to look at first.
    pub at: Label,
    /// Other places that explain it.
    pub also: Vec<Label>,
    /// Facts: what was expected, what exists.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// Edits an editor can offer.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// A diagnostic with nothing but its place and message.
    pub fn new(code: Code, at: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.severity(),
            message: message.into(),
            at: Label { span: at, text: String::new() },
            also: Vec::new(),
            notes: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }
    }

    /// Says a few words at the primary place.
    pub fn label(mut self, text: impl Into<String>) -> Diagnostic {
        self.at.text = text.into();
        self
    }

    /// Points at another place.
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.also.push(Label { span, text: text.into() });
        self
    }

    /// Adds a fact.
    pub fn note(mut self, text: impl Into<String>) -> Diagnostic {
        self.notes.push(text.into());
        self
    }

    /// Says what to do.
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help = Some(text.into());
        self
    }

    /// Says what to do, if there is something to say.
    pub fn maybe_help(mut self, text: Option<impl Into<String>>) -> Diagnostic {
        if let Some(text) = text {
            self.help = Some(text.into());
        }
        self
    }

    /// Offers to replace `span` by `text`.
    pub fn fix(
        mut self,
        title: impl Into<String>,
        safe: bool,
        span: Span,
        text: impl Into<String>,
    ) -> Diagnostic {
        self.fixes.push(Fix { title: title.into(), safe, edits: vec![Edit { span, text: text.into() }] });
        self
    }

    /// Offers the nearest known name as help and as a fix that replaces `span`.
    pub fn did_you_mean(self, span: Span, nearest: Option<&str>) -> Diagnostic {
        match nearest {
            Some(name) => {
                self.help(format!("did you mean `{name}`?")).fix(format!("write `{name}`"), false, span, name)
            }
            None => self,
        }
    }

    /// As [`Diagnostic::did_you_mean`], keeping the help there is when no name is near.
    pub fn did_you_mean_instead(self, span: Span, nearest: Option<&str>) -> Diagnostic {
        if nearest.is_some() { self.did_you_mean(span, nearest) } else { self }
    }
}
