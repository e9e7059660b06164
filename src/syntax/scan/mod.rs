//! One pass over the text: refuses characters and makes tokens.

mod characters;
mod comment;
mod literal;
mod scanner;
mod token;
mod word;

pub(super) use characters::describe;
pub(super) use scanner::{Scanned, scan};
pub(super) use token::{Token, TokenKind};

#[cfg(test)]
mod tests;
