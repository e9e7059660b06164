use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::{GenericClient, Row};

use super::follow::{importees, importers};
use crate::deploy::connect::ask;
use crate::deploy::{DeployError, problems};
use crate::interface::{Dbid, Interface, Manifest, Owner, Package, Profile, StatementKind, Table};
use crate::language::Name;

/// A statement that was run for a dataset.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// What it made.
    pub kind: StatementKind,
    /// What identifies the thing within its kind.
    pub name: String,
    /// The thing, quoted and qualified.
    pub object: String,
    /// The text.
    pub sql: String,
}

/// A deployed dataset.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dataset {
    /// The schema's name.
    pub name: Name,
    /// Its owner; none for a network schema.
    pub owner: Option<Owner>,
    /// Which rules it was compiled under.
    pub profile: Profile,
    /// How often it was deployed.
    pub version: i32,
    /// The version whose source it has, if that is remembered.
    pub content: Option<i32>,
    /// Hash of its whole SQL.
    pub sql_hash: String,
    /// Hash of what importers see.
    pub interface_hash: String,
    /// Path of the source as it was given.
    pub path: String,
    /// The source it was made of.
    pub source: String,
    /// What importers see.
    pub interface: Interface,
    /// What it does.
    pub manifest: Manifest,
    /// Its tables; none if a version of `kf` deployed it that did not record them.
    pub tables: Option<Vec<Table>>,
    /// Everything that was run, in order; only read for datasets that are to be deployed.
    pub statements: Vec<Recorded>,
}

/// The part of a registry that a deploy looks at.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Installed {
    /// The datasets that are deployed, those they import and those that import them.
    pub datasets: BTreeMap<Dbid, Dataset>,
    /// Importer and importee.
    pub imports: BTreeSet<(Dbid, Dbid)>,
}

const COLUMNS: &str = "d.dbid, d.name, d.version, d.sql_hash, d.interface_hash, d.source, d.manifest::text, \
     d.interface::text, d.tables::text, d.path, d.owner, d.profile, \
     (SELECT v.content FROM kf.version AS v WHERE v.dbid = d.dbid AND v.version = d.version)";
const DATASETS: &str = "FROM kf.dataset AS d WHERE d.dbid IN (SELECT unnest($1::text[]) \
     UNION SELECT unnest($2::text[]) UNION SELECT i.importer FROM kf.import AS i WHERE i.importee = ANY ($1))";
const DEPENDENTS: &str =
    concat!("WITH RECURSIVE ", importers!("reached"), " SELECT r.dbid FROM reached AS r");
const WITH_IMPORTS: &str = concat!(
    "FROM kf.dataset AS d WHERE d.dbid IN (WITH RECURSIVE ",
    importees!("reached"),
    " SELECT r.dbid FROM reached AS r)"
);
const STATEMENTS: &str = "SELECT s.dbid, s.kind, s.name, s.object, s.sql FROM kf.statement AS s WHERE s.dbid = ANY ($1) \
     ORDER BY s.dbid, s.position";
const IMPORTS: &str =
    "SELECT i.importer, i.importee FROM kf.import AS i WHERE i.importer = ANY ($1) OR i.importee = ANY ($1)";

impl Installed {
    /// Reads what concerns `deployed`, which are to be deployed, and `imported`, which they import.
    pub async fn read(
        client: &impl GenericClient,
        deployed: &[&str],
        imported: &[&str],
    ) -> Result<Installed, DeployError> {
        let failed = |error: tokio_postgres::Error| problems::database(&error);
        let mut installed = Installed::default();
        for row in ask::rows(client, &format!("SELECT {COLUMNS} {DATASETS}"), &[&deployed, &imported])
            .await
            .map_err(failed)?
        {
            let (dbid, dataset) = dataset(&row)?;
            installed.datasets.insert(dbid, dataset);
        }
        for row in ask::rows(client, STATEMENTS, &[&deployed]).await.map_err(failed)? {
            let (dbid, recorded) = statement(&row)?;
            if let Some(dataset) = installed.datasets.get_mut(&dbid) {
                dataset.statements.push(recorded);
            }
        }
        for row in ask::rows(client, IMPORTS, &[&deployed]).await.map_err(failed)? {
            installed
                .imports
                .insert((Dbid::recorded(row.get::<_, &str>(0)), Dbid::recorded(row.get::<_, &str>(1))));
        }
        Ok(installed)
    }

    /// Reads `first`, whatever imports one of them directly or not, and all that those import: the dependents, and all
    /// datasets without their statements.
    pub async fn dependents(
        client: &impl GenericClient,
        first: &BTreeSet<Dbid>,
    ) -> Result<(BTreeSet<Dbid>, BTreeMap<Dbid, Dataset>), DeployError> {
        let failed = |error: tokio_postgres::Error| problems::database(&error);
        let first: Vec<&str> = first.iter().map(Dbid::as_str).collect();
        let rows = ask::rows(client, DEPENDENTS, &[&first]).await.map_err(failed)?;
        let dependents: BTreeSet<Dbid> =
            rows.iter().map(|row| Dbid::recorded(row.get::<_, &str>(0))).collect();
        let datasets = Installed::closure(client, &dependents).await?;
        Ok((dependents, datasets))
    }

    /// Reads `first` and all that they import, directly or not, without their statements.
    pub async fn closure(
        client: &impl GenericClient,
        first: &BTreeSet<Dbid>,
    ) -> Result<BTreeMap<Dbid, Dataset>, DeployError> {
        let failed = |error: tokio_postgres::Error| problems::database(&error);
        let first: Vec<&str> = first.iter().map(Dbid::as_str).collect();
        let rows = ask::rows(client, &format!("SELECT {COLUMNS} {WITH_IMPORTS}"), &[&first]).await;
        rows.map_err(failed)?.iter().map(dataset).collect()
    }

    /// Datasets that import `importee`.
    pub fn importers<'i>(&'i self, importee: &'i Dbid) -> impl Iterator<Item = &'i Dbid> {
        self.imports.iter().filter(move |(_, to)| to == importee).map(|(from, _)| from)
    }
}

impl Dataset {
    /// `package` as if it were deployed: what its source is compiled from once more.
    pub fn of(package: &Package) -> Dataset {
        Dataset {
            name: package.interface.name.clone(),
            owner: package.owner.clone(),
            profile: package.profile,
            version: 0,
            content: None,
            sql_hash: package.hash(),
            interface_hash: package.interface.hash(),
            path: package.path.clone(),
            source: package.source.clone(),
            interface: package.interface.clone(),
            manifest: package.manifest.clone(),
            tables: Some(package.tables.clone()),
            statements: Vec::new(),
        }
    }
}

fn dataset(row: &Row) -> Result<(Dbid, Dataset), DeployError> {
    let dbid: &str = row.get(0);
    let unreadable = |error: serde_json::Error| problems::registry_unreadable(dbid, &error.to_string());
    let tables: Option<&str> = row.get(8);
    let dataset = Dataset {
        name: Name::new(row.get(1)),
        owner: row.get::<_, Option<String>>(10).map(Owner),
        profile: match row.get::<_, &str>(11) {
            "app" => Profile::App,
            "metered" => Profile::Metered,
            _ => Profile::Node,
        },
        version: row.get(2),
        content: row.get(12),
        sql_hash: row.get(3),
        interface_hash: row.get(4),
        path: row.get(9),
        source: row.get(5),
        manifest: serde_json::from_str(row.get(6)).map_err(unreadable)?,
        interface: serde_json::from_str(row.get(7)).map_err(unreadable)?,
        tables: tables.map(serde_json::from_str).transpose().map_err(unreadable)?,
        statements: Vec::new(),
    };
    Ok((Dbid::recorded(dbid), dataset))
}

fn statement(row: &Row) -> Result<(Dbid, Recorded), DeployError> {
    let (dbid, kind): (&str, &str) = (row.get(0), row.get(1));
    let kind: Result<StatementKind, _> = serde_json::from_value(serde_json::Value::String(kind.to_owned()));
    let kind = kind.map_err(|error| problems::registry_unreadable(dbid, &error.to_string()))?;
    let recorded = Recorded { kind, name: row.get(2), object: row.get(3), sql: row.get(4) };
    Ok((Dbid::recorded(dbid), recorded))
}
