//! Connections for what is only read, beside that of blocks.

use std::sync::{Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::NodeError;
use crate::deploy::connect::{Session, Settings, connect_to};
use crate::engine::{Engine, Local};

/// So many are open at most.
const ROOM: usize = 8;

/// Sessions that are lent and given back.
pub(super) struct Viewers {
    settings: Settings,
    local: Local,
    idle: Mutex<Vec<Viewer>>,
    room: Semaphore,
}

/// A session to read with.
pub(super) struct Viewer {
    pub(super) session: Session,
    pub(super) engine: Engine,
}

/// One that is lent. It is closed unless it is given back.
pub(super) struct Lent<'a> {
    pub(super) viewer: Viewer,
    _room: SemaphorePermit<'a>,
}

impl Viewers {
    pub(super) fn new(settings: Settings, local: Local) -> Viewers {
        Viewers { settings, local, idle: Mutex::default(), room: Semaphore::new(ROOM) }
    }

    /// A session, as soon as there is one.
    pub(super) async fn lend(&self) -> Result<Lent<'_>, NodeError> {
        let closed = |error| super::problems::system("no session can be had", &error);
        let room = self.room.acquire().await.map_err(closed)?;
        let idle = loop {
            let last = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            match last {
                Some(viewer) if viewer.session.client.is_closed() => {}
                found => break found,
            }
        };
        let viewer = match idle {
            Some(viewer) => viewer,
            None => self.connect().await?,
        };
        Ok(Lent { viewer, _room: room })
    }

    async fn connect(&self) -> Result<Viewer, NodeError> {
        let session = connect_to(&self.settings).await?;
        let engine = Engine::start(&session.client, self.local.clone()).await?;
        Ok(Viewer { session, engine })
    }

    /// Takes a session back that is in no transaction.
    pub(super) fn give_back(&self, lent: Lent<'_>) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(lent.viewer);
    }
}
