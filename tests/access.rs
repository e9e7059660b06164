//! Who may call what: every modifier against every way to call, the owner however deep, and what a context can and
//! cannot be made to say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "access/caller.rs"]
mod caller;
#[path = "access/deputy.rs"]
mod deputy;
#[path = "access/matrix.rs"]
mod matrix;
mod support;
