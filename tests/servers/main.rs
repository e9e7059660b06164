//! Servers of a test's own: started, killed, without rights, behind poolers and TLS.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod embedded;
mod failures;
mod plain_owner;
mod poolers;
#[path = "../support/mod.rs"]
mod support;
mod tls;
