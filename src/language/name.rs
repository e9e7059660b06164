use std::fmt;

use serde::{Deserialize, Serialize};

use crate::source::Span;

/// The compared form of a name: ASCII letters, digits and `_`, folded to lower case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// Folds `text`; whether it has the form of a name was checked when it was read.
    pub fn new(text: &str) -> Name {
        Name(text.to_ascii_lowercase())
    }

    /// The folded text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True if `text` is `[A-Za-z][A-Za-z0-9_]*`.
    pub fn is_well_formed(text: &str) -> bool {
        let mut bytes = text.bytes();
        bytes.next().is_some_and(|first| first.is_ascii_alphabetic())
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// A name where it was written, without its sigil (`$`, `@`, `#`); the span includes the sigil.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ident {
    /// The compared form.
    pub name: Name,
    /// Where it stands.
    pub span: Span,
}

impl Ident {
    /// The name `text` at `span`.
    pub fn new(text: &str, span: Span) -> Ident {
        Ident { name: Name::new(text), span }
    }
}
