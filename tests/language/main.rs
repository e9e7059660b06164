//! The language without a database: what is read, said, written and drawn of sources, and the rooms the compiler has.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod architecture;
mod badinputs;
mod corpus;
mod coverage;
mod error_pages;
mod fix;
mod format;
mod imported;
mod one_report;
mod printer;
mod projects;
mod rendering;
mod sql_islands;
#[path = "../support/mod.rs"]
mod support;
