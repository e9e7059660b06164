//! Floor 11: calls as users sign them. Who signed, whether a block may run a call, and what makes it run only once; the same
//! for a node that is alone and for every way of ordering blocks. `docs/reference/http.md` says what is signed.

mod admit;
mod caller;
mod envelope;
mod nonce;
mod tables;

pub use admit::{Barred, Judge, admit, foresee};
pub use envelope::{Envelope, PAYLOAD_BYTES, Refusal, Signed};
pub use nonce::last;
pub use tables::ensure;
