use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::problems;
use crate::deploy::DeployError;

/// The user a server runs as when `kf` is root, because PostgreSQL refuses to be root.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Account {
    uid: u32,
    gid: u32,
}

/// `nobody`, where there is no user `postgres`.
const NOBODY: Account = Account { uid: 65534, gid: 65534 };

impl Account {
    /// Whom to become: nobody else unless `kf` is root.
    pub fn to_become() -> Option<Account> {
        rustix::process::geteuid().is_root().then(|| {
            let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
            find(&users, "postgres").unwrap_or(NOBODY)
        })
    }

    /// The user id the server's files must belong to.
    pub fn uid(account: Option<Account>) -> u32 {
        account.map_or_else(|| rustix::process::geteuid().as_raw(), |account| account.uid)
    }

    /// Gives `path` to the account, if there is one to become.
    pub fn own(account: Option<Account>, path: &Path) -> Result<(), DeployError> {
        let Some(Account { uid, gid }) = account else { return Ok(()) };
        chown(path, Some(uid), Some(gid)).map_err(|error| problems::file("give away", path, &error))
    }

    /// A command that runs as the account, away from the terminal: a folder that is always there, no input, a process
    /// group of its own, so that Ctrl-C does not reach it, and none of the caller's `PG..` and locale variables.
    pub fn command(account: Option<Account>, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").stdin(Stdio::null()).process_group(0).env_clear();
        for kept in ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command.env("LC_ALL", "C").env("TZ", "UTC");
        if let Some(Account { uid, gid }) = account {
            command.uid(uid).gid(gid);
        }
        command
    }
}

/// The ids of `name` in the text of `/etc/passwd`.
fn find(users: &str, name: &str) -> Option<Account> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (user, _, uid, gid) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        (user == name).then_some(Account { uid: uid.parse().ok()?, gid: gid.parse().ok()? })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_found_by_their_whole_name() {
        let users =
            "root:x:0:0:root:/root:/bin/bash\npostgres2:x:7:7::/:/bin/sh\npostgres:x:101:104::/:/bin/sh\n";
        assert_eq!(find(users, "postgres"), Some(Account { uid: 101, gid: 104 }));
        assert_eq!(find(users, "mallory"), None);
    }
}
