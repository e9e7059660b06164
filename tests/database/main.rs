//! What is deployed and called: every statement, action, right and edit in a real server that all tests share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod access;
mod attacks;
mod badinputs_data;
mod call;
mod corpus_deployed;
mod deploy;
mod docs;
mod edits;
mod expose;
mod online;
mod right_behaviours;
mod rollback;
#[path = "../support/mod.rs"]
mod support;
