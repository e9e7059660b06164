//! What several benchmarks need: sources to compile, a server of their own, medians.
#![allow(dead_code, reason = "each benchmark uses what it needs")]

pub mod cpu;
pub mod measure;
pub mod project;
pub mod server;
