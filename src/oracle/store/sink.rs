use tokio::sync::Mutex;

use super::postgres::PostgresStore;
use super::{Batch, EventStore, Failure};
use crate::deploy::connect::{Session, Settings, connect_to};
use crate::oracle::{Later, Sink};

/// Where oracles of a node write: a connection of its own beside that of blocks, opened anew when it is lost.
pub struct PostgresSink {
    settings: Settings,
    session: Mutex<Option<Session>>,
}

impl PostgresSink {
    /// Connects when it is first needed.
    pub fn new(settings: Settings) -> PostgresSink {
        PostgresSink { settings, session: Mutex::new(None) }
    }

    async fn with<T>(
        &self,
        work: impl for<'a> FnOnce(&'a Session) -> Later<'a, Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let mut held = self.session.lock().await;
        if held.as_ref().is_some_and(|session| session.client.is_closed()) {
            *held = None;
        }
        let session = match held.take() {
            Some(session) => session,
            None => connect_to(&self.settings).await.map_err(|error| Failure::new(error.to_string()))?,
        };
        let outcome = work(&session).await;
        *held = Some(session);
        outcome
    }
}

impl Sink for PostgresSink {
    fn append<'a>(&'a self, oracle: &'a str, batch: &'a Batch) -> Later<'a, Result<usize, Failure>> {
        let (oracle, batch) = (oracle.to_owned(), batch.clone());
        Box::pin(self.with(move |session| {
            Box::pin(async move { PostgresStore(&session.client).append(&oracle, &batch).await })
        }))
    }

    fn cursor<'a>(&'a self, oracle: &'a str, key: &'a str) -> Later<'a, Result<Option<String>, Failure>> {
        let (oracle, key) = (oracle.to_owned(), key.to_owned());
        Box::pin(self.with(move |session| {
            Box::pin(async move { PostgresStore(&session.client).cursor(&oracle, &key).await })
        }))
    }
}
