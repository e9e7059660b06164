//! What is deployed, as the database remembers it: the schema `kf`, its roles and tables.

mod blockers;
mod find;
pub(crate) mod follow;
mod installed;
mod list;
mod pending;
mod roles;
mod shown;
mod signatures;
mod sources;
mod versions;
mod weaker;

use std::time::Duration;

use tokio_postgres::GenericClient;

pub use blockers::blockers;
pub use find::find;
pub use installed::{Dataset, Installed, Recorded};
pub use list::{Listed, list, named};
pub(super) use pending::word;
pub use pending::{Pending, pending};
pub use roles::{Roles, become_owner};
pub use shown::{Graph, Shown, graph, show};
pub use sources::{Importable, closure};
pub use versions::{Version, package, versions};
pub use weaker::{Weaker, weaker};

pub use super::call::nothing_deployed;
use super::connect::{Session, ask};
use super::{DeployError, problems};

/// Version of the `.sql` files that make the registry; raised with every change of them.
const VERSION: i32 = 16;
/// How often the roles are tried again when another database's bootstrap makes them at the same moment: half a minute.
const ATTEMPTS: u32 = 36;
/// The longest pause before the next attempt.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

const ENVIRONMENT: &str = include_str!("environment.sql");
const PRIVATE: &str = include_str!("private.sql");
const BOOTSTRAP: &str = include_str!("bootstrap.sql");
const LEDGER: &str = include_str!("ledger.sql");
const CHAIN: &str = include_str!("chain.sql");
const FUNCTIONS: &str = include_str!("functions.sql");
const FOREIGN: &str = include_str!("foreign.sql");
const GATEWAY: &str = include_str!("gateway.sql");
const HARDEN: &str = include_str!("harden.sql");
/// `SET LOCAL` of everything that may change a result.
pub(crate) const PIN: &str = include_str!("pin.sql");
/// A deploy waits for others and then looks at what they did, whatever a login's transactions are by default.
const READ_COMMITTED: &str = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED";

/// What was found before anything is done.
struct Environment {
    has_registry: bool,
    /// True if it is a standby.
    is_standby: bool,
    /// True if transactions cannot write unless they insist.
    is_read_only: bool,
    /// Whom the schema `kf` belongs to, if it is there.
    owner: Option<String>,
    database: u32,
}

/// What `kf.meta` says.
struct Meta {
    version: i32,
    database: u32,
}

/// Checks the server, and makes roles, types and registry if they are missing or were made for another database. Safe when
/// several do it at once, in one database or in several of one server.
pub async fn ensure(session: &mut Session) -> Result<(), DeployError> {
    let mut waited = Duration::from_millis(20);
    for _ in 1..ATTEMPTS {
        match attempt(session).await {
            Err(Failed::Collided) => tokio::time::sleep(waited).await,
            Err(Failed::Told(error)) => return Err(*error),
            Ok(()) => return Ok(()),
        }
        waited = LONGEST_PAUSE.min(waited * 2);
    }
    attempt(session).await.map_err(|failed| match failed {
        Failed::Told(error) => *error,
        Failed::Collided => {
            DeployError::new(crate::diagnostics::Code::DeployBusy, "another bootstrap does not end")
        }
    })
}

/// Checks the server; true if it has a registry of a version we know.
pub async fn check(session: &Session) -> Result<bool, DeployError> {
    check_client(&session.client).await
}

/// The same, where something may be written.
pub async fn check_writable(session: &Session) -> Result<bool, DeployError> {
    let found = environment(&session.client).await.map_err(|error| problems::database(&error))??;
    writes(&found)?;
    is_known(&session.client, &found).await
}

async fn check_client(client: &impl GenericClient) -> Result<bool, DeployError> {
    let found = environment(client).await.map_err(|error| problems::database(&error))??;
    is_known(client, &found).await
}

async fn is_known(client: &impl GenericClient, found: &Environment) -> Result<bool, DeployError> {
    if !found.has_registry {
        return Ok(false);
    }
    let meta = meta(client).await.map_err(|error| problems::database(&error))?;
    match meta {
        Some(meta) if meta.version > VERSION => Err(problems::later_registry(meta.version, VERSION)),
        meta => Ok(meta.is_some()),
    }
}

/// Checks the server; true if it has a registry as this version makes it. An older one is there to be brought up to date,
/// which reading cannot wait for.
///
/// # Errors
/// If the server does not suit, or the registry is a later one's.
pub async fn check_readable(client: &impl GenericClient) -> Result<bool, DeployError> {
    if !check_client(client).await? {
        return Ok(false);
    }
    let meta = meta(client).await.map_err(|error| problems::database(&error))?;
    match meta {
        Some(meta) if meta.version < VERSION => Err(problems::earlier_registry(meta.version, VERSION)),
        meta => Ok(meta.is_some()),
    }
}

enum Failed {
    Collided,
    Told(Box<DeployError>),
}

impl From<DeployError> for Failed {
    fn from(error: DeployError) -> Failed {
        Failed::Told(Box::new(error))
    }
}

impl From<tokio_postgres::Error> for Failed {
    fn from(error: tokio_postgres::Error) -> Failed {
        // "tuple concurrently updated" has no code of its own.
        let raced = ["23505", "40P01", "XX000", "42710", "42P06", "42P07"];
        match error.code() {
            Some(state) if raced.contains(&state.code()) => Failed::Collided,
            _ => problems::database(&error).into(),
        }
    }
}

async fn attempt(session: &mut Session) -> Result<(), Failed> {
    if is_ready(&session.client).await? {
        return Ok(());
    }
    let transaction = session.client.transaction().await?;
    ask::batch(&transaction, READ_COMMITTED).await?;
    ask::batch(&transaction, PIN).await?;
    ask::batch(&transaction, "SELECT pg_advisory_xact_lock(27494, 0)").await?;
    if is_ready(&transaction).await? {
        // Somebody else did it while we waited. Doing it again would wait for those who deploy by now.
        return Ok(());
    }
    let row = ask::row(&transaction, ENVIRONMENT, &[]).await?;
    let (owner, database): (Option<&str>, u32) = (row.get("owner"), row.get("database"));
    let roles = roles::prepare(&transaction, owner).await?;
    for file in [BOOTSTRAP, LEDGER, CHAIN, FUNCTIONS, FOREIGN, GATEWAY] {
        ask::batch(&transaction, file).await?;
    }
    roles::grant(&transaction, roles).await?;
    signatures::fill(&transaction).await?;
    let private: bool = ask::row(&transaction, PRIVATE, &[]).await?.get("private");
    if private {
        ask::batch(&transaction, "RESET ROLE").await?;
        ask::batch(&transaction, HARDEN).await?;
        become_owner(&transaction).await?;
    }
    let remember = "INSERT INTO kf.meta (version, database, private) VALUES ($1, $2, $3) ON CONFLICT (only_row) DO UPDATE \
                    SET version = excluded.version, database = excluded.database, private = excluded.private";
    ask::run(&transaction, remember, &[&VERSION, &database, &private]).await?;
    ask::commit(transaction).await?;
    Ok(())
}

/// True if there is nothing to do.
async fn is_ready(client: &impl GenericClient) -> Result<bool, Failed> {
    let found = environment(client).await??;
    writes(&found)?;
    if !found.has_registry {
        let Some(owner) = found.owner else { return Ok(false) };
        // Between the two looks, somebody else may have made it.
        return if owner == roles::KF_OWNER || has_registry(client).await? {
            Ok(false)
        } else {
            Err(problems::foreign_kf().into())
        };
    }
    match meta(client).await? {
        Some(meta) if meta.version > VERSION => Err(problems::later_registry(meta.version, VERSION).into()),
        Some(meta) => Ok(meta.version == VERSION && meta.database == found.database),
        None => Ok(false),
    }
}

/// That something can be written.
fn writes(found: &Environment) -> Result<(), DeployError> {
    match (found.is_standby, found.is_read_only) {
        (true, _) => Err(problems::standby()),
        (_, true) => Err(problems::unsuitable("default_transaction_read_only", "on", "`off`")),
        _ => Ok(()),
    }
}

async fn has_registry(client: &impl GenericClient) -> Result<bool, tokio_postgres::Error> {
    Ok(ask::row(client, "SELECT to_regclass('kf.meta') IS NOT NULL", &[]).await?.get(0))
}

async fn meta(client: &impl GenericClient) -> Result<Option<Meta>, tokio_postgres::Error> {
    let row = ask::perhaps(client, "SELECT version, database FROM kf.meta", &[]).await?;
    Ok(row.map(|row| Meta { version: row.get(0), database: row.get(1) }))
}

/// The outer error is the connection's, the inner one says what is wrong with the server.
async fn environment(
    client: &impl GenericClient,
) -> Result<Result<Environment, DeployError>, tokio_postgres::Error> {
    let row = ask::row(client, ENVIRONMENT, &[]).await?;
    let version: i32 = row.get("version");
    if version < 140_000 {
        let found = format!("{}", version / 10_000);
        return Ok(Err(problems::unsuitable("version", &found, "14 or later")));
    }
    let needed = [
        ("encoding", "UTF8"),
        ("standard_conforming_strings", "on"),
        ("transform_null_equals", "off"),
        ("session_replication_role", "origin"),
    ];
    for (setting, value) in needed {
        let found: String = row.get(setting);
        if found != value {
            return Ok(Err(problems::unsuitable(setting, &found, &format!("`{value}`"))));
        }
    }
    Ok(Ok(Environment {
        has_registry: row.get("has_registry"),
        is_standby: row.get("is_standby"),
        is_read_only: row.get::<_, &str>("default_transaction_read_only") != "off",
        owner: row.get("owner"),
        database: row.get("database"),
    }))
}
