use std::fs::{File, OpenOptions};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

use super::problems;
use crate::deploy::DeployError;

/// Held while a server is made, started or stopped; let go when dropped, or when the process ends in any way.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "closing the file lets the lock go")] File);

impl Lock {
    /// Waits until no other `kf` holds `folder`, then holds it.
    pub fn take(folder: &Path) -> Result<Lock, DeployError> {
        std::fs::create_dir_all(folder).map_err(|error| problems::file("create", folder, &error))?;
        let path = folder.join("lock");
        let mut options = OpenOptions::new();
        let file = options.create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|error| problems::file("open", &path, &error))?;
        flock(&file, FlockOperation::LockExclusive)
            .map_err(|errno| problems::file("lock", &path, &errno.into()))?;
        Ok(Lock(file))
    }
}
