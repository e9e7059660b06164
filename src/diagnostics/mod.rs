//! Floor 1: what the compiler says, and the ways it is shown.

#[cfg(feature = "cli")]
pub mod checkstyle;
mod code;
mod diagnostic;
mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod json;
#[cfg(feature = "cli")]
pub mod junit;
mod mend;
pub mod rdjson;
#[cfg(feature = "cli")]
pub mod render;
mod report;
pub mod sarif;
pub mod short;
mod sink;
mod suggest;
mod utf8;
mod visible;
#[cfg(feature = "cli")]
pub(crate) mod xml;

pub use code::{Code, Severity};
pub use diagnostic::{Diagnostic, Edit, Fix, Label};
pub use mend::{Applied, mend};
pub use report::Report;
pub use sink::Sink;
pub use suggest::nearest;
pub use utf8::add_bytes;
pub use visible::{is_hidden, spelled, visible};
