use std::fmt;

/// A PostgreSQL identifier. Printed in double quotes always, so any text without NUL is one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Ident(String);

impl Ident {
    /// PostgreSQL cuts longer identifiers silently, and then two may become one.
    pub const MAX_BYTES: usize = 63;

    /// The identifier `text`. The caller keeps it within [`Ident::MAX_BYTES`] (`lower::names`); NUL, which no source
    /// can contain, is left out.
    pub fn new(text: impl Into<String>) -> Ident {
        let text: String = text.into();
        debug_assert!(text.len() <= Ident::MAX_BYTES, "identifier would be truncated: {text}");
        Ident(if text.contains('\0') { text.replace('\0', "") } else { text })
    }

    /// The unquoted text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ident {
    /// The quoted form.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{}\"", self.0.replace('"', "\"\""))
    }
}

/// `"schema"."name"`
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct QualifiedName {
    /// The schema.
    pub schema: Ident,
    /// The name in it.
    pub name: Ident,
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.schema, self.name)
    }
}
