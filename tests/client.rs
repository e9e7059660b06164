//! Clients that `kf client` writes: checked by the tools of their languages and run against a deployed schema.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]
#![allow(clippy::duplicate_mod)]

#[path = "client/command.rs"]
mod command;
#[path = "client/gateway.rs"]
mod gateway;
#[path = "client/languages.rs"]
mod languages;
#[path = "client/listed.rs"]
mod listed;
#[path = "database/expose/postgrest.rs"]
mod postgrest;
#[path = "client/rpc.rs"]
mod rpc;
#[path = "client/rust/mod.rs"]
mod rust;
#[path = "client/rust_rpc/mod.rs"]
mod rust_rpc;
#[path = "client/sql.rs"]
mod sql;
mod support;

use std::path::Path;

use support::here::Here;

const GALLERY: &str = include_str!("client/gallery.kf");
const WORDS: &str = include_str!("client/words.kf");
const TOML: &str = include_str!("client/kf.toml");
const EXPOSED: &str = include_str!("client/exposed.toml");

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

/// The same, for gateways to see.
fn exposed() -> Here {
    gateway::roles();
    let here = project();
    here.write("p/kf.toml", EXPOSED);
    here.fine("p", "deploy --db DB --owner 0xaa");
    here
}

/// A client that is a part of this program is the one that `line` writes. `KF_UPDATE=1` writes it anew.
fn rust_client_is_up_to_date(here: &Here, line: &str, folder: &Path) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let check = if std::env::var_os("KF_UPDATE").is_some() { "" } else { " --check" };
    here.fine("p", &format!("{line} -o {}{check}", folder.display()));
}
