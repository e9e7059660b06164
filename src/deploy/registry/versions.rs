use tokio_postgres::GenericClient;

use crate::deploy::connect::ask;
use crate::deploy::{DeployError, problems};
use crate::interface::{Dbid, Package, Table};

/// A version of a dataset as it is remembered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    /// Its number.
    pub version: i32,
    /// The version whose source it has: an earlier one after going back to it, and where it was only compiled anew.
    pub content: i32,
    /// True if rows or values went on the way to it.
    pub destroyed: bool,
    /// When it was deployed, by the server's clock, in UTC: `2026-01-31 12:00:00`.
    pub deployed_at: String,
    /// Its tables; none if they are those of the version before.
    pub tables: Option<Vec<Table>>,
}

const VERSIONS: &str = "SELECT v.version, v.content, v.destroyed, \
     to_char(v.deployed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), \
     CASE WHEN v.tables IS DISTINCT FROM lag(v.tables) OVER (ORDER BY v.version) THEN coalesce(v.tables, '[]') END \
     FROM (SELECT w.*, w.package::json ->> 'tables' AS tables FROM kf.version AS w WHERE w.dbid = $1) AS v \
     ORDER BY v.version";

/// All versions of `dbid` that are remembered, the last one being deployed.
///
/// # Errors
/// If the registry cannot be read.
pub async fn versions(client: &impl GenericClient, dbid: &Dbid) -> Result<Vec<Version>, DeployError> {
    let rows =
        ask::rows(client, VERSIONS, &[&dbid.as_str()]).await.map_err(|error| problems::database(&error))?;
    let version = |row: &tokio_postgres::Row| {
        let tables: Option<&str> = row.get(4);
        let tables = tables.map(serde_json::from_str).transpose();
        Ok(Version {
            version: row.get(0),
            content: row.get(1),
            destroyed: row.get(2),
            deployed_at: row.get(3),
            tables: tables
                .map_err(|error| problems::registry_unreadable(dbid.as_str(), &error.to_string()))?,
        })
    };
    rows.iter().map(version).collect()
}

/// What was deployed as `version` of `dbid`, if that is remembered.
///
/// # Errors
/// If the registry cannot be read.
pub async fn package(
    client: &impl GenericClient,
    dbid: &Dbid,
    version: i32,
) -> Result<Option<Package>, DeployError> {
    let sql = "SELECT v.package FROM kf.version AS v WHERE v.dbid = $1 AND v.version = $2";
    let row = ask::perhaps(client, sql, &[&dbid.as_str(), &version]).await;
    let Some(row) = row.map_err(|error| problems::database(&error))? else { return Ok(None) };
    let package = serde_json::from_str(row.get(0));
    package.map(Some).map_err(|error| problems::registry_unreadable(dbid.as_str(), &error.to_string()))
}
