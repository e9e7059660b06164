//! A validator over a store in memory, as consensus sees it.

use std::collections::BTreeMap;
use std::sync::Arc;

use kuneiform::oracle::consensus::{Alone, Consensus, Proposal, Signatures, SignedExtension, seen};
use kuneiform::oracle::store::memory::MemoryStore;
use kuneiform::oracle::store::{Batch, EventStore, Failure, Stage};
use kuneiform::oracle::{
    Block, Caps, Event, EventId, Executor, Powers, Submission, Threshold, Thresholds, Validator, apply,
};
use sha2::{Digest, Sha256};

/// What was deposited, event by event.
#[derive(Clone)]
pub struct Ledger {
    done: BTreeMap<EventId, u32>,
    flaw: Flaw,
}

impl Thresholds for Ledger {
    async fn threshold(&mut self, submission: &Submission) -> Result<Threshold, Failure> {
        let is_strict = submission.targets[0].action == "strict" && self.flaw != Flaw::NoThresholds;
        Ok(if is_strict { Threshold::raised(3, 4).unwrap() } else { Threshold::TWO_THIRDS })
    }
}

impl Executor for Ledger {
    async fn execute(&mut self, event: &Event) -> Result<Result<(), String>, Failure> {
        if event.submission().targets[0].action == "refused" {
            return Ok(Err("KF001".into()));
        }
        *self.done.entry(event.id()).or_default() += 1;
        Ok(Ok(()))
    }
}

/// The powers of each height from a height on.
pub type Plan = Arc<BTreeMap<i64, Powers>>;

pub fn powers_at(plan: &Plan, height: i64) -> &Powers {
    plan.range(..=height.max(1)).next_back().unwrap().1
}

/// A signature that only who knows the secret of a validator can make.
pub fn sign(validator: &Validator, height: i64, extension: &[u8]) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(format!("secret of {validator} at {height}:"));
    hash.update(extension);
    hash.finalize().to_vec()
}

pub struct Keys;

impl Signatures for Keys {
    fn holds(&self, height: i64, validator: &Validator, extension: &[u8], signature: &[u8]) -> bool {
        sign(validator, height, extension) == signature
    }
}

/// A node of the simulation.
pub trait Member: Consensus {
    fn name(&self) -> &Validator;

    /// The hash at each height, from before the first.
    fn hashes(&self) -> &[[u8; 32]];

    fn height(&self) -> i64 {
        i64::try_from(self.hashes().len()).unwrap() - 1
    }

    async fn append(&mut self, batch: &Batch);

    async fn find(&mut self, id: EventId) -> Option<Stage>;

    /// How often the action of each of these events has done its work.
    async fn applied(&mut self, known: &[Event]) -> BTreeMap<EventId, u32>;

    /// Loses what was not committed.
    async fn crash(&mut self);
}

impl Member for Node {
    fn name(&self) -> &Validator {
        &self.name
    }

    fn hashes(&self) -> &[[u8; 32]] {
        &self.hashes
    }

    async fn append(&mut self, batch: &Batch) {
        self.store.append("chain", batch).await.unwrap();
    }

    async fn find(&mut self, id: EventId) -> Option<Stage> {
        self.store.find(id).await.unwrap().map(|record| record.stage)
    }

    async fn applied(&mut self, _: &[Event]) -> BTreeMap<EventId, u32> {
        self.ledger.done.clone()
    }

    async fn crash(&mut self) {
        let lost = self.working.take();
        if let (Flaw::EffectsFirst, Some((_, ledger, _))) = (self.flaw, lost) {
            self.ledger = ledger;
        }
    }
}

/// What a wrong program would do, to see that it would be noticed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flaw {
    None,
    /// Nobody looks at signatures.
    AnySignature,
    /// The power of half of the validators counts as that of all.
    FewVoters,
    /// What actions do is kept before the block is.
    EffectsFirst,
    /// Nothing is given up.
    NoExpiry,
    /// One validator has another lifetime of events in its configuration.
    OneDiffers,
    /// Every event gets by with two thirds.
    NoThresholds,
}

/// What survives a crash is `store`, `ledger` and `hashes`.
pub struct Node {
    name: Validator,
    store: MemoryStore,
    ledger: Ledger,
    hashes: Vec<[u8; 32]>,
    plan: Plan,
    lifetime: i64,
    flaw: Flaw,
    working: Option<(MemoryStore, Ledger, [u8; 32])>,
}

impl Node {
    pub fn new(name: Validator, plan: Plan, lifetime: i64, flaw: Flaw) -> Node {
        let (store, ledger) = (MemoryStore::default(), Ledger { done: BTreeMap::new(), flaw });
        let lifetime = match flaw {
            Flaw::NoExpiry => i64::MAX,
            Flaw::OneDiffers if name.0 == "v2" => lifetime + 1,
            _ => lifetime,
        };
        Node { name, store, ledger, hashes: vec![[0; 32]], plan, lifetime, flaw, working: None }
    }

    fn seen(&self, proposal: &Proposal) -> Result<kuneiform::oracle::Seen, kuneiform::oracle::Malformed> {
        let keys: &dyn Signatures = if self.flaw == Flaw::AnySignature { &Alone } else { &Keys };
        seen(proposal, 1, powers_at(&self.plan, proposal.height - 1), keys)
    }

    fn powers(&self, height: i64) -> Powers {
        let powers = powers_at(&self.plan, height);
        match self.flaw {
            Flaw::FewVoters => {
                let all: Vec<&Validator> = powers.validators().collect();
                all[..all.len().div_ceil(2)].iter().map(|name| ((*name).clone(), powers.of(name))).collect()
            }
            _ => powers.clone(),
        }
    }
}

impl Consensus for Node {
    async fn committed(&mut self) -> Result<(i64, [u8; 32]), Failure> {
        Ok((self.height(), *self.hashes.last().unwrap()))
    }

    async fn propose(
        &mut self,
        height: i64,
        timestamp: i64,
        extensions: Vec<SignedExtension>,
        transactions: Vec<Vec<u8>>,
    ) -> Result<Proposal, Failure> {
        Ok(Proposal::new(height, timestamp, extensions, transactions))
    }

    async fn verify(&mut self, proposal: &Proposal) -> Result<bool, Failure> {
        Ok(proposal.height == self.height() + 1 && self.seen(proposal).is_ok())
    }

    async fn extend(&mut self, _: i64) -> Result<Vec<u8>, Failure> {
        Ok(self.store.pending(&self.name, Caps { bodies: 4, ids: 6, ..Caps::NETWORK }).await?.encode())
    }

    async fn finalize(&mut self, proposal: &Proposal) -> Result<[u8; 32], Failure> {
        assert_eq!(proposal.height, self.height() + 1);
        let seen = self.seen(proposal).map_err(|error| Failure::new(error.to_string()))?;
        let powers = self.powers(proposal.height);
        let block = Block { lifetime: self.lifetime, ..Block::new(proposal.height, seen, powers) };
        let (mut store, mut ledger) = (self.store.begin(), self.ledger.clone());
        let report = apply(&mut store, &mut ledger, &block).await?;
        let mut hash = Sha256::new();
        hash.update(self.hashes.last().unwrap());
        hash.update(report.turn.digest());
        for resolved in &report.resolved {
            hash.update(resolved.event.id().0);
            hash.update(resolved.outcome.word());
            hash.update(resolved.outcome.reason().unwrap_or_default());
        }
        let hash: [u8; 32] = hash.finalize().into();
        self.working = Some((store, ledger, hash));
        Ok(hash)
    }

    async fn commit(&mut self) -> Result<(), Failure> {
        let (store, ledger, hash) = self.working.take().unwrap();
        store.commit();
        self.ledger = ledger;
        self.hashes.push(hash);
        Ok(())
    }
}
