//! Ten datasets are deployed, and something dies after every request: afterwards each is wholly old or wholly new, those that
//! go together alike, the catalog is what the registry says, and the next deploy ends well.
//!
//! `KF_FAULTS=all` breaks after every request in every way, where a run of the tests takes samples.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod support;

#[path = "faults/commit.rs"]
mod commit;
#[path = "faults/kill.rs"]
mod kill;
#[path = "faults/race.rs"]
mod race;
#[path = "faults/schemas.rs"]
mod schemas;
#[path = "faults/server.rs"]
mod server;
#[path = "faults/told.rs"]
mod told;
