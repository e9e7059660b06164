use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::account::Account;
use super::binaries::Binaries;
use super::place::Place;
use super::problems;
use crate::deploy::DeployError;

/// The superuser of a private cluster.
pub const USER: &str = "kf";

/// How much a cluster must survive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Durability {
    /// Everything that was committed, whatever is killed.
    Durable,
    /// Nothing: for tests.
    ThrowAway,
}

/// Settings that are the same for every private server, whatever the distribution's defaults.
const SETTINGS: &[&str] = &[
    "listen_addresses=",
    "port=5432",
    "unix_socket_permissions=0700",
    "max_connections=100",
    "max_locks_per_transaction=256",
    "shared_buffers=64MB",
    "TimeZone=UTC",
    "log_timezone=UTC",
    "lc_messages=C",
    "jit=off",
    "max_parallel_workers_per_gather=0",
    "synchronize_seqscans=off",
    "logging_collector=off",
    "log_destination=stderr",
    "log_min_messages=warning",
    "log_min_error_statement=panic",
];

/// Settings that give up safety for speed.
const CARELESS: &[&str] = &["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"];

/// Makes the cluster if there is none. It is built under another name and renamed when whole, so that a kill at any
/// time leaves either no cluster or a good one.
pub fn create(
    place: &Place,
    binaries: &Binaries,
    account: Option<Account>,
    durability: Durability,
) -> Result<(), DeployError> {
    if place.data().exists() {
        return Ok(());
    }
    let unfinished = place.unfinished();
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished)
            .map_err(|error| problems::file("remove", &unfinished, &error))?;
    }
    let mut command = Account::command(account, &binaries.program("initdb"));
    command.arg("-D").arg(&unfinished).args(["-A", "trust", "-U", USER, "--locale=C", "-E", "UTF8"]);
    command.arg("--no-instructions");
    if durability == Durability::ThrowAway {
        command.arg("--no-sync");
    }
    let output =
        command.output().map_err(|error| problems::file("run", &binaries.program("initdb"), &error))?;
    if !output.status.success() {
        return Err(problems::server("initdb failed", &String::from_utf8_lossy(&output.stderr)));
    }
    std::fs::rename(&unfinished, place.data())
        .map_err(|error| problems::file("name", &place.data(), &error))?;
    sync_folder(&place.root)
}

/// Makes a rename in `folder` last through a power cut.
fn sync_folder(folder: &Path) -> Result<(), DeployError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| problems::file("write", folder, &error))
}

/// The arguments of `postgres` for the cluster.
pub fn arguments(place: &Place, durability: Durability) -> Vec<PathBuf> {
    let mut words: Vec<PathBuf> = vec!["-D".into(), place.data(), "-k".into(), place.socket.clone()];
    let careless = if durability == Durability::ThrowAway { CARELESS } else { &[] };
    for setting in SETTINGS.iter().chain(careless) {
        words.extend(["-c".into(), PathBuf::from(setting)]);
    }
    words
}

/// The server, not started yet, saying what it has to say into the log.
pub fn server(
    place: &Place,
    binaries: &Binaries,
    account: Option<Account>,
    durability: Durability,
) -> Result<Command, DeployError> {
    let mut command = Account::command(account, &binaries.program("postgres"));
    command.args(arguments(place, durability));
    let log = place.log();
    let open = || -> std::io::Result<(File, File)> {
        let file = File::create(&log)?;
        Ok((file.try_clone()?, file))
    };
    let (output, errors) = open().map_err(|error| problems::file("write", &log, &error))?;
    command.stdout(output).stderr(errors);
    Ok(command)
}
