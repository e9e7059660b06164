//! Cuts the tokens of a file into pieces that are read one by one, so that a mistake costs the piece it stands in.
//! Nothing is reported here: a piece says what it lacks, and its reader reports.

mod beginnings;
mod entries;
mod headless;
mod interface;
mod items;
mod statements;
mod testing;
mod tokens;

pub(super) use beginnings::is_cte;
pub(crate) use entries::ATTRIBUTES;
pub(super) use entries::{Entry, EntryKind, entries};
pub(super) use items::{Item, ItemKind, Keyword, items};
pub(super) use statements::{Piece, statements};
pub(super) use tokens::Tokens;

#[cfg(test)]
mod tests;
