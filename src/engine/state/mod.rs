//! The state of datasets as hashes: the same on every replica, whatever its locale, plans and files.

mod rows;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::{Row, Transaction};

use super::canon::{Canon, Hash};
use super::{Engine, EngineError};
use crate::deploy::connect::ask;
use crate::interface::{Dbid, Table};

/// The state of a database's datasets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct State {
    /// Of all of them.
    pub hash: Hash,
    /// Of each, by DBID.
    pub datasets: BTreeMap<String, Hash>,
}

/// Hashes of tables, as of one block of the chain.
#[derive(Default)]
pub(super) struct Hashed {
    /// The app hash of that block; none if nothing is known.
    after: Option<Hash>,
    datasets: BTreeMap<String, Tables>,
}

#[derive(Default)]
struct Tables {
    version: i32,
    hashes: BTreeMap<String, Hash>,
}

/// A dataset as the registry has it.
struct Dataset {
    dbid: String,
    owner: Option<String>,
    version: i32,
    sql_hash: String,
    interface_hash: String,
    tables: Vec<Table>,
}

const DATASETS: &str = "SELECT d.dbid, d.owner, d.version, d.sql_hash, d.interface_hash, d.tables::text \
     FROM kf.dataset AS d ORDER BY d.dbid";

/// Tables that something was written to in this transaction, or shortly before.
const TOUCHED: &str = "SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class AS c \
     JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
     WHERE n.nspname LIKE 'ds\\_%' AND c.relkind = 'r' AND (pg_stat_get_xact_tuples_inserted(c.oid) > 0 \
       OR pg_stat_get_xact_tuples_updated(c.oid) > 0 OR pg_stat_get_xact_tuples_deleted(c.oid) > 0)";

impl Hashed {
    /// Forgets what is not of the block with `app_hash`: another connection went on, or the last block was undone.
    pub(super) fn begin(&mut self, app_hash: &Hash) {
        if self.after.as_ref() != Some(app_hash) {
            self.datasets.clear();
        }
        self.after = None;
    }

    /// What is known holds after the block with this app hash.
    pub(super) fn end(&mut self, app_hash: Hash) {
        self.after = Some(app_hash);
    }

    /// Forgets the tables that were written to.
    pub(super) async fn forget(&mut self, transaction: &Transaction<'_>) -> Result<(), EngineError> {
        if self.datasets.is_empty() {
            return Ok(());
        }
        let rows = ask::rows(transaction, TOUCHED, &[]).await;
        let rows = rows.map_err(|error| EngineError::halt("the state", &error))?;
        let touched: BTreeSet<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        for (dbid, tables) in &mut self.datasets {
            let schema = Dbid::recorded(dbid).pg_schema();
            tables.hashes.retain(|name, _| !touched.contains(&(schema.clone(), name.clone())));
        }
        Ok(())
    }

    /// The state now, reading only the tables that are not known.
    pub(super) async fn state(&mut self, transaction: &Transaction<'_>) -> Result<State, EngineError> {
        let rows = ask::rows(transaction, DATASETS, &[]).await;
        let rows = rows.map_err(|error| EngineError::halt("the state", &error))?;
        let mut datasets = BTreeMap::new();
        for row in &rows {
            let dataset = dataset(row)?;
            let hash = self.dataset(transaction, &dataset).await?;
            datasets.insert(dataset.dbid, hash);
        }
        self.datasets.retain(|dbid, _| datasets.contains_key(dbid));
        let mut canon = Canon::new("kuneiform.state.v1");
        canon.length(datasets.len());
        for (dbid, hash) in &datasets {
            canon.text(dbid).hash(hash);
        }
        Ok(State { hash: canon.finish(), datasets })
    }

    async fn dataset(&mut self, transaction: &Transaction<'_>, of: &Dataset) -> Result<Hash, EngineError> {
        let known = self.datasets.entry(of.dbid.clone()).or_default();
        if known.version != of.version {
            *known = Tables { version: of.version, hashes: BTreeMap::new() };
        }
        let mut canon = Canon::new("kuneiform.dataset.v1");
        canon.text(&of.dbid).optional(of.owner.as_deref()).int(i64::from(of.version));
        canon.text(&of.sql_hash).text(&of.interface_hash).length(of.tables.len());
        for table in &of.tables {
            let hash = match known.hashes.get(table.name.as_str()) {
                Some(hash) => *hash,
                None => table::hash(transaction, &of.dbid, table).await?,
            };
            known.hashes.insert(table.name.as_str().to_owned(), hash);
            canon.hash(&hash);
        }
        Ok(canon.finish())
    }
}

fn dataset(row: &Row) -> Result<Dataset, EngineError> {
    let dbid: String = row.get(0);
    let failed = |why: String| EngineError::State { dataset: dbid.clone(), why };
    let tables: Option<&str> = row.get(5);
    let tables = tables.ok_or_else(|| failed("an earlier `kf` deployed it; deploy it again".to_owned()))?;
    let mut tables: Vec<Table> = serde_json::from_str(tables)
        .map_err(|error| failed(format!("its tables cannot be read: {error}")))?;
    tables.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(Dataset {
        owner: row.get(1),
        version: row.get(2),
        sql_hash: row.get(3),
        interface_hash: row.get(4),
        tables,
        dbid,
    })
}

impl Engine {
    /// Hashes every table of every dataset as the transaction sees them, whatever was hashed before. An audit: what it
    /// gives at a height where the state was hashed must be what the block recorded.
    ///
    /// # Errors
    /// [`EngineError::Halt`] if the server fails, [`EngineError::State`] if a dataset's tables are not known.
    pub async fn state(&self, transaction: &Transaction<'_>) -> Result<State, EngineError> {
        self.pin(transaction).await?;
        let state = Hashed::default().state(transaction).await?;
        let done = transaction.batch_execute("RESET ROLE").await;
        done.map_err(|error| EngineError::halt("the state", &error))?;
        Ok(state)
    }
}
