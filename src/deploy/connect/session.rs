use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinHandle;
use tokio_postgres::error::DbError;
use tokio_postgres::{AsyncMessage, CancelToken, Client, Connection};

use super::settings::Settings;
use super::tls;
use crate::lower::HIT;

/// Something the server said on the side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// `NOTICE`, `WARNING`, ...
    pub severity: String,
    /// SQLSTATE; `KF000` for an author's `NOTICE(..)`.
    pub code: String,
    /// The text.
    pub message: String,
    /// What was running, innermost first, as the server tells it; empty for the statement itself.
    pub context: String,
}

/// What the server of one connection says on the side, in order. Clones share it. Whoever drives a connection of his own
/// gives it the notices that come along.
#[derive(Clone, Default, Debug)]
pub struct Notices(Arc<Mutex<Heard>>);

#[derive(Default, Debug)]
struct Heard {
    notices: Vec<Notice>,
    /// How often each was said of those that are only counted.
    counts: BTreeMap<String, u64>,
}

impl Notices {
    /// Keeps a notice that came; one of [`HIT`] is only counted.
    pub fn hear(&self, said: &DbError) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if said.code().code() == HIT {
            *heard.counts.entry(said.message().to_owned()).or_default() += 1;
            return;
        }
        let notice = Notice {
            severity: said.severity().to_owned(),
            code: said.code().code().to_owned(),
            message: said.message().to_owned(),
            context: said.where_().unwrap_or_default().to_owned(),
        };
        heard.notices.push(notice);
    }

    /// What was only counted since this was last asked.
    pub fn take_counts(&self) -> BTreeMap<String, u64> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).counts)
    }

    /// What was said since this was last asked.
    pub fn take(&self) -> Vec<Notice> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).notices)
    }

    /// What authors said with `NOTICE(..)` since this was last asked.
    pub fn said(&self) -> Vec<String> {
        self.take().into_iter().filter(|notice| notice.code == "KF000").map(|notice| notice.message).collect()
    }
}

/// One connection with what its server says on the side. Closed when dropped.
pub struct Session {
    /// Where it leads.
    pub settings: Settings,
    /// What statements are sent with.
    pub client: Client,
    notices: Notices,
    driver: JoinHandle<()>,
}

impl Session {
    /// Takes a fresh connection and reads from it in a task of its own.
    pub(super) fn new<S, T>(settings: Settings, client: Client, mut connection: Connection<S, T>) -> Session
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let notices = Notices::default();
        let heard = notices.clone();
        let driver = tokio::spawn(async move {
            // An error ends the connection; the client's next request reports it.
            while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
                if let AsyncMessage::Notice(said) = message {
                    heard.hear(&said);
                }
            }
        });
        Session { settings, client, notices, driver }
    }

    /// What the server said since this was last asked.
    pub fn take_notices(&self) -> Vec<Notice> {
        self.notices.take()
    }

    /// The same, to be asked while something else has the client.
    pub fn notices(&self) -> Notices {
        self.notices.clone()
    }

    /// What stops a running statement from another task.
    pub fn canceller(&self) -> Canceller {
        Canceller { token: self.client.cancel_token(), settings: self.settings.clone() }
    }

    /// Ends the session in order.
    pub async fn close(self) {
        let Session { client, driver, .. } = self;
        drop(client);
        // The task ends once the server has closed its side.
        let _ = driver.await;
    }
}

/// Stops what a session is running.
pub struct Canceller {
    token: CancelToken,
    settings: Settings,
}

impl Canceller {
    /// Asks the server to stop the statement. That it may have ended already is not an error.
    pub async fn cancel(&self) {
        if let Ok(connector) = tls::connector(&self.settings) {
            let _ = self.token.cancel_query(connector).await;
        }
    }
}
