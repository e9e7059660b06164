//! Waiting for the files of a project to change. What a round then works on is read as any command reads it, so that a
//! missed or a superfluous event can change nothing but when.

mod changes;
mod stop;

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use super::Failure;
use super::project::{self, Watched};
use changes::Changes;

pub(super) use stop::Stop;

/// What may change, and who says that it did.
pub(super) struct Watch {
    runtime: tokio::runtime::Runtime,
    paths: Vec<PathBuf>,
    changes: Changes,
    stop: Stop,
    /// The folders that are watched, with what they are: one removed and made anew is another one.
    folders: BTreeMap<PathBuf, (u64, u64)>,
}

impl Watch {
    /// Begins to watch what a command works on that is given `paths`. From now on Ctrl-C and SIGTERM end the watch, not
    /// the process.
    ///
    /// # Errors
    /// A path that does not exist, a system that cannot watch.
    pub fn begin(paths: &[PathBuf]) -> Result<Watch, Failure> {
        project::there(paths)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::usage(format!("cannot begin: {error}")))?;
        let stop = runtime.block_on(async { Stop::new() })?;
        let (changes, folders) = (Changes::new()?, BTreeMap::new());
        let mut watch = Watch { runtime, paths: paths.to_vec(), changes, stop, folders };
        watch.look()?;
        Ok(watch)
    }

    /// Watches the folders that are there now; to be called before files are read, so that no change is missed.
    ///
    /// # Errors
    /// The folder that was asked for is gone; a system that cannot watch.
    pub fn look(&mut self) -> Result<(), Failure> {
        let Watched { start, folders } = project::watched(&self.paths)?;
        let there = folders.into_iter().chain(start);
        let there: BTreeMap<PathBuf, (u64, u64)> = there
            .filter_map(|folder| {
                let data = std::fs::metadata(&folder).ok()?;
                Some((folder, (data.dev(), data.ino())))
            })
            .collect();
        let is_there = |folder: &PathBuf, known: &(u64, u64)| there.get(folder) == Some(known);
        for (gone, _) in self.folders.iter().filter(|(folder, known)| !is_there(folder, known)) {
            self.changes.leave(gone);
        }
        for (folder, _) in there.iter().filter(|(folder, _)| self.folders.get(*folder) != there.get(*folder))
        {
            self.changes.watch(folder)?;
        }
        self.folders = there;
        Ok(())
    }

    /// Waits for the next change and until files are quiet again; what changed, as it is shown, or nothing if the watch
    /// is to end.
    ///
    /// # Errors
    /// Files can no longer be watched.
    pub fn next(&mut self) -> Result<Option<Vec<String>>, Failure> {
        let (changes, stop, folders) = (&mut self.changes, &mut self.stop, &self.folders);
        let changed = self.runtime.block_on(async {
            tokio::select! {
                changed = changes.next(|path| folders.contains_key(path)) => changed.map(Some),
                () = stop.asked() => Ok(None),
            }
        })?;
        Ok(changed.map(|paths| paths.iter().map(|path| project::shown(path)).collect()))
    }

    /// What comes of `work`; nothing if the end was asked for before.
    pub fn within<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let stop = &mut self.stop;
        self.runtime.block_on(async {
            tokio::select! {
                done = work => Some(done),
                () = stop.asked() => None,
            }
        })
    }
}
