use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify_debouncer_mini::notify::event::{AccessKind, AccessMode};
use notify_debouncer_mini::notify::{
    self, Event, EventHandler, EventKind, RecommendedWatcher, RecursiveMode, Watcher, WatcherKind,
};
use notify_debouncer_mini::{Config, DebounceEventResult, Debouncer, new_debouncer_opt};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::cli::Failure;
use crate::cli::config;
use crate::cli::project::{is_source, lock};

/// How long events of one file are gathered.
const GATHERED: Duration = Duration::from_millis(20);
/// How long nothing may happen for what happened to be one change.
const QUIET: Duration = Duration::from_millis(40);
/// So many times a change may go on before it is told all the same.
const MOST: usize = 50;

/// Changes of files in folders, as the system tells them.
pub(super) struct Changes {
    watcher: Debouncer<Writes>,
    told: UnboundedReceiver<DebounceEventResult>,
}

impl Changes {
    pub fn new() -> Result<Changes, Failure> {
        let (sender, told) = unbounded_channel();
        let config = Config::default().with_timeout(GATHERED);
        let tell = move |events: DebounceEventResult| drop(sender.send(events));
        let watcher = new_debouncer_opt::<_, Writes>(config, tell);
        Ok(Changes { watcher: watcher.map_err(|error| unwatchable(&error))?, told })
    }

    /// Watches `folder`, and not the folders below.
    pub fn watch(&mut self, folder: &Path) -> Result<(), Failure> {
        match self.watcher.watcher().watch(folder, RecursiveMode::NonRecursive) {
            // it went away just now, which its own folder tells
            Err(error) if matches!(error.kind, notify::ErrorKind::PathNotFound) => Ok(()),
            watched => watched.map_err(|error| unwatchable(&error)),
        }
    }

    /// Watches `folder` no more. What is gone is no longer watched anyway.
    pub fn leave(&mut self, folder: &Path) {
        let _ = self.watcher.watcher().unwatch(folder);
    }

    /// The next files that matter, once all is quiet; `is_watched` knows the folders.
    pub async fn next(&mut self, is_watched: impl Fn(&Path) -> bool) -> Result<BTreeSet<PathBuf>, Failure> {
        let mut changed = BTreeSet::new();
        while changed.is_empty() {
            let told = self.told.recv().await;
            self.gather(told, &is_watched, &mut changed)?;
        }
        for _ in 0..MOST {
            let Ok(told) = tokio::time::timeout(QUIET, self.told.recv()).await else { break };
            self.gather(told, &is_watched, &mut changed)?;
        }
        Ok(changed)
    }

    fn gather(
        &self,
        told: Option<DebounceEventResult>,
        is_watched: &impl Fn(&Path) -> bool,
        changed: &mut BTreeSet<PathBuf>,
    ) -> Result<(), Failure> {
        let ended = || Failure::usage("files are no longer watched");
        let events = told.ok_or_else(ended)?.map_err(|error| unwatchable(&error))?;
        let paths = events.into_iter().map(|event| event.path);
        changed.extend(paths.filter(|path| is_watched(path) || matters(path)));
        Ok(())
    }
}

/// True for sources, `kf.toml`, `kf.lock` and folders, unless they are hidden.
fn matters(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    !name.starts_with('.')
        && (is_source(&name) || [config::FILE, lock::FILE].contains(&name.as_ref()) || path.is_dir())
}

fn unwatchable(error: &notify::Error) -> Failure {
    let failure = Failure::usage(format!("cannot watch files: {error}"));
    match error.kind {
        notify::ErrorKind::MaxFilesWatch => {
            failure.help("the system's limit is `fs.inotify.max_user_watches`; fewer folders need fewer")
        }
        _ => failure,
    }
}

/// The system's watcher, but for what only reads: a round reads every file, and would begin the next one.
struct Writes(RecommendedWatcher);

impl Watcher for Writes {
    fn new<H: EventHandler>(mut handler: H, config: notify::Config) -> notify::Result<Writes> {
        let filtered = move |event: notify::Result<Event>| {
            if !event.as_ref().is_ok_and(only_reads) {
                handler.handle_event(event);
            }
        };
        RecommendedWatcher::new(filtered, config).map(Writes)
    }

    fn watch(&mut self, path: &Path, mode: RecursiveMode) -> notify::Result<()> {
        self.0.watch(path, mode)
    }

    fn unwatch(&mut self, path: &Path) -> notify::Result<()> {
        self.0.unwatch(path)
    }

    fn kind() -> WatcherKind {
        RecommendedWatcher::kind()
    }
}

fn only_reads(event: &Event) -> bool {
    let written = EventKind::Access(AccessKind::Close(AccessMode::Write));
    matches!(event.kind, EventKind::Access(_)) && event.kind != written
}
