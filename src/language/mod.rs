//! Floor 1: the vocabulary of the language, without trees.

mod context;
pub mod functions;
pub mod limits;
mod modifiers;
mod name;
pub mod pattern;
mod threshold;
mod types;

pub use context::ContextValue;
pub use modifiers::{Modifier, Modifiers, Visibility};
pub use name::{Ident, Name};
pub use threshold::{NoThreshold, Threshold};
pub use types::{DecimalType, Type};
