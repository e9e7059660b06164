//! What holds for any text at all, and for any text that compiles.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "properties/any_text.rs"]
mod any_text;
#[path = "properties/deployed.rs"]
mod deployed;
#[path = "properties/large.rs"]
mod large;
#[path = "properties/layout.rs"]
mod layout;
#[path = "properties/mangle.rs"]
mod mangle;
mod support;
