//! A validator's database as consensus sees it.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::consensus::{Consensus, Proposal, Signatures, SignedExtension, seen};
use super::store::postgres::PostgresStore;
use super::store::{EventStore, Failure};
use super::{Agreed, Caps, Finalized, Powers, Replica, Validator};
use crate::deploy::connect::{Session, Settings, connect_to};
use crate::engine::{self, Engine, EngineError, Local, Request};

/// The validators of a height and their powers.
pub type PowersAt = dyn Fn(i64) -> Powers + Send + Sync;
/// Reads a transaction of a user's.
pub type ReadRequest = dyn Fn(&[u8]) -> Option<Request> + Send + Sync;

/// What a node knows beside its database. All nodes of a chain must say the same for the same block.
#[derive(Clone)]
pub struct Knowledge {
    /// Which validator it is.
    pub me: Validator,
    /// The height of the chain's first block.
    pub initial_height: i64,
    /// Heights after which an event that too few have seen is given up.
    pub lifetime: i64,
    /// The validators of a height.
    pub powers: Arc<PowersAt>,
    /// Whose signature is right.
    pub signatures: Arc<dyn Signatures + Send + Sync>,
    /// Reads a transaction of a user's, with its signature checked; none passes it over.
    pub read: Arc<ReadRequest>,
    /// How much an extension brings.
    pub caps: Caps,
    /// What the engine is told.
    pub local: Local,
}

/// Answers consensus from a database whose chain has begun. Blocks have a connection of their own, whose transaction is
/// open from `finalize` to `commit`.
pub struct DatabaseNode {
    knowledge: Knowledge,
    reader: Session,
    orders: mpsc::Sender<Order>,
    head: (i64, [u8; 32]),
    finalized: Option<Finalized>,
}

type Reply<T> = oneshot::Sender<Result<T, Failure>>;

enum Order {
    Finalize(Box<Agreed>, Reply<Finalized>),
    Commit(Reply<()>),
}

impl DatabaseNode {
    /// Connects twice and starts the engine. Must run in a tokio runtime.
    ///
    /// # Errors
    /// If the database cannot be reached or does not suit, or its chain has no genesis.
    pub async fn start(settings: &Settings, knowledge: Knowledge) -> Result<DatabaseNode, Failure> {
        let connect = async || connect_to(settings).await.map_err(|error| Failure::new(error.to_string()));
        let (reader, blocks) = (connect().await?, connect().await?);
        let engine = Engine::start(&blocks.client, knowledge.local.clone()).await?;
        let head = engine.head(&reader.client).await?.ok_or(EngineError::NoGenesis)?;
        let (orders, heard) = mpsc::channel(1);
        tokio::spawn(serve(blocks, Replica::new(engine, knowledge.lifetime), heard));
        let head = (head.height, head.app_hash);
        Ok(DatabaseNode { knowledge, reader, orders, head, finalized: None })
    }

    /// What the block gave that was finalised last.
    pub fn finalized(&self) -> Option<&Finalized> {
        self.finalized.as_ref()
    }

    async fn order<T>(&self, order: impl FnOnce(Reply<T>) -> Order) -> Result<T, Failure> {
        let (reply, answer) = oneshot::channel();
        let gone = || Failure::new("the connection that runs blocks is gone");
        self.orders.send(order(reply)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    fn agreed(&self, proposal: &Proposal) -> Result<Agreed, super::Malformed> {
        let Knowledge { powers, signatures, read, initial_height, .. } = &self.knowledge;
        let seen = seen(proposal, *initial_height, &powers(proposal.height - 1), &**signatures)?;
        Ok(Agreed {
            height: proposal.height,
            id: proposal.hash().to_vec(),
            timestamp: proposal.timestamp,
            seen,
            powers: powers(proposal.height),
            requests: proposal.transactions.iter().filter_map(|bytes| read(bytes)).collect(),
        })
    }
}

/// Runs blocks one after the other. A transaction that is not followed by a commit is rolled back: by the next order, or
/// by the end of the connection.
async fn serve(mut session: Session, mut replica: Replica, mut orders: mpsc::Receiver<Order>) {
    let mut next = orders.recv().await;
    while let Some(order) = next.take() {
        match order {
            Order::Finalize(agreed, reply) => {
                next = one(&mut session, &mut replica, &agreed, reply, &mut orders).await;
            }
            Order::Commit(reply) => {
                let _ = reply.send(Err(Failure::new("nothing is finalised")));
                next = orders.recv().await;
            }
        }
    }
}

/// Runs a block and waits for what is to be done with it. Gives the order that came instead of a commit.
async fn one(
    session: &mut Session,
    replica: &mut Replica,
    agreed: &Agreed,
    reply: Reply<Finalized>,
    orders: &mut mpsc::Receiver<Order>,
) -> Option<Order> {
    let transaction = match engine::begin(&mut session.client).await {
        Ok(transaction) => transaction,
        Err(error) => {
            let _ = reply.send(Err(error.into()));
            return orders.recv().await;
        }
    };
    let outcome = replica.block(&transaction, agreed).await;
    let failed = outcome.is_err();
    let _ = reply.send(outcome.map_err(Failure::from));
    let order = orders.recv().await;
    match order {
        Some(Order::Commit(reply)) if !failed => {
            let _ = reply.send(transaction.commit().await.map_err(Failure::from));
            orders.recv().await
        }
        other => {
            // A connection that is gone has rolled back as well.
            let _ = transaction.rollback().await;
            other
        }
    }
}

impl Consensus for DatabaseNode {
    async fn committed(&mut self) -> Result<(i64, [u8; 32]), Failure> {
        Ok(self.head)
    }

    async fn propose(
        &mut self,
        height: i64,
        timestamp: i64,
        mut extensions: Vec<SignedExtension>,
    ) -> Result<Proposal, Failure> {
        extensions.sort_by(|a, b| a.validator.cmp(&b.validator));
        Ok(Proposal { height, timestamp, extensions, transactions: Vec::new() })
    }

    async fn verify(&mut self, proposal: &Proposal) -> Result<bool, Failure> {
        Ok(proposal.height == self.head.0 + 1 && self.agreed(proposal).is_ok())
    }

    async fn extend(&mut self, _: i64) -> Result<Vec<u8>, Failure> {
        let mut store = PostgresStore(&self.reader.client);
        Ok(store.pending(&self.knowledge.me, self.knowledge.caps).await?.encode())
    }

    async fn finalize(&mut self, proposal: &Proposal) -> Result<[u8; 32], Failure> {
        let agreed = self.agreed(proposal).map_err(|error| Failure::new(error.to_string()))?;
        let finalized = self.order(|reply| Order::Finalize(Box::new(agreed), reply)).await?;
        let hash = finalized.outcome.app_hash;
        self.finalized = Some(finalized);
        Ok(hash)
    }

    async fn commit(&mut self) -> Result<(), Failure> {
        self.order(Order::Commit).await?;
        if let Some(finalized) = &self.finalized {
            self.head = (finalized.outcome.height, finalized.outcome.app_hash);
        }
        Ok(())
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Failure {
        match error {
            EngineError::Halt { sqlstate, message, .. } => Failure { message, sqlstate },
            other => Failure::new(other.to_string()),
        }
    }
}
