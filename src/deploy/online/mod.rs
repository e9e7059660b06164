//! What looks through large tables, outside of the transaction that switches: each piece is a row of `kf.pending` before it is
//! begun, so that whoever deploys next goes on where somebody stopped. No piece needs a session: every statement stands
//! alone or in a short transaction of its own, as a pooler wants it.

mod ahead;
mod choice;
mod finish;
mod make;

pub use ahead::{ask, clear, holds, prepare, undo};
pub use choice::measure;
pub use finish::{finish, note};
