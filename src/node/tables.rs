use super::{NodeError, problems};
use crate::deploy::connect::Session;
use crate::deploy::registry;
use crate::oracle::store::postgres;
use crate::signed;

const SCHEMA: &str = include_str!("schema.sql");

/// Makes the registry, the event store and the node's own tables where they are missing.
pub(super) async fn ensure(session: &mut Session) -> Result<(), NodeError> {
    postgres::ensure(session).await?;
    signed::ensure(session).await.map_err(|error| problems::statement("the nonces", &error))?;
    make(session).await.map_err(|error| problems::statement("the node's tables", &error))
}

async fn make(session: &mut Session) -> Result<(), tokio_postgres::Error> {
    let transaction = session.client.transaction().await?;
    transaction.batch_execute("SELECT pg_advisory_xact_lock(27494, 3)").await?;
    let there = "SELECT to_regclass('kf.node_genesis') IS NOT NULL";
    if !transaction.query_one(there, &[]).await?.get::<_, bool>(0) {
        registry::become_owner(&transaction).await?;
        transaction.batch_execute(SCHEMA).await?;
    }
    transaction.commit().await
}
