use std::sync::Arc;
use std::time::Duration;

use super::chain::Keys;
use super::{Chain, Setup, SignedCalls, Trouble, problems};
use crate::deploy::connect::Settings;
use crate::engine::Hash;
use crate::oracle::consensus::{Consensus, Signatures};
use crate::oracle::store::Failure;
use crate::oracle::{Caps, DatabaseNode, Knowledge, Powers, Validator};

/// A chain that has begun.
pub(super) struct Running {
    pub(super) node: DatabaseNode,
    pub(super) calls: Arc<SignedCalls>,
    pub(super) keys: Arc<Keys>,
    pub(super) powers: Powers,
    pub(super) caps: Caps,
    /// The height that comes next, unless something is finalised.
    pub(super) next: i64,
    /// What is finalised and not committed.
    pub(super) pending: Option<Pending>,
}

/// A block that was run and is not kept yet.
pub(super) struct Pending {
    pub(super) height: i64,
    pub(super) timestamp: i64,
    pub(super) app_hash: Hash,
    pub(super) took: Duration,
}

impl Running {
    /// Connects to the database of a chain that has begun; its height and hash.
    pub(super) async fn start(
        settings: &Settings,
        setup: &Setup,
        chain: &Chain,
    ) -> Result<(Running, (i64, Hash)), Failure> {
        let calls = Arc::new(SignedCalls { chain_id: setup.chain_id.clone() });
        let keys = Arc::new(Keys::new(setup.chain_id.clone(), chain));
        let (powers, caps) = (chain.powers(), chain.caps());
        let always = powers.clone();
        let knowledge = Knowledge {
            me: setup.validator.clone().unwrap_or(Validator(String::new())),
            initial_height: chain.initial_height,
            lifetime: setup.lifetime,
            powers: Arc::new(move |_| always.clone()),
            signatures: keys.clone() as Arc<dyn Signatures + Send + Sync>,
            calls: calls.clone(),
            caps,
            local: setup.local.clone(),
        };
        let mut node = DatabaseNode::start(settings, knowledge).await?;
        let head = node.committed().await?;
        let next = head.0.saturating_add(1);
        Ok((Running { node, calls, keys, powers, caps, next, pending: None }, head))
    }

    /// Refuses a height that is not the next.
    pub(super) fn expect(&self, height: i64) -> Result<(), Trouble> {
        match height == self.next {
            true => Ok(()),
            false => Err(problems::other_height(height, self.next)),
        }
    }
}
