//! What other programs read: editors, browsers, readers of reports, drawers of graphs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod doc_site;
mod editors;
mod formats;
mod graph;
#[path = "../support/mod.rs"]
mod support;
