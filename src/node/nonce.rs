//! Each call of a caller has a greater nonce than the one before, so that nothing that was signed runs twice.

use std::collections::BTreeSet;

use tokio_postgres::{GenericClient, Transaction};

/// One caller may come several times in a block: the rows are claimed one after the other.
const CLAIM: &str = "INSERT INTO kf.nonce AS n (caller, last) VALUES ($1, $2) \
     ON CONFLICT (caller) DO UPDATE SET last = excluded.last WHERE n.last < excluded.last";
const LAST: &str = "SELECT n.last FROM kf.nonce AS n WHERE n.caller = $1";

/// Uses up the nonces, given in order, in the transaction of a block. Gives the places of those that were too low.
pub(super) async fn claim<'a>(
    transaction: &Transaction<'_>,
    nonces: impl Iterator<Item = (usize, &'a str, i64)>,
) -> Result<BTreeSet<usize>, tokio_postgres::Error> {
    let mut replayed = BTreeSet::new();
    let statement = transaction.prepare(CLAIM).await?;
    for (place, caller, nonce) in nonces {
        if transaction.execute(&statement, &[&caller, &nonce]).await? == 0 {
            replayed.insert(place);
        }
    }
    Ok(replayed)
}

/// The last nonce of a caller; 0 if there was none.
pub(super) async fn last(client: &impl GenericClient, caller: &str) -> Result<i64, tokio_postgres::Error> {
    Ok(client.query_opt(LAST, &[&caller]).await?.map_or(0, |row| row.get(0)))
}
