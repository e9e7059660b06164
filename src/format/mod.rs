//! Floor 3: one style for every file. What is written differently changes the space between tokens, the letters of
//! keywords, and marks that may be left out; never a comment, a name or a value.
//!
//! A file is read as its author wrote it (`syntax::concrete`), made into a document of groups that fit on a line or are
//! broken (`pretty`), printed, and compared with what came in.

mod action;
mod clause;
mod expression;
mod file;
mod gaps;
mod layout;
mod query;
mod same;
mod space;
mod statement;
mod table;
mod testing;
mod tokens;

use crate::source::roomy;
use crate::syntax::concrete;

/// Columns a line may have where it can be broken.
pub const WIDTH: usize = 100;
/// Columns of one step to the right.
const INDENT: isize = 4;

/// Why a text was not formatted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FormatError {
    /// It has a fault of syntax, which [`crate::syntax::parse`] tells.
    #[error("it has an error of syntax")]
    Syntax,
    /// The result would not have been the same program: a fault of the formatter.
    #[error("the formatter would have changed what it means")]
    Changed,
}

/// The text of one file in the one style. Lines end as its first line does.
///
/// # Errors
/// A fault of syntax; a fault of the formatter itself, which is found here rather than in the file.
pub fn format(text: &str) -> Result<String, FormatError> {
    roomy(|| {
        let file = concrete::read(text).ok_or(FormatError::Syntax)?;
        let tokens = tokens::Tokens::of(&file);
        let printed = file::print(&file, &tokens);
        if !same::same(&tokens, &printed) {
            return Err(FormatError::Changed);
        }
        Ok(with_line_ends_of(text, printed))
    })
}

/// `printed` with CRLF where `text` has it at its first line's end; what stands in strings and comments keeps its own.
fn with_line_ends_of(text: &str, printed: String) -> String {
    let crlf = text.find('\n').is_some_and(|end| text.get(..end).is_some_and(|line| line.ends_with('\r')));
    if !crlf {
        return printed;
    }
    printed.replace("\r\n", "\n").replace('\n', "\r\n")
}

#[cfg(test)]
mod tests;
