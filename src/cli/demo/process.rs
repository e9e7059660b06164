//! A program that was started: it is the first of a process group of its own, so that Ctrl-C does not reach it and that
//! it is ended with whatever it has started.

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};

use super::problems;
use crate::cli::Failure;

/// How long a program may take until it says that it is there.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often is looked.
const GLANCE: Duration = Duration::from_millis(10);

#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    log: PathBuf,
    since: Instant,
}

impl Process {
    /// Starts `program` in `folder`. What it says goes into the file `log`.
    pub(super) fn start<T: AsRef<OsStr>>(
        program: &Path,
        arguments: &[T],
        environment: &[(&str, &str)],
        log: PathBuf,
    ) -> Result<Process, Failure> {
        let file = File::create(&log).and_then(|file| Ok((file.try_clone()?, file)));
        let (output, errors) = file.map_err(|error| problems::file("write", &log, &error))?;
        let mut command = Command::new(program);
        command.args(arguments).envs(environment.iter().copied()).env_remove("KF_DATABASE_URL");
        command.current_dir(log.parent().unwrap_or(Path::new("/"))).process_group(0);
        command.stdin(Stdio::null()).stdout(output).stderr(errors);
        let child = command.spawn().map_err(|error| problems::not_run(program, &error))?;
        Ok(Process { child, log, since: Instant::now() })
    }

    /// What it said behind `words` at the beginning of a line, as soon as it does.
    pub(super) async fn says(&mut self, words: &str) -> Result<String, Failure> {
        loop {
            let said = self.said();
            // The last line may be half of one.
            let whole = said.rsplit_once('\n').map_or("", |(whole, _)| whole);
            if let Some(rest) = whole.lines().find_map(|line| line.strip_prefix(words)) {
                return Ok(rest.to_owned());
            }
            self.runs()?;
            if self.since.elapsed() > PATIENCE {
                return Err(problems::silent(&self.log, &said));
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// An error if it has ended by itself.
    pub(super) fn runs(&mut self) -> Result<(), Failure> {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => Err(problems::ended(&self.log, status, &self.said())),
            Err(error) => Err(problems::system("cannot look after a process", &error)),
        }
    }

    /// How long it has been running.
    pub(super) fn age(&self) -> Duration {
        self.since.elapsed()
    }

    fn said(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Ends it by SIGKILL, which no program can do anything about.
    pub(super) async fn kill(mut self) {
        self.strike();
        let _ = self.child.wait().await;
    }

    fn strike(&self) {
        let pid = self.child.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?));
        if let Some(pid) = pid {
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.strike();
    }
}
