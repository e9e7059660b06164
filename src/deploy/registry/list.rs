use crate::deploy::connect::Session;
use crate::deploy::{DeployError, problems};

/// A deployed dataset as it is listed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Its identity.
    pub dbid: String,
    /// The schema's name.
    pub name: String,
    /// Its owner; none for a network schema.
    pub owner: Option<String>,
    /// How often it was deployed.
    pub version: i32,
    /// When it was last, by the server's clock, in UTC: `2026-01-31 12:00:00`.
    pub deployed_at: String,
}

/// Every deployed dataset, by name.
///
/// # Errors
/// If the registry cannot be read.
pub async fn list(session: &Session) -> Result<Vec<Listed>, DeployError> {
    let sql = "SELECT d.dbid, d.name, d.owner, d.version, to_char(d.deployed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') \
               FROM kf.dataset AS d ORDER BY d.name, d.dbid";
    let rows = session.client.query(sql, &[]).await.map_err(|error| problems::database(&error))?;
    let listed = |row: &tokio_postgres::Row| Listed {
        dbid: row.get(0),
        name: row.get(1),
        owner: row.get(2),
        version: row.get(3),
        deployed_at: row.get(4),
    };
    Ok(rows.iter().map(listed).collect())
}
