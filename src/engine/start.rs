use std::time::Duration;

use tokio_postgres::{Client, GenericClient, IsolationLevel, Transaction};

use super::state::Hashed;
use super::targets::Targets;
use super::{EngineError, settings};
use crate::deploy::registry::{self, PIN};

/// What one node decides for itself: it changes no receipt and no hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Local {
    /// How long one statement may take before the node gives up and stops; none for as long as it likes.
    pub patience: Option<Duration>,
    /// Whether the server must keep what was committed through a power cut.
    pub durable: bool,
}

impl Default for Local {
    fn default() -> Local {
        Local { patience: None, durable: true }
    }
}

/// Runs calls and blocks in transactions of its caller's, all on one connection.
pub struct Engine {
    pub(super) local: Local,
    pub(super) targets: Targets,
    pub(super) hashed: Hashed,
}

/// Becomes the owner of the registry, and makes sure that the settings of PL/pgSQL are known.
const LOAD: &str = "SET ROLE kf_owner; SELECT kf.lock_datasets('{}', '{}'); RESET ROLE";

impl Engine {
    /// Looks whether the server and the registry suit. The login must be able to become `kf_owner`; whoever may deploy
    /// can.
    ///
    /// # Errors
    /// [`EngineError::Setting`] with the first setting that is wrong, [`EngineError::Refused`] if the registry is missing
    /// or has another version, [`EngineError::Halt`] if the server fails.
    pub async fn start(client: &impl GenericClient, local: Local) -> Result<Engine, EngineError> {
        if !registry::check_readable(client).await? {
            return Err(registry::nothing_deployed().into());
        }
        client.batch_execute(LOAD).await.map_err(|error| EngineError::halt("the registry", &error))?;
        settings::check(client, local.durable).await?;
        Ok(Engine { local, targets: Targets::default(), hashed: Hashed::default() })
    }

    /// Pins the settings of the transaction and becomes the owner of the registry.
    pub(super) async fn pin(&self, transaction: &Transaction<'_>) -> Result<(), EngineError> {
        let patience = self.local.patience.map_or(0, |patience| patience.as_millis());
        let own = format!(
            "SET LOCAL statement_timeout = {patience}; SET LOCAL kf.rest = ''; SET LOCAL ROLE kf_owner"
        );
        let pinned = transaction.batch_execute(&format!("{PIN};{own}")).await;
        pinned.map_err(|error| EngineError::halt("the settings of the transaction", &error))
    }
}

/// Begins a transaction as [`Engine::block`] needs it: READ COMMITTED, to write in. A block waits for whatever else runs
/// blocks or deploys before it reads, so a stricter level would only see less and collide more.
///
/// # Errors
/// [`EngineError::Halt`] if the server does not begin it.
pub async fn begin(client: &mut Client) -> Result<Transaction<'_>, EngineError> {
    let begun = client.build_transaction().isolation_level(IsolationLevel::ReadCommitted).read_only(false);
    begun.start().await.map_err(|error| EngineError::halt("the beginning of a transaction", &error))
}
