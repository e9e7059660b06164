//! Each call of a caller has a greater nonce than the one before, so that nothing that was signed runs twice.

use std::collections::BTreeMap;

use tokio_postgres::{GenericClient, Transaction};

/// The rows of all callers at once. Whoever else has written a greater one has it.
const RECORD: &str = "INSERT INTO kf.nonce AS n (caller, last) SELECT * FROM unnest($1::text[], $2::int8[]) \
     ON CONFLICT (caller) DO UPDATE SET last = excluded.last WHERE n.last < excluded.last";
const LAST: &str = "SELECT n.caller, n.last FROM kf.nonce AS n WHERE n.caller = ANY ($1)";

/// The last nonces of these callers; those who had none are left out.
pub(super) async fn lasts(
    client: &impl GenericClient,
    callers: &[&str],
) -> Result<BTreeMap<String, i64>, tokio_postgres::Error> {
    if callers.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = client.query(LAST, &[&callers]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Writes down what callers have used up, in the transaction of a block.
pub(super) async fn record(
    transaction: &Transaction<'_>,
    lasts: &BTreeMap<&str, i64>,
) -> Result<(), tokio_postgres::Error> {
    if !lasts.is_empty() {
        let (callers, nonces): (Vec<&str>, Vec<i64>) = lasts.iter().map(|(it, last)| (*it, *last)).unzip();
        transaction.execute(RECORD, &[&callers, &nonces]).await?;
    }
    Ok(())
}

/// The last nonce of a caller; 0 if there was none.
///
/// # Errors
/// If the database fails.
pub async fn last(client: &impl GenericClient, caller: &str) -> Result<i64, tokio_postgres::Error> {
    Ok(lasts(client, &[caller]).await?.into_values().next().unwrap_or(0))
}
