//! Floor 1: what the compiler says, apart from how it is shown.

mod code;
mod diagnostic;
mod sink;
mod suggest;

pub use code::{Code, Severity};
pub use diagnostic::{Diagnostic, Edit, Fix, Label};
pub use sink::Sink;
pub use suggest::nearest;
