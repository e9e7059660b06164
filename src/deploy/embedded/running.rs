use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::place::Place;

/// What `postmaster.pid` says and whether it is still so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Running {
    /// No server; its file may be left over from one that was killed.
    No,
    /// A server that does not take connections yet, or no longer.
    Changing(Pid),
    /// A server that takes connections.
    Yes(Pid),
}

impl Running {
    /// Looks at the cluster in `place`.
    pub fn of(place: &Place) -> Running {
        let Some((pid, ready)) = read(&place.data()) else { return Running::No };
        if !is_server_of(pid, &place.data()) {
            return Running::No;
        }
        match ready && answers(&place.socket_file()) {
            true => Running::Yes(pid),
            false => Running::Changing(pid),
        }
    }
}

/// True if somebody behind the socket speaks: it is asked for TLS, which takes one byte either way. A socket takes
/// connections for a moment after its server was killed.
fn answers(socket: &Path) -> bool {
    const ASK_FOR_TLS: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
    let ask = || -> std::io::Result<u8> {
        let mut stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.write_all(&ASK_FOR_TLS)?;
        let mut answer = [0];
        stream.read_exact(&mut answer)?;
        Ok(u8::from_be_bytes(answer))
    };
    ask().is_ok_and(|answer| answer == b'N' || answer == b'S')
}

/// Process id and readiness from `postmaster.pid`: the first line, and the eighth, which is `ready` or `starting`.
fn read(data: &Path) -> Option<(Pid, bool)> {
    let text = std::fs::read_to_string(data.join("postmaster.pid")).ok()?;
    let pid = Pid::from_raw(text.lines().next()?.trim().parse().ok()?)?;
    Some((pid, text.lines().nth(7).is_some_and(|status| status.trim() == "ready")))
}

/// True if `pid` lives and works in `data`, as far as the system tells. After a kill the number may have gone to
/// another process, in a container even to one of ours.
fn is_server_of(pid: Pid, data: &Path) -> bool {
    if test_kill_process(pid) == Err(rustix::io::Errno::SRCH) {
        return false;
    }
    if !Path::new("/proc/self/cwd").exists() {
        return true;
    }
    let folder = std::fs::read_link(format!("/proc/{}/cwd", pid.as_raw_nonzero()));
    folder.is_ok_and(|folder| data.canonicalize().is_ok_and(|data| data == folder))
}

/// Removes what a killed server left, so that a new one does not take another process for it.
/// Must only be called when [`Running::of`] said no, under the lock.
pub fn sweep(place: &Place) {
    let socket = place.socket_file();
    let lock = socket.with_file_name(".s.PGSQL.5432.lock");
    for left in [place.data().join("postmaster.pid"), socket, lock] {
        // Nothing there is the usual case; what cannot be removed the server will name.
        let _ = std::fs::remove_file(left);
    }
}

/// Asks the server to stop at once but in order: sessions are ended, everything is written.
pub fn ask_to_stop(pid: Pid) -> std::io::Result<()> {
    Ok(kill_process(pid, Signal::INT)?)
}
