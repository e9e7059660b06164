use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::Transaction;

use super::compile::{self, Text};
use super::{NodeConfig, NodeError, Trouble, problems};
use crate::deploy::connect::Session;
use crate::deploy::deploy_packages;
use crate::engine::{self, Canon, Engine, Hash, begin};
use crate::interface::Package;

/// What a chain begins with: the same bytes give the same hash everywhere, whatever version of the compiler reads them.
#[derive(Clone, PartialEq, Debug)]
pub struct Genesis {
    chain_id: String,
    engine: engine::Rules,
    /// What it is made of, by name: `chain_id`, `budget`, `state_every`, `event_lifetime`, and a DBID for each schema.
    items: BTreeMap<String, Hash>,
    /// In dependency order.
    packages: Vec<Package>,
}

const RECORDED: &str = "SELECT g.item, g.hash FROM kf.node_genesis AS g";
const RECORD: &str = "INSERT INTO kf.node_genesis (item, hash) SELECT * FROM unnest($1::text[], $2::bytea[])";

impl Genesis {
    /// Reads and compiles the schemas.
    ///
    /// # Errors
    /// A file that cannot be read, a schema with errors, two that are the same dataset.
    pub fn read(config: &NodeConfig) -> Result<Genesis, NodeError> {
        let texts = compile::read(&config.schemas)?;
        let compiled = compile::compile(&texts)?;
        let mut items = BTreeMap::from([
            ("chain_id".to_owned(), item(|canon| canon.text(&config.chain_id))),
            ("budget".to_owned(), item(|canon| canon.int(config.rules.budget))),
            ("state_every".to_owned(), item(|canon| canon.int(config.rules.state_every.into()))),
            ("event_lifetime".to_owned(), item(|canon| canon.int(config.event_lifetime))),
        ]);
        if config.abci.is_some() {
            // Nobody goes on alone with a chain of many, or the other way round.
            items.insert("consensus".to_owned(), item(|canon| canon.text("abci")));
        }
        for (number, package) in &compiled {
            let dbid = package.interface.dbid.as_str();
            let hash = texts.get(*number).map(schema).unwrap_or_default();
            if items.insert(format!("schema {dbid}"), hash).is_some() {
                return Err(problems::twice(dbid));
            }
        }
        let packages = compiled.into_iter().map(|(_, package)| package).collect();
        Ok(Genesis { chain_id: config.chain_id.clone(), engine: config.rules.clone(), items, packages })
    }

    /// SHA-256 over everything the chain begins with.
    pub fn hash(&self) -> Hash {
        let mut canon = Canon::new("kuneiform.node-genesis.v1");
        canon.length(self.items.len());
        for (name, hash) in &self.items {
            canon.text(name).hash(hash);
        }
        canon.finish()
    }

    /// Begins the chain in the database of `session`, or makes sure that it began this way. The schemas are deployed
    /// before anything is written down, so that a start that was interrupted is simply done again.
    ///
    /// # Errors
    /// If the chain began another way, by the first thing that differs; if the database refuses.
    pub(super) async fn begin(
        &self,
        session: &mut Session,
        engine: &Engine,
        initial_height: i64,
    ) -> Result<Hash, NodeError> {
        let chain = self.engine_genesis(initial_height);
        match recorded(session).await? {
            began if began.is_empty() => self.first(session, engine, &chain).await?,
            began => self.compare(&began)?,
        }
        Ok(chain.app_hash())
    }

    async fn first(
        &self,
        session: &mut Session,
        engine: &Engine,
        chain: &engine::Genesis,
    ) -> Result<(), NodeError> {
        let deployed = deploy_packages(session, &self.packages, &mut |_| {}).await;
        deployed.map_err(|errors| {
            let mut errors = errors.into_iter().map(NodeError::from);
            let first = errors.next();
            let error = first.unwrap_or_else(|| NodeError::new(Trouble::Database, "nothing was deployed"));
            errors.fold(error, |mut error, other| {
                error.notes.push(other.message);
                error
            })
        })?;
        let failed = |error: tokio_postgres::Error| problems::statement("the genesis", &error);
        let transaction = begin(&mut session.client).await?;
        self.record(&transaction).await.map_err(failed)?;
        engine.genesis(&transaction, chain).await?;
        transaction.commit().await.map_err(failed)
    }

    async fn record(&self, transaction: &Transaction<'_>) -> Result<(), tokio_postgres::Error> {
        let (names, hashes): (Vec<&str>, Vec<&[u8]>) =
            self.items.iter().map(|(name, hash)| (name.as_str(), hash.as_slice())).unzip();
        transaction.execute(RECORD, &[&names, &hashes]).await?;
        Ok(())
    }

    /// The hash of the schemas is part of what the engine calls the chain, so that every app hash depends on it.
    fn engine_genesis(&self, initial_height: i64) -> engine::Genesis {
        let chain = format!("{}/{}", self.chain_id, hex::encode(self.hash()));
        engine::Genesis { chain, initial_height, rules: self.engine.clone() }
    }

    fn compare(&self, began: &BTreeMap<String, Vec<u8>>) -> Result<(), NodeError> {
        let names: BTreeSet<&String> = self.items.keys().chain(began.keys()).collect();
        for name in names {
            match (self.items.get(name), began.get(name)) {
                (Some(here), Some(there)) if here.as_slice() == there => {}
                (Some(_), Some(_)) => return Err(problems::other_genesis(name, "was another")),
                (Some(_), None) => return Err(problems::other_genesis(name, "was not in it")),
                (None, _) => return Err(problems::other_genesis(name, "was in it")),
            }
        }
        Ok(())
    }
}

async fn recorded(session: &Session) -> Result<BTreeMap<String, Vec<u8>>, NodeError> {
    let rows = session.client.query(RECORDED, &[]).await;
    let rows = rows.map_err(|error| problems::statement("the genesis", &error))?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

fn item(write: impl FnOnce(&mut Canon) -> &mut Canon) -> Hash {
    let mut canon = Canon::new("kuneiform.node-genesis.item.v1");
    write(&mut canon);
    canon.finish()
}

/// The text as it is in the file, and whose it is.
fn schema(text: &Text) -> Hash {
    item(|canon| canon.optional(text.owner.as_ref().map(|owner| owner.0.as_str())).bytes(&text.bytes))
}
