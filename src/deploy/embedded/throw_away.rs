use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};
use std::time::Instant;

use super::account::Account;
use super::binaries::Binaries;
use super::cluster::{self, Durability};
use super::place::Place;
use super::{GLANCE, PATIENCE, Running, address, log_of, problems};
use crate::deploy::DeployError;

/// Runs the server (`"$@"`) beside a reader of standard input. When the other end is closed, which happens however the
/// owner ends, the server is told to quit and the files (`$0`) go.
const WATCH: &str = r#""$@" & server=$!; cat >/dev/null; kill -QUIT $server; wait $server; rm -rf -- "$0""#;

/// A private server that cannot outlive this process and keeps nothing: for tests.
#[derive(Debug)]
pub struct ThrowAway {
    folder: PathBuf,
    place: Place,
    watch: Child,
    leash: Option<ChildStdin>,
}

impl ThrowAway {
    /// Makes and starts a server with its files under `folder`, which must not exist and is deleted at the end.
    pub fn start(folder: &Path) -> Result<ThrowAway, DeployError> {
        let account = Account::to_become();
        let place = Place::prepare(folder, account)?;
        Account::own(account, folder)?;
        let binaries = Binaries::find(None)?;
        cluster::create(&place, &binaries, account, Durability::ThrowAway)?;
        let mut server = ThrowAway::launch(folder, place, &binaries, account)?;
        server.wait()?;
        Ok(server)
    }

    fn launch(
        folder: &Path,
        place: Place,
        binaries: &Binaries,
        account: Option<Account>,
    ) -> Result<ThrowAway, DeployError> {
        let log = place.log();
        let output = std::fs::File::create(&log).map_err(|error| problems::file("write", &log, &error))?;
        let shell = Path::new("/bin/sh");
        let mut command = Account::command(account, shell);
        command.args(["-c", WATCH]).arg(folder).arg(binaries.program("postgres"));
        command.args(cluster::arguments(&place, Durability::ThrowAway));
        let errors = output.try_clone().map_err(|error| problems::file("write", &log, &error))?;
        command.stdin(Stdio::piped()).stdout(output).stderr(errors);
        let mut watch = command.spawn().map_err(|error| problems::file("run", shell, &error))?;
        let leash = watch.stdin.take();
        Ok(ThrowAway { folder: folder.to_owned(), place, watch, leash })
    }

    fn wait(&mut self) -> Result<(), DeployError> {
        let give_up = Instant::now() + PATIENCE;
        while !matches!(Running::of(&self.place), Running::Yes(_)) {
            if self.watch.try_wait().ok().flatten().is_some() || Instant::now() > give_up {
                return Err(problems::server("the server did not start", &log_of(&self.place)));
            }
            std::thread::sleep(GLANCE);
        }
        Ok(())
    }

    /// The server's address.
    pub fn url(&self) -> String {
        address(&self.place)
    }

    /// What the server said so far.
    pub fn log(&self) -> String {
        log_of(&self.place)
    }
}

impl Drop for ThrowAway {
    fn drop(&mut self) {
        drop(self.leash.take());
        // The watch ends by itself once the leash is gone.
        let _ = self.watch.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
