//! Deploys while the database is in use: locks that others hold, writers that go on, builds that are left unfinished.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod support;

#[path = "online/busy.rs"]
mod busy;
#[path = "online/calls.rs"]
mod calls;
#[path = "online/left.rs"]
mod left;
#[path = "online/shop.rs"]
mod shop;
#[path = "online/writers.rs"]
mod writers;
