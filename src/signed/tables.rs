use crate::deploy::connect::Session;
use crate::deploy::registry;

const SCHEMA: &str = include_str!("schema.sql");

/// Makes the table of nonces where it is missing. The registry must be there. Safe when several do it at once.
///
/// # Errors
/// If the database fails, or the login may not.
pub async fn ensure(session: &mut Session) -> Result<(), tokio_postgres::Error> {
    let transaction = session.client.transaction().await?;
    transaction.batch_execute("SELECT pg_advisory_xact_lock(27494, 2)").await?;
    let there = "SELECT to_regclass('kf.nonce') IS NOT NULL";
    if !transaction.query_one(there, &[]).await?.get::<_, bool>(0) {
        registry::become_owner(&transaction).await?;
        transaction.batch_execute(SCHEMA).await?;
    }
    transaction.commit().await
}
