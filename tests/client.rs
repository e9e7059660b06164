//! Clients that `kf client` writes: checked by the tools of their languages and run against a deployed schema.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "client/command.rs"]
mod command;
#[path = "client/languages.rs"]
mod languages;
#[path = "client/listed.rs"]
mod listed;
#[path = "client/rust/mod.rs"]
mod rust;
#[path = "client/scenario.rs"]
mod scenario;
mod support;

use support::here::Here;

const GALLERY: &str = include_str!("client/gallery.kf");
const WORDS: &str = include_str!("client/words.kf");
const TOML: &str = include_str!("client/kf.toml");

/// The two schemas in the project `p`.
fn project() -> Here {
    let here = Here::new();
    here.write("p/gallery.kf", GALLERY);
    here.write("p/words.kf", WORDS);
    here.write("p/kf.toml", TOML);
    here
}

/// The same, deployed for 0xaa.
fn deployed() -> Here {
    let here = project();
    here.fine("p", "deploy --db DB --owner 0xaa");
    here
}
