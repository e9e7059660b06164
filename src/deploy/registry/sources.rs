use std::collections::BTreeMap;

use tokio_postgres::Row;

use super::follow::importees;
use crate::deploy::connect::{Session, ask};
use crate::deploy::{DeployError, problems};
use crate::interface::{Dbid, Interface, Manifest, Owner};
use crate::language::Name;

/// A deployed dataset as others import it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Importable {
    /// Its identity.
    pub dbid: Dbid,
    /// The schema's name.
    pub name: Name,
    /// Its owner; none for a network schema.
    pub owner: Option<Owner>,
    /// How often it was deployed.
    pub version: i32,
    /// The version of `kf` that compiled it.
    pub compiler: String,
    /// The source it was made of.
    pub source: String,
    /// What importers see.
    pub interface: Interface,
    /// What its own imports are bound to, by alias.
    pub aliases: BTreeMap<Name, Dbid>,
    /// The interface files of the externs it uses, by name.
    pub externs: BTreeMap<Name, String>,
}

const CLOSURE: &str = concat!(
    "WITH RECURSIVE ",
    importees!("reached"),
    " SELECT d.dbid, d.name, d.owner, d.version, d.compiler_version, d.source, d.interface::text, d.manifest::text \
     FROM kf.dataset AS d JOIN reached AS r ON r.dbid = d.dbid ORDER BY d.name, d.dbid"
);

/// Those of the datasets `wanted` that are deployed, with all that they import.
///
/// # Errors
/// If the registry cannot be read.
pub async fn closure(session: &Session, wanted: &[&str]) -> Result<Vec<Importable>, DeployError> {
    if !super::check(session).await? {
        return Ok(Vec::new());
    }
    let rows = ask::rows(&session.client, CLOSURE, &[&wanted]).await;
    rows.map_err(|error| problems::database(&error))?.iter().map(importable).collect()
}

fn importable(row: &Row) -> Result<Importable, DeployError> {
    let dbid: &str = row.get(0);
    let unreadable = |error: serde_json::Error| problems::registry_unreadable(dbid, &error.to_string());
    let manifest: Manifest = serde_json::from_str(row.get(7)).map_err(unreadable)?;
    Ok(Importable {
        dbid: Dbid::recorded(dbid),
        name: Name::new(row.get(1)),
        owner: row.get::<_, Option<String>>(2).map(Owner),
        version: row.get(3),
        compiler: row.get(4),
        source: row.get(5),
        interface: serde_json::from_str(row.get(6)).map_err(unreadable)?,
        aliases: manifest.aliases,
        externs: manifest.extern_files,
    })
}
