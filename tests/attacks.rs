//! What an untrusted login cannot do, what no deployed object may be, and texts that stay data.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "attacks/census.rs"]
mod census;
#[path = "attacks/decimals.rs"]
mod decimals;
#[path = "attacks/lints.rs"]
mod lints;
#[path = "attacks/literals.rs"]
mod literals;
#[path = "attacks/login.rs"]
mod login;
#[path = "attacks/shadows.rs"]
mod shadows;
mod support;
#[path = "attacks/views.rs"]
mod views;
