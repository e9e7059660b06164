#![doc = include_str!("../ARCHITECTURE.md")]
#![forbid(unsafe_code)]

#[cfg(feature = "abci")]
pub mod abci;
#[cfg(feature = "cli")]
pub mod cli;
pub mod client;
#[cfg(feature = "connectors")]
pub mod connectors;
#[cfg(feature = "deploy")]
pub mod deploy;
pub mod diagnostics;
#[cfg(feature = "cli")]
pub mod doc;
#[cfg(feature = "engine")]
pub mod engine;
pub mod format;
#[cfg(feature = "cli")]
pub mod graph;
pub mod hir;
pub mod interface;
pub mod language;
pub mod lower;
pub mod migrate;
#[cfg(feature = "node")]
pub mod node;
pub mod openapi;
#[cfg(feature = "oracle")]
pub mod oracle;
pub mod pg;
mod pipeline;
pub mod resolve;
pub mod rules;
#[cfg(feature = "signed")]
pub mod signed;
pub mod source;
pub mod syntax;
pub mod types;

pub use diagnostics::{Code, Diagnostic, Severity};
pub use interface::{Interface, Options, Owner, Package, Profile};
pub use pipeline::{Checked, Compilation, TestCompilation, Workspace, check, compile, compile_tests};
pub use source::Sources;
