use std::collections::BTreeMap;

use ed25519_consensus::{Signature, VerificationKey};
use prost::Message;
use tendermint_proto::v0_38::types::CanonicalVoteExtension;
use tokio_postgres::{GenericClient, Transaction};

use super::votes;
use crate::deploy::connect::Session;
use crate::deploy::registry;
use crate::oracle::consensus::Signatures;
use crate::oracle::{Caps, Powers, Validator};

const SCHEMA: &str = include_str!("schema.sql");
const THERE: &str = "SELECT to_regclass('kf.abci_chain') IS NOT NULL";
const CHAIN: &str = "SELECT c.initial_height, c.block_bytes FROM kf.abci_chain AS c";
const MEMBERS: &str = "SELECT v.address, v.key, v.power FROM kf.abci_validator AS v";
const RECORD: &str = "INSERT INTO kf.abci_chain (initial_height, block_bytes) VALUES ($1, $2)";
const RECORD_MEMBERS: &str = "INSERT INTO kf.abci_validator (address, key, power) \
     SELECT * FROM unnest($1::text[], $2::bytea[], $3::int8[])";

/// A validator of the chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Its Ed25519 key.
    pub key: [u8; 32],
    /// Its power.
    pub power: i64,
}

/// What CometBFT said when the chain began. It holds for all heights: no block changes validators or parameters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chain {
    /// The height of the first block.
    pub initial_height: i64,
    /// Bytes of a block at most.
    pub block_bytes: i64,
    /// The validators, by their addresses in small hexadecimal digits.
    pub members: BTreeMap<Validator, Member>,
}

impl Chain {
    /// The powers of all.
    pub fn powers(&self) -> Powers {
        let power = |member: &Member| u64::try_from(member.power).unwrap_or(0);
        self.members.iter().map(|(validator, member)| (validator.clone(), power(member))).collect()
    }

    /// What an extension may have. Those of all validators together take at most half of a block, so that a proposer can
    /// always put them into one, whatever liars send.
    pub fn caps(&self) -> Caps {
        let share = usize::try_from(self.block_bytes / 2).unwrap_or(0) / self.members.len().max(1);
        let bytes = share.saturating_sub(votes::OVERHEAD).min(Caps::NETWORK.bytes);
        Caps { bytes, ..Caps::NETWORK }
    }

    /// What the database knows; none if the chain has not begun.
    pub(super) async fn read(client: &impl GenericClient) -> Result<Option<Chain>, tokio_postgres::Error> {
        if !client.query_one(THERE, &[]).await?.get::<_, bool>(0) {
            return Ok(None);
        }
        let Some(row) = client.query_opt(CHAIN, &[]).await? else { return Ok(None) };
        let members = client.query(MEMBERS, &[]).await?;
        let member = |row: &tokio_postgres::Row| {
            let key = row.get::<_, &[u8]>(1).try_into().unwrap_or_default();
            (Validator(row.get(0)), Member { key, power: row.get(2) })
        };
        Ok(Some(Chain {
            initial_height: row.get(0),
            block_bytes: row.get(1),
            members: members.iter().map(member).collect(),
        }))
    }

    /// Writes it down. The registry must be there.
    pub(super) async fn record(&self, session: &mut Session) -> Result<(), tokio_postgres::Error> {
        let transaction = session.client.transaction().await?;
        registry::become_owner(&transaction).await?;
        transaction.batch_execute(SCHEMA).await?;
        self.write(&transaction).await?;
        transaction.commit().await
    }

    async fn write(&self, transaction: &Transaction<'_>) -> Result<(), tokio_postgres::Error> {
        transaction.execute(RECORD, &[&self.initial_height, &self.block_bytes]).await?;
        let addresses: Vec<&str> = self.members.keys().map(|validator| validator.0.as_str()).collect();
        let keys: Vec<&[u8]> = self.members.values().map(|member| member.key.as_slice()).collect();
        let powers: Vec<i64> = self.members.values().map(|member| member.power).collect();
        transaction.execute(RECORD_MEMBERS, &[&addresses, &keys, &powers]).await?;
        Ok(())
    }
}

/// Signatures of vote extensions, as CometBFT makes and checks them.
pub(super) struct Keys {
    chain_id: String,
    keys: BTreeMap<Validator, VerificationKey>,
}

impl Keys {
    pub(super) fn new(chain_id: String, chain: &Chain) -> Keys {
        let key = |member: &Member| VerificationKey::try_from(member.key).ok();
        let keys = chain.members.iter().filter_map(|(name, member)| Some((name.clone(), key(member)?)));
        Keys { chain_id, keys: keys.collect() }
    }
}

impl Signatures for Keys {
    fn holds(&self, height: i64, validator: &Validator, extension: &[u8], signature: &[u8]) -> bool {
        let Some((round, signature)) = votes::split(signature) else { return false };
        let Ok(signature) = Signature::try_from(signature) else { return false };
        let chain_id = self.chain_id.clone();
        let said = CanonicalVoteExtension { extension: extension.to_vec(), height, round, chain_id };
        let signed = said.encode_length_delimited_to_vec();
        self.keys.get(validator).is_some_and(|key| key.verify(&signature, &signed).is_ok())
    }
}
