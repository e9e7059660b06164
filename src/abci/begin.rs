use std::collections::BTreeMap;

use tendermint::PublicKey;
use tendermint::abci::{request, response};
use tendermint::validator::Update;

use super::app::told;
use super::running::Running;
use super::{App, Beginning, Chain, Member, Trouble, problems};
use crate::deploy::connect::connect_to;
use crate::oracle::Validator;
use crate::oracle::store::Failure;

impl App {
    /// `InitChain`. Asked again after a crash before the first block, and then it must say the same.
    pub(super) async fn begin(&self, asked: request::InitChain) -> Result<response::InitChain, Trouble> {
        let mut running = self.0.running.lock().await;
        let wanted = chain(&asked, &self.0.setup.chain_id)?;
        let head = self.head().0;
        if head > 0 {
            return Err(problems::has_begun(head));
        }
        let (initial_height, app_state) = (wanted.initial_height, asked.app_state_bytes.to_vec());
        let app_hash = self.0.host.begin(&Beginning { initial_height, app_state }).await?;
        self.record(&wanted).await?;
        let (started, head) = Running::start(&self.0.settings, &self.0.setup, &wanted).await?;
        if head.0.saturating_add(1) != wanted.initial_height {
            return Err(problems::other_beginning());
        }
        self.advance(told(&wanted, head));
        self.0.setup.warn(&wanted, &*self.0.host);
        *running = Some(started);
        let app_hash = app_hash.to_vec().try_into().unwrap_or_default();
        Ok(response::InitChain { consensus_params: None, validators: Vec::new(), app_hash })
    }

    async fn record(&self, wanted: &Chain) -> Result<(), Trouble> {
        let session = connect_to(&self.0.settings).await;
        let mut session = session.map_err(|error| Failure::new(error.to_string()))?;
        match Chain::read(&session.client).await? {
            None => wanted.record(&mut session).await?,
            Some(found) if found == *wanted => {}
            Some(_) => return Err(problems::other_beginning()),
        }
        session.close().await;
        Ok(())
    }

    /// `Info`: where CometBFT goes on after a crash of either side.
    pub(super) fn info(&self) -> response::Info {
        let (height, app_hash) = self.head();
        response::Info {
            data: "kuneiform".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            app_version: 1,
            last_block_height: u64::try_from(height).unwrap_or(0).try_into().unwrap_or_default(),
            last_block_app_hash: app_hash.to_vec().try_into().unwrap_or_default(),
        }
    }
}

fn chain(asked: &request::InitChain, chain_id: &str) -> Result<Chain, Trouble> {
    if asked.chain_id != chain_id {
        return Err(problems::other_chain(&asked.chain_id, chain_id));
    }
    let initial_height = number(asked.initial_height.value());
    let from = asked.consensus_params.abci.vote_extensions_enable_height;
    let from = from.map_or(0, |height| height.value());
    if !(1..=initial_height.max(1)).contains(&number(from)) {
        return Err(problems::no_extensions(initial_height));
    }
    let members: BTreeMap<Validator, Member> =
        asked.validators.iter().map(member).collect::<Result<_, Trouble>>()?;
    match members.is_empty() {
        true => Err(problems::no_validators()),
        false => {
            Ok(Chain { initial_height, block_bytes: number(asked.consensus_params.block.max_bytes), members })
        }
    }
}

fn member(update: &Update) -> Result<(Validator, Member), Trouble> {
    let address = hex::encode(tendermint::account::Id::from(update.pub_key).as_bytes());
    let key = match &update.pub_key {
        PublicKey::Ed25519(key) => key.as_bytes().try_into().ok(),
        _ => None,
    };
    let key = key.ok_or_else(|| problems::other_key(&address))?;
    Ok((Validator(address), Member { key, power: number(update.power.value()) }))
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
