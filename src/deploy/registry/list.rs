use crate::deploy::connect::{Session, ask};
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
    /// How many actions it has, private ones too.
    pub actions: i32,
    /// How many datasets import it.
    pub importers: i32,
    /// How many steps are left to do that the next deploy finishes.
    pub pending: usize,
}

const LIST: &str = "SELECT d.dbid, d.name, d.owner, d.version, \
     to_char(d.deployed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), \
     (SELECT count(*)::int4 FROM kf.action AS a WHERE a.dbid = d.dbid), \
     (SELECT count(*)::int4 FROM kf.import AS i WHERE i.importee = d.dbid) \
     FROM kf.dataset AS d WHERE $1::text IS NULL OR d.name = $1 ORDER BY d.name, d.dbid";

/// Every deployed dataset, by name.
///
/// # Errors
/// If the registry cannot be read.
pub async fn list(session: &Session) -> Result<Vec<Listed>, DeployError> {
    select(session, None).await
}

/// Every deployed dataset called `name`, whoever owns it.
///
/// # Errors
/// If the registry cannot be read.
pub async fn named(session: &Session, name: &str) -> Result<Vec<Listed>, DeployError> {
    select(session, Some(name)).await
}

async fn select(session: &Session, name: Option<&str>) -> Result<Vec<Listed>, DeployError> {
    if !super::check(session).await? {
        return Ok(Vec::new());
    }
    let pending = super::pending(&session.client, None).await?;
    let rows =
        ask::rows(&session.client, LIST, &[&name]).await.map_err(|error| problems::database(&error))?;
    let listed = |row: &tokio_postgres::Row| Listed {
        dbid: row.get(0),
        name: row.get(1),
        owner: row.get(2),
        version: row.get(3),
        deployed_at: row.get(4),
        actions: row.get(5),
        importers: row.get(6),
        pending: pending.iter().filter(|it| it.dbid.as_str() == row.get::<_, &str>(0)).count(),
    };
    Ok(rows.iter().map(listed).collect())
}
