//! Floor 0: the texts being compiled and places in them.

mod lines;
mod sources;
mod span;
mod stack;

pub use lines::{Lines, Place, Unit};
pub use sources::{Source, Sources};
pub use span::{SourceId, Span};
pub use stack::{Deep, roomy};
