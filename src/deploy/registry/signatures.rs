use tokio_postgres::Transaction;

use crate::deploy::connect::ask;
use crate::interface::Interface;

const WITHOUT: &str = "SELECT d.dbid, d.interface::text FROM kf.dataset AS d \
     WHERE NOT EXISTS (SELECT FROM kf.action AS a WHERE a.dbid = d.dbid AND a.signature IS NOT NULL)";
const FILL: &str = "UPDATE kf.action AS a SET signature = s.hash \
     FROM unnest($2::text[], $3::text[]) AS s (name, hash) WHERE a.dbid = $1 AND a.name = s.name";

/// Writes the hashes of signatures that a registry from before version 6 does not have. An interface that cannot be read
/// is passed over: reading it says so.
pub(super) async fn fill(transaction: &Transaction<'_>) -> Result<(), tokio_postgres::Error> {
    for row in ask::rows(transaction, WITHOUT, &[]).await? {
        let (dbid, json): (&str, &str) = (row.get(0), row.get(1));
        let Ok(interface) = serde_json::from_str::<Interface>(json) else { continue };
        let names: Vec<&str> = interface.actions.keys().map(|name| name.as_str()).collect();
        let hashes: Vec<String> = interface.actions.values().map(|signature| signature.hash()).collect();
        ask::run(transaction, FILL, &[&dbid, &names, &hashes]).await?;
    }
    Ok(())
}
