//! Events in memory, for tests and simulations. A block works on a copy, which `commit` puts in its place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Batch, EventStore, Failure, Opened, Record, Resolved, Stage, moved};
use crate::oracle::{Caps, Claim, Claims, Event, EventId, Extension, Outcome, Validator, Vote};

/// A store that is gone with the process. Clones are the same store.
#[derive(Clone, Default)]
pub struct MemoryStore {
    shared: Arc<Mutex<Shared>>,
    /// What a block has made of the chain's part so far.
    working: Option<Chain>,
}

#[derive(Default)]
struct Shared {
    local: Local,
    chain: Chain,
}

/// What this node has seen.
#[derive(Default)]
struct Local {
    /// In the order in which it was seen.
    observed: Vec<Event>,
    cursors: BTreeMap<(String, String), String>,
}

/// What is the same on every node.
#[derive(Clone, Default)]
struct Chain {
    open: BTreeMap<EventId, Claim>,
    votes: BTreeSet<Vote>,
    heads: BTreeMap<String, i64>,
    done: BTreeMap<EventId, (Event, i64, Outcome)>,
}

impl MemoryStore {
    /// The same store for one block: what is written of the chain is seen by nobody until [`MemoryStore::commit`], and is
    /// gone if the value is dropped.
    pub fn begin(&self) -> MemoryStore {
        let chain = self.shared().chain.clone();
        MemoryStore { shared: self.shared.clone(), working: Some(chain) }
    }

    /// Ends what [`MemoryStore::begin`] began.
    pub fn commit(self) {
        let MemoryStore { shared, working } = self;
        let mut shared = lock(&shared);
        if let Some(chain) = working {
            shared.local.observed.retain(|event| !chain.done.contains_key(&event.id()));
            shared.chain = chain;
        }
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        lock(&self.shared)
    }

    fn with<T>(&mut self, work: impl FnOnce(&mut Chain) -> T) -> T {
        match &mut self.working {
            Some(chain) => work(chain),
            None => work(&mut lock(&self.shared).chain),
        }
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl EventStore for MemoryStore {
    async fn append(&mut self, oracle: &str, batch: &Batch) -> Result<usize, Failure> {
        let Shared { local, chain } = &mut *self.shared();
        let mut there: BTreeSet<EventId> = local.observed.iter().map(Event::id).collect();
        let mut new = 0;
        for event in &batch.events {
            if !chain.done.contains_key(&event.id()) && there.insert(event.id()) {
                local.observed.push(event.clone());
                new += 1;
            }
        }
        for (key, value) in &batch.cursor {
            let key = (oracle.to_owned(), key.clone());
            match value {
                Some(value) => drop(local.cursors.insert(key, value.clone())),
                None => drop(local.cursors.remove(&key)),
            }
        }
        Ok(new)
    }

    async fn cursor(&mut self, oracle: &str, key: &str) -> Result<Option<String>, Failure> {
        Ok(self.shared().local.cursors.get(&(oracle.to_owned(), key.to_owned())).cloned())
    }

    async fn pending(&mut self, validator: &Validator, caps: Caps) -> Result<Extension, Failure> {
        let Shared { local, chain } = &*self.shared();
        let is_new = |id: &EventId| !chain.open.contains_key(id) && !chain.done.contains_key(id);
        let has_no_vote = |id: &EventId| {
            let is_open = chain.open.get(id).is_some_and(|claim| !claim.is_approved);
            is_open && !chain.votes.contains(&Vote { id: *id, validator: validator.clone() })
        };
        let bodies = local.observed.iter().filter(|event| is_new(&event.id()));
        let ids = local.observed.iter().map(Event::id).filter(has_no_vote);
        Ok(Extension::fill(bodies.map(|event| event.body().to_vec()), ids, caps))
    }

    async fn claims(&mut self) -> Result<Claims, Failure> {
        Ok(self.with(|chain| Claims { open: chain.open.clone(), votes: chain.votes.clone() }))
    }

    async fn heads(&mut self, topics: &BTreeSet<&str>) -> Result<BTreeMap<String, i64>, Failure> {
        Ok(self.with(|chain| {
            let wanted = chain.heads.iter().filter(|(topic, _)| topics.contains(topic.as_str()));
            wanted.map(|(topic, point)| (topic.clone(), *point)).collect()
        }))
    }

    async fn resolved(&mut self, ids: &[EventId]) -> Result<BTreeSet<EventId>, Failure> {
        Ok(self.with(|chain| ids.iter().filter(|id| chain.done.contains_key(id)).copied().collect()))
    }

    async fn record(
        &mut self,
        height: i64,
        opened: &[Opened],
        votes: &BTreeSet<Vote>,
    ) -> Result<(), Failure> {
        self.with(|chain| {
            for Opened { event, claimed_by, threshold } in opened {
                let (event, claimed_by, threshold) = (event.clone(), claimed_by.clone(), *threshold);
                let claim = Claim { event, claimed_by, first_height: height, threshold, is_approved: false };
                chain.open.insert(claim.event.id(), claim);
            }
            chain.votes.extend(votes.iter().cloned());
        });
        Ok(())
    }

    async fn approve(&mut self, ids: &[EventId]) -> Result<(), Failure> {
        self.with(|chain| {
            for (_, claim) in chain.open.iter_mut().filter(|(id, _)| ids.contains(id)) {
                claim.is_approved = true;
            }
        });
        Ok(())
    }

    async fn resolve(&mut self, height: i64, resolved: &[Resolved]) -> Result<(), Failure> {
        self.with(|chain| {
            for Resolved { event, outcome } in resolved {
                chain.open.remove(&event.id());
                chain.done.insert(event.id(), (event.clone(), height, outcome.clone()));
            }
            let Chain { open, votes, heads, .. } = chain;
            votes.retain(|vote| open.contains_key(&vote.id));
            heads.extend(moved(resolved).into_iter().map(|(topic, point)| (topic.to_owned(), point)));
        });
        if self.working.is_none() {
            let Shared { local, chain } = &mut *self.shared();
            local.observed.retain(|event| !chain.done.contains_key(&event.id()));
        }
        Ok(())
    }

    async fn list(&mut self, word: Option<&str>, most: usize) -> Result<Vec<Record>, Failure> {
        let observed: Vec<EventId> = self.shared().local.observed.iter().map(Event::id).collect();
        let known =
            self.with(|chain| chain.open.keys().chain(chain.done.keys()).copied().collect::<Vec<_>>());
        let ids: BTreeSet<EventId> = observed.into_iter().chain(known).collect();
        let mut records: Vec<Record> = Vec::new();
        for id in ids {
            let found = self.find(id).await?;
            records.extend(found.filter(|record| word.is_none_or(|word| record.stage.word() == word)));
        }
        // A stable sort: those of one height stay in the order of their ids.
        records.sort_by_key(|record| match record.stage {
            Stage::Done { height, .. } => (true, std::cmp::Reverse(height)),
            _ => (false, std::cmp::Reverse(0)),
        });
        records.truncate(most);
        Ok(records)
    }

    async fn find(&mut self, id: EventId) -> Result<Option<Record>, Failure> {
        let observed = self.shared().local.observed.iter().find(|event| event.id() == id).cloned();
        Ok(self.with(|chain| {
            if let Some((event, height, outcome)) = chain.done.get(&id) {
                let stage = Stage::Done { height: *height, outcome: outcome.clone() };
                return Some(Record { event: event.clone(), stage, votes: BTreeSet::new() });
            }
            let Some(claim) = chain.open.get(&id) else {
                let stage = Stage::Observed;
                return observed.map(|event| Record { event, stage, votes: BTreeSet::new() });
            };
            let votes = chain.votes.iter().filter(|vote| vote.id == id);
            let votes = votes.map(|vote| vote.validator.clone()).collect();
            let stage = Stage::Open { first_height: claim.first_height, is_approved: claim.is_approved };
            Some(Record { event: claim.event.clone(), stage, votes })
        }))
    }
}
