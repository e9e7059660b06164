//! A look into the tables of datasets, and at what there is to look at.

use std::collections::BTreeMap;

use tokio_postgres::Error;

use super::connect::{Session, ask};
use super::registry::PIN;
use super::{DeployError, problems, registry};
use crate::interface::{Dbid, Interface};
use crate::pg::print;

const DATASETS: &str =
    "SELECT d.dbid, d.name, d.owner, d.interface::text FROM kf.dataset AS d ORDER BY d.name, d.dbid";
const COLUMNS: &str = "SELECT n.nspname::text, c.relname::text, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod) \
     FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid \
     JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
     WHERE n.nspname = ANY ($1) AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2, a.attnum";

/// A deployed dataset with what a person may name of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    /// Its identity.
    pub dbid: Dbid,
    /// The schema's name.
    pub name: String,
    /// Its owner; none for a network schema.
    pub owner: Option<String>,
    /// Its actions.
    pub interface: Interface,
    /// Its tables, each with columns in order: name and type as PostgreSQL calls it.
    pub tables: BTreeMap<String, Vec<(String, String)>>,
}

/// Every deployed dataset, by name.
///
/// # Errors
/// If the registry cannot be read.
pub async fn known(session: &Session) -> Result<Vec<Known>, DeployError> {
    if !registry::check(session).await? {
        return Ok(Vec::new());
    }
    let failed = |error: Error| problems::database(&error);
    let mut all = Vec::new();
    for row in ask::rows(&session.client, DATASETS, &[]).await.map_err(failed)? {
        let dbid = Dbid::recorded(row.get::<_, String>(0));
        let interface = serde_json::from_str(row.get(3))
            .map_err(|error| problems::registry_unreadable(dbid.as_str(), &error.to_string()))?;
        all.push(Known { dbid, name: row.get(1), owner: row.get(2), interface, tables: BTreeMap::new() });
    }
    let schemas: Vec<String> = all.iter().map(|known| known.dbid.pg_schema()).collect();
    for row in ask::rows(&session.client, COLUMNS, &[&schemas]).await.map_err(failed)? {
        let schema: String = row.get(0);
        if let Some(known) = all.iter_mut().find(|known| known.dbid.pg_schema() == schema) {
            known.tables.entry(row.get(1)).or_default().push((row.get(2), row.get(3)));
        }
    }
    Ok(all)
}

/// What a query found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Seen {
    /// Names of the columns; none where no row was found.
    pub columns: Vec<String>,
    /// Rows as text.
    pub rows: Vec<Vec<Option<String>>>,
}

/// Runs a query that may write nothing. `place` says in which schema of the database the table of a dataset is. With
/// `within`, it is part of the transaction that is open.
///
/// # Errors
/// What the database says.
pub async fn look(
    session: &Session,
    sql: &str,
    place: &(dyn Fn(&str, &str) -> Option<String> + Sync),
    within: bool,
) -> Result<Seen, Error> {
    let client = &session.client;
    let (begin, end) = match within {
        true => (
            "SAVEPOINT kf_look; SET TRANSACTION READ ONLY",
            "ROLLBACK TO SAVEPOINT kf_look; RELEASE SAVEPOINT kf_look",
        ),
        false => ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "ROLLBACK"),
    };
    ask::batch(client, begin).await?;
    let pinned = if within { Ok(()) } else { ask::batch(client, PIN).await };
    let found = match pinned {
        Ok(()) => ask::rows(client, &print::look(sql, place), &[]).await,
        Err(error) => Err(error),
    };
    let ended = ask::batch(client, end).await;
    let mut seen = Seen::default();
    for row in found? {
        if seen.columns.is_empty() {
            seen.columns = row.get::<_, Option<Vec<String>>>(0).unwrap_or_default();
        }
        seen.rows.push(row.get::<_, Option<Vec<Option<String>>>>(1).unwrap_or_default());
    }
    ended.map(|()| seen)
}
