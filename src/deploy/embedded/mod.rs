//! A private PostgreSQL: programs found on the machine, files under the project, a socket only its user may open.

mod account;
mod binaries;
mod cluster;
mod lock;
mod place;
mod problems;
mod running;
mod throw_away;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use account::Account;
pub use binaries::{Binaries, MAJORS};
use cluster::Durability;
use lock::Lock;
pub use place::Place;
pub use running::Running;
pub use throw_away::ThrowAway;

use super::DeployError;

/// How long a server may take to start, crash recovery included, or to stop.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often is looked.
const GLANCE: Duration = Duration::from_millis(5);

/// The private server of one folder, running or not.
#[derive(Clone, Debug)]
pub struct Embedded {
    folder: PathBuf,
}

/// What [`Embedded::status`] finds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Status {
    /// Where the files are; none if nothing was made yet.
    pub place: Option<Place>,
    /// PostgreSQL version of the cluster.
    pub major: Option<u32>,
    /// The server's process, if it runs.
    pub pid: Option<i32>,
}

impl Embedded {
    /// The server whose files are under `folder`, a project's `.kf`. Touches nothing.
    pub fn at(folder: &Path) -> Embedded {
        Embedded { folder: std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()) }
    }

    /// Makes the cluster if there is none, starts the server if it does not run, and returns its address. The server
    /// goes on when this process ends. Safe against other processes that do the same.
    pub fn start(&self) -> Result<String, DeployError> {
        if let Some(place) = Place::existing(&self.folder)
            && matches!(Running::of(&place), Running::Yes(_))
        {
            return Ok(address(&place));
        }
        let _lock = Lock::take(&self.folder)?;
        let account = Account::to_become();
        let place = Place::prepare(&self.folder, account)?;
        self.start_locked(&place, account)?;
        Ok(address(&place))
    }

    fn start_locked(&self, place: &Place, account: Option<Account>) -> Result<(), DeployError> {
        settle(place)?;
        if matches!(Running::of(place), Running::Yes(_)) {
            return Ok(());
        }
        let binaries = Binaries::find(place.major())?;
        cluster::create(place, &binaries, account, Durability::Durable)?;
        let give_up = Instant::now() + PATIENCE;
        loop {
            running::sweep(place);
            match launch(place, &binaries, account, give_up) {
                // Backends of a server that was killed have not noticed yet.
                Err(error) if still_held(place) && Instant::now() < give_up => {
                    drop(error);
                    std::thread::sleep(Duration::from_millis(100));
                }
                outcome => return outcome,
            }
        }
    }

    /// Stops the server if it runs; true if it did.
    pub fn stop(&self) -> Result<bool, DeployError> {
        let Some(place) = Place::existing(&self.folder) else { return Ok(false) };
        let _lock = Lock::take(&self.folder)?;
        let (Running::Yes(pid) | Running::Changing(pid)) = Running::of(&place) else { return Ok(false) };
        running::ask_to_stop(pid).map_err(|error| problems::file("stop", &place.data(), &error))?;
        wait_until(|| Running::of(&place) == Running::No, &place, "the server does not stop")?;
        Ok(true)
    }

    /// Stops the server and deletes its files.
    pub fn reset(&self) -> Result<(), DeployError> {
        self.stop()?;
        let _lock = Lock::take(&self.folder)?;
        let named = self.folder.join("postgres");
        if let Some(place) = Place::existing(&self.folder) {
            for folder in [&place.socket, &place.root] {
                if folder.exists() {
                    std::fs::remove_dir_all(folder)
                        .map_err(|error| problems::file("delete", folder, &error))?;
                }
            }
        }
        match named.symlink_metadata() {
            Ok(_) => std::fs::remove_file(&named).map_err(|error| problems::file("delete", &named, &error)),
            Err(_) => Ok(()),
        }
    }

    /// Whether there is a cluster and a server.
    pub fn status(&self) -> Status {
        let place = Place::existing(&self.folder);
        let pid = place.as_ref().and_then(|place| match Running::of(place) {
            Running::No => None,
            Running::Changing(pid) | Running::Yes(pid) => Some(pid.as_raw_nonzero().get()),
        });
        Status { major: place.as_ref().and_then(Place::major), pid, place }
    }

    /// The folder of the programs the cluster runs with, for `psql`.
    pub fn binaries(&self) -> Result<Binaries, DeployError> {
        Binaries::find(Place::existing(&self.folder).and_then(|place| place.major()))
    }
}

/// The address of a private server as libpq takes it: `postgresql://kf@%2Fproject%2F.kf%2Fpostgres%2Fsocket/postgres`.
fn address(place: &Place) -> String {
    let mut host = String::new();
    for byte in place.socket.to_string_lossy().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => host.push(char::from(byte)),
            _ => host.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("postgresql://{}@{host}/postgres", cluster::USER)
}

/// Waits while a server starts or stops on its own.
fn settle(place: &Place) -> Result<(), DeployError> {
    let settled = || !matches!(Running::of(place), Running::Changing(_));
    wait_until(settled, place, "the server neither starts nor stops")
}

fn wait_until(mut done: impl FnMut() -> bool, place: &Place, otherwise: &str) -> Result<(), DeployError> {
    let give_up = Instant::now() + PATIENCE;
    while !done() {
        if Instant::now() > give_up {
            return Err(problems::server(otherwise, &log_of(place)));
        }
        std::thread::sleep(GLANCE);
    }
    Ok(())
}

/// Runs the server and waits until it takes connections or has ended.
fn launch(
    place: &Place,
    binaries: &Binaries,
    account: Option<Account>,
    give_up: Instant,
) -> Result<(), DeployError> {
    let mut command = cluster::server(place, binaries, account, Durability::Durable)?;
    let program = binaries.program("postgres");
    let mut child = command.spawn().map_err(|error| problems::file("run", &program, &error))?;
    loop {
        if matches!(Running::of(place), Running::Yes(_)) {
            return Ok(());
        }
        if child.try_wait().ok().flatten().is_some() {
            return Err(problems::server("the server ended while it started", &log_of(place)));
        }
        if Instant::now() > give_up {
            return Err(problems::server("the server does not get ready", &log_of(place)));
        }
        std::thread::sleep(GLANCE);
    }
}

/// True if the last start failed because processes of an earlier server are still there.
fn still_held(place: &Place) -> bool {
    log_of(place).contains("still in use")
}

fn log_of(place: &Place) -> String {
    std::fs::read(place.log()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}
