use std::collections::BTreeMap;

use super::follow::{importees, importers};
use crate::deploy::connect::{Session, ask};
use crate::deploy::{DeployError, problems};
use crate::interface::{Dbid, Interface, Manifest};

/// All that is remembered of a deployed dataset.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// What importers see.
    pub interface: Interface,
    /// What its actions do.
    pub manifest: Manifest,
    /// Its owner; none for a network schema.
    pub owner: Option<String>,
    /// How often it was deployed.
    pub version: i32,
    /// When it was last, by the server's clock, in UTC: `2026-01-31 12:00:00`.
    pub deployed_at: String,
    /// The last block before that; none outside a chain.
    pub height: Option<i64>,
    /// The version of `kf` that compiled it.
    pub compiler: String,
    /// Path of the source as it was given.
    pub path: String,
    /// The source.
    pub source: String,
    /// Hash of what importers see.
    pub interface_hash: String,
    /// Hash of the whole SQL.
    pub sql_hash: String,
    /// What deploys left to do, in words.
    pub pending: Vec<String>,
    /// What was run to make it, in order.
    pub sql: Vec<String>,
}

const SHOWN: &str = "SELECT d.interface::text, d.manifest::text, d.owner, d.version, \
     to_char(d.deployed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), d.compiler_version, d.path, d.source, \
     d.interface_hash, d.sql_hash, \
     ARRAY(SELECT s.sql FROM kf.statement AS s WHERE s.dbid = d.dbid ORDER BY s.position), \
     (SELECT v.height FROM kf.version AS v WHERE v.dbid = d.dbid AND v.version = d.version) \
     FROM kf.dataset AS d WHERE d.dbid = $1";

/// Reads what is remembered of `dbid`.
///
/// # Errors
/// If the registry cannot be read, or has no such dataset.
pub async fn show(session: &Session, dbid: &Dbid) -> Result<Shown, DeployError> {
    let row = ask::row(&session.client, SHOWN, &[&dbid.as_str()]).await;
    let row = row.map_err(|error| problems::database(&error))?;
    let pending = super::pending(&session.client, Some(&[dbid.as_str()])).await?;
    let unreadable =
        |error: serde_json::Error| problems::registry_unreadable(dbid.as_str(), &error.to_string());
    Ok(Shown {
        interface: serde_json::from_str(row.get(0)).map_err(unreadable)?,
        manifest: serde_json::from_str(row.get(1)).map_err(unreadable)?,
        owner: row.get(2),
        version: row.get(3),
        deployed_at: row.get(4),
        height: row.get(11),
        compiler: row.get(5),
        path: row.get(6),
        source: row.get(7),
        interface_hash: row.get(8),
        sql_hash: row.get(9),
        pending: pending.iter().map(super::Pending::told).collect(),
        sql: row.get(10),
    })
}

/// A dataset among those it is connected with.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Graph {
    /// How each dataset is called: its name, with its owner if it has one.
    pub names: BTreeMap<String, String>,
    /// What each imports, in order of names.
    pub imports: BTreeMap<String, Vec<String>>,
    /// What imports each, in order of names.
    pub importers: BTreeMap<String, Vec<String>>,
}

const EDGES: &str = concat!(
    "WITH RECURSIVE ",
    importees!("down"),
    ", ",
    importers!("up"),
    " SELECT i.importer, i.importee, a.name, a.owner, b.name, b.owner FROM kf.import AS i \
     JOIN kf.dataset AS a ON a.dbid = i.importer JOIN kf.dataset AS b ON b.dbid = i.importee \
     WHERE i.importer IN (SELECT d.dbid FROM down AS d) OR i.importee IN (SELECT u.dbid FROM up AS u) \
     ORDER BY a.name, i.importer, b.name, i.importee"
);

/// Everything that `dbid` imports and that imports it, directly or not.
///
/// # Errors
/// If the registry cannot be read.
pub async fn graph(session: &Session, dbid: &Dbid) -> Result<Graph, DeployError> {
    let rows = ask::rows(&session.client, EDGES, &[&[dbid.as_str()].as_slice()]).await;
    let called = |name: &str, owner: Option<&str>| match owner {
        Some(owner) => format!("{owner}.{name}"),
        None => name.to_owned(),
    };
    let mut graph = Graph::default();
    for row in rows.map_err(|error| problems::database(&error))? {
        let (from, to): (String, String) = (row.get(0), row.get(1));
        graph.names.insert(from.clone(), called(row.get(2), row.get(3)));
        graph.names.insert(to.clone(), called(row.get(4), row.get(5)));
        graph.importers.entry(to.clone()).or_default().push(from.clone());
        graph.imports.entry(from).or_default().push(to);
    }
    Ok(graph)
}
