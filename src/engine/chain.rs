use futures_util::future::join;
use tokio_postgres::{GenericClient, Row, Transaction};

use super::block::Outcome;
use super::canon::{Canon, Hash};
use super::receipt::Receipt;
use super::{Block, Engine, EngineError};
use crate::deploy::connect::ask;

/// What the whole network has agreed on. It enters the genesis, so that replicas with other rules have other hashes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rules {
    /// How many steps one request may use.
    pub budget: i64,
    /// Every how many blocks the state enters the app hash: 1 for all, 0 for none.
    pub state_every: i32,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { budget: 1_000_000, state_every: 1 }
    }
}

/// How a chain begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Genesis {
    /// What the chain is called.
    pub chain: String,
    /// The height of its first block.
    pub initial_height: i64,
    /// What holds for all of it.
    pub rules: Rules,
}

impl Genesis {
    /// What the first block's app hash is chained to.
    pub fn app_hash(&self) -> Hash {
        let Genesis { chain, initial_height, rules: Rules { budget, state_every } } = self;
        let mut canon = Canon::new("kuneiform.genesis.v1");
        canon.text(chain).int(*initial_height).int(*budget).int(i64::from(*state_every));
        canon.finish()
    }
}

/// Where a chain is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// The last height; one less than the first block's before there is any.
    pub height: i64,
    /// The app hash there.
    pub app_hash: Hash,
    /// The rules of the chain.
    pub rules: Rules,
}

/// What is known of a committed block beside its receipts.
pub(super) struct Committed {
    id: Vec<u8>,
    timestamp: i64,
    pub(super) calls: Hash,
    pub(super) outcome: Outcome,
}

impl Committed {
    /// True if it was this very block.
    pub(super) fn is(&self, block: &Block, calls: &Hash) -> bool {
        self.id == block.id && self.timestamp == block.timestamp && self.calls == *calls
    }
}

const BEGIN: &str = "INSERT INTO kf.chain (id, initial_height, budget, state_every, app_hash) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (only_row) DO NOTHING";
const CHAIN: &str = "SELECT c.id, c.app_hash FROM kf.chain AS c";
const HEAD: &str = "SELECT coalesce(b.height, c.initial_height - 1), coalesce(b.app_hash, c.app_hash), c.budget, c.state_every \
     FROM kf.chain AS c LEFT JOIN kf.block AS b ON b.height = (SELECT max(l.height) FROM kf.block AS l)";
const BLOCK: &str =
    "SELECT b.calls, b.state, b.app_hash, b.id, b.block_timestamp FROM kf.block AS b WHERE b.height = $1";
const RECEIPTS: &str = "SELECT r.txid, r.status, r.steps, r.row_count, r.result FROM kf.receipt AS r \
     WHERE r.height = $1 ORDER BY r.position";
const ADD_BLOCK: &str = "INSERT INTO kf.block (height, id, block_timestamp, calls, receipts, state, app_hash) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const ADD_RECEIPTS: &str = "INSERT INTO kf.receipt (height, position, txid, status, steps, row_count, result) \
     SELECT $1, r.position, r.txid, r.status, r.steps, r.row_count, r.result \
     FROM unnest($2::text[], $3::text[], $4::int8[], $5::int8[], $6::bytea[]) \
       WITH ORDINALITY AS r (txid, status, steps, row_count, result, position)";

impl Engine {
    /// Begins the chain, unless it has begun the same way. Commits nothing.
    ///
    /// # Errors
    /// [`EngineError::OtherGenesis`] if the database has another chain, [`EngineError::Halt`] if the server fails.
    pub async fn genesis(
        &self,
        transaction: &Transaction<'_>,
        genesis: &Genesis,
    ) -> Result<Hash, EngineError> {
        let failed = |error: tokio_postgres::Error| EngineError::halt("the genesis", &error);
        self.pin(transaction).await?;
        let Genesis { chain, initial_height, rules } = genesis;
        let app_hash = genesis.app_hash();
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [chain, initial_height, &rules.budget, &rules.state_every, &app_hash.as_slice()];
        transaction.execute(BEGIN, &values).await.map_err(failed)?;
        let row = transaction.query_one(CHAIN, &[]).await.map_err(failed)?;
        transaction.batch_execute("RESET ROLE").await.map_err(failed)?;
        if hash(&row, 1) != app_hash {
            return Err(EngineError::OtherGenesis { found: row.get(0), wanted: chain.clone() });
        }
        Ok(app_hash)
    }

    /// Where the chain is; none before its genesis.
    ///
    /// # Errors
    /// [`EngineError::Halt`] if the server fails.
    pub async fn head(&self, client: &impl GenericClient) -> Result<Option<Head>, EngineError> {
        head(client).await
    }

    /// What a block gave that was committed; none if there is none at this height. After a connection that broke while
    /// a block was committed, this tells how it ended.
    ///
    /// # Errors
    /// [`EngineError::Halt`] if the server fails.
    pub async fn committed(
        &self,
        client: &impl GenericClient,
        height: i64,
    ) -> Result<Option<Outcome>, EngineError> {
        Ok(committed(client, height).await?.map(|committed| committed.outcome))
    }
}

pub(super) async fn head(client: &impl GenericClient) -> Result<Option<Head>, EngineError> {
    let row =
        ask::perhaps(client, HEAD, &[]).await.map_err(|error| EngineError::halt("the chain", &error))?;
    let head = |row: Row| Head {
        height: row.get(0),
        app_hash: hash(&row, 1),
        rules: Rules { budget: row.get(2), state_every: row.get(3) },
    };
    Ok(row.map(head))
}

pub(super) async fn committed(
    client: &impl GenericClient,
    height: i64,
) -> Result<Option<Committed>, EngineError> {
    let failed = |error: tokio_postgres::Error| EngineError::halt(format!("block {height}"), &error);
    let Some(block) = ask::perhaps(client, BLOCK, &[&height]).await.map_err(failed)? else { return Ok(None) };
    let rows = ask::rows(client, RECEIPTS, &[&height]).await.map_err(failed)?;
    let receipt = |row: &Row| Receipt {
        txid: row.get(0),
        status: row.get(1),
        steps: row.get(2),
        rows: row.get(3),
        result: hash(row, 4),
    };
    let state: Option<&[u8]> = block.get(1);
    let outcome = Outcome {
        height,
        receipts: rows.iter().map(receipt).collect(),
        state: state.map(|_| hash(&block, 1)),
        app_hash: hash(&block, 2),
        replayed: true,
    };
    Ok(Some(Committed { id: block.get(3), timestamp: block.get(4), calls: hash(&block, 0), outcome }))
}

/// Writes a block that was run into the chain.
pub(super) async fn record(
    transaction: &Transaction<'_>,
    block: &Block,
    calls: &Hash,
    receipts: &Hash,
    outcome: &Outcome,
) -> Result<(), EngineError> {
    let failed = |error: tokio_postgres::Error| EngineError::halt(format!("block {}", block.height), &error);
    let all = &outcome.receipts;
    let txids: Vec<&str> = all.iter().map(|receipt| receipt.txid.as_str()).collect();
    let statuses: Vec<&str> = all.iter().map(|receipt| receipt.status.as_str()).collect();
    let steps: Vec<i64> = all.iter().map(|receipt| receipt.steps).collect();
    let rows: Vec<i64> = all.iter().map(|receipt| receipt.rows).collect();
    let results: Vec<&[u8]> = all.iter().map(|receipt| receipt.result.as_slice()).collect();
    let state = outcome.state.as_ref().map(Hash::as_slice);
    let entry: [&dyn ask::Bound; 7] = [
        &block.height,
        &block.id,
        &block.timestamp,
        &calls.as_slice(),
        &receipts.as_slice(),
        &state,
        &outcome.app_hash.as_slice(),
    ];
    let all: [&dyn ask::Bound; 6] = [&block.height, &txids, &statuses, &steps, &rows, &results];
    let (entry, all) =
        join(ask::run(transaction, ADD_BLOCK, &entry), ask::run(transaction, ADD_RECEIPTS, &all)).await;
    entry.and(all).map_err(failed)?;
    Ok(())
}

/// A hash the registry keeps; the columns are only written here.
fn hash(row: &Row, index: usize) -> Hash {
    row.get::<_, &[u8]>(index).try_into().unwrap_or_default()
}
