#![doc = include_str!("../ARCHITECTURE.md")]
#![forbid(unsafe_code)]

pub mod diagnostics;
pub mod interface;
pub mod language;
pub mod source;
pub mod syntax;
