//! A validator over a database of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use kuneiform::deploy::connect::Session;
use kuneiform::deploy::deploy_packages;
use kuneiform::engine::{self, Engine, Genesis, Local, Rules};
use kuneiform::oracle::consensus::{Consensus, Proposal, SignedExtension};
use kuneiform::oracle::store::postgres::{PostgresStore, ensure};
use kuneiform::oracle::store::{Batch, EventStore, Failure, Stage};
use kuneiform::oracle::{Caps, DatabaseNode, Event, EventId, Knowledge, NoCalls, Validator};
use kuneiform::{Options, Sources};

use crate::node::{Keys, Member, Plan, powers_at};
use crate::support::{database, session};

const FACTS: &str = "database facts;
table facts { name text primary, times int not_null }
action happened($name text) oracle {
    INSERT INTO facts (name, times) VALUES ($name, 1)
    ON CONFLICT (name) DO UPDATE SET times = facts.times + 1;
}
@oracle(threshold = '3/4')
action strict($name text) oracle {
    INSERT INTO facts (name, times) VALUES ($name, 1)
    ON CONFLICT (name) DO UPDATE SET times = facts.times + 1;
}
action refused($name text) oracle {
    INSERT INTO facts (name, times) VALUES ($name, 1);
    ERROR('refused');
}
";

pub struct Replicated {
    name: Validator,
    session: Session,
    knowledge: Knowledge,
    node: DatabaseNode,
    hashes: Vec<[u8; 32]>,
    working: Option<[u8; 32]>,
}

/// A database whose chain is about to begin.
async fn begin() -> Session {
    let mut session = session(&database().await).await;
    ensure(&mut session).await.unwrap();
    let mut sources = Sources::new();
    sources.add("facts.kf", FACTS);
    let compilation = kuneiform::compile(&sources, &Options::default());
    deploy_packages(&mut session, &compilation.packages, &mut |_| {}).await.unwrap();
    let engine = Engine::start(&session.client, Local { durable: false, ..Local::default() }).await.unwrap();
    let transaction = engine::begin(&mut session.client).await.unwrap();
    let genesis = Genesis { chain: "simulated".into(), initial_height: 1, rules: Rules::default() };
    engine.genesis(&transaction, &genesis).await.unwrap();
    transaction.commit().await.unwrap();
    session
}

impl Replicated {
    pub async fn new(name: Validator, plan: Plan, lifetime: i64) -> Replicated {
        let session = begin().await;
        let knowledge = Knowledge {
            me: name.clone(),
            initial_height: 1,
            lifetime,
            powers: Arc::new(move |height| powers_at(&plan, height).clone()),
            signatures: Arc::new(Keys),
            calls: Arc::new(NoCalls),
            caps: Caps { bodies: 4, ids: 6, ..Caps::NETWORK },
            local: Local { durable: false, ..Local::default() },
        };
        let mut node = DatabaseNode::start(&session.settings, knowledge.clone()).await.unwrap();
        let hashes = vec![node.committed().await.unwrap().1];
        Replicated { name, session, knowledge, node, hashes, working: None }
    }
}

impl Member for Replicated {
    fn name(&self) -> &Validator {
        &self.name
    }

    fn hashes(&self) -> &[[u8; 32]] {
        &self.hashes
    }

    async fn append(&mut self, batch: &Batch) {
        PostgresStore(&self.session.client).append("chain", batch).await.unwrap();
    }

    async fn find(&mut self, id: EventId) -> Option<Stage> {
        PostgresStore(&self.session.client).find(id).await.unwrap().map(|record| record.stage)
    }

    async fn applied(&mut self, known: &[Event]) -> BTreeMap<EventId, u32> {
        let rows = self.session.client.query("SELECT name, times FROM ds_facts.facts", &[]).await.unwrap();
        let id = |name: &str| {
            let told = |event: &&Event| event.submission().targets[0].inputs[0].to_json() == name;
            known.iter().find(told).unwrap().id()
        };
        rows.iter().map(|row| (id(row.get(0)), u32::try_from(row.get::<_, i64>(1)).unwrap())).collect()
    }

    /// The connections are gone in the middle of a block.
    async fn crash(&mut self) {
        self.working = None;
        self.node = DatabaseNode::start(&self.session.settings, self.knowledge.clone()).await.unwrap();
        let (height, hash) = self.node.committed().await.unwrap();
        assert_eq!((height, hash), (self.height(), *self.hashes.last().unwrap()));
    }
}

impl Consensus for Replicated {
    async fn committed(&mut self) -> Result<(i64, [u8; 32]), Failure> {
        self.node.committed().await
    }

    async fn propose(
        &mut self,
        height: i64,
        timestamp: i64,
        extensions: Vec<SignedExtension>,
        transactions: Vec<Vec<u8>>,
    ) -> Result<Proposal, Failure> {
        self.node.propose(height, timestamp, extensions, transactions).await
    }

    async fn verify(&mut self, proposal: &Proposal) -> Result<bool, Failure> {
        self.node.verify(proposal).await
    }

    async fn extend(&mut self, height: i64) -> Result<Vec<u8>, Failure> {
        self.node.extend(height).await
    }

    async fn finalize(&mut self, proposal: &Proposal) -> Result<[u8; 32], Failure> {
        let hash = self.node.finalize(proposal).await?;
        self.working = Some(hash);
        Ok(hash)
    }

    async fn commit(&mut self) -> Result<(), Failure> {
        self.node.commit().await?;
        self.hashes.extend(self.working.take());
        Ok(())
    }
}
