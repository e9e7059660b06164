//! Floor 1: what the compiler says, and the ways it is shown.

mod code;
mod diagnostic;
pub mod json;
#[cfg(feature = "cli")]
pub mod render;
pub mod short;
mod sink;
mod suggest;
mod utf8;
mod visible;

pub use code::{Code, Severity};
pub use diagnostic::{Diagnostic, Edit, Fix, Label};
pub use sink::Sink;
pub use suggest::nearest;
pub use utf8::add_bytes;
pub use visible::{is_hidden, spelled, visible};
