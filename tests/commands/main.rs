//! `kf` as it is typed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod cli;
mod cli_reference;
mod completions;
mod database_cli;
mod drop_cli;
mod explain;
mod externs;
mod imports_cli;
mod kf_test;
mod plan_cli;
mod repl;
mod rollback_cli;
mod show_cli;
#[path = "../support/mod.rs"]
mod support;
mod templates;
mod terminal_cli;
