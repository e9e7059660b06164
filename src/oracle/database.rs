//! A validator's database as consensus sees it.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio_postgres::Transaction;

use super::consensus::{Consensus, Proposal, Signatures, SignedExtension, seen};
use super::store::postgres::PostgresStore;
use super::store::{EventStore, Failure};
use super::{Agreed, Calls, Caps, Finalized, Malformed, Powers, Refused, Replica, Validator};
use crate::deploy::connect::{Session, Settings, connect_to};
use crate::engine::{self, Engine, EngineError, Local, Receipt};

/// The validators of a height and their powers.
pub type PowersAt = dyn Fn(i64) -> Powers + Send + Sync;

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
    /// Reads users' transactions.
    pub calls: Arc<dyn Calls>,
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
    decided: Option<Decided>,
}

/// What a block gave.
#[derive(Clone, PartialEq, Debug)]
pub struct Decided {
    /// What it did.
    pub finalized: Finalized,
    /// Of each user's transaction whether it ran, or why it was left out.
    pub judged: Vec<Result<(), Refused>>,
}

impl Decided {
    /// The receipt of each of the users' transactions, or why it was left out.
    pub fn receipts(&self) -> Vec<Result<&Receipt, Refused>> {
        let Finalized { events, outcome } = &self.finalized;
        let mut receipts = outcome.receipts.iter().skip(events.turn.due.len());
        self.judged.iter().filter_map(|judged| judged.map(|()| receipts.next()).transpose()).collect()
    }
}

type Reply<T> = oneshot::Sender<Result<T, Failure>>;

/// A block whose requests are not read yet.
struct Work {
    agreed: Agreed,
    transactions: Vec<Vec<u8>>,
}

enum Order {
    Finalize(Box<Work>, Reply<Decided>),
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
        let runner =
            Runner { replica: Replica::new(engine, knowledge.lifetime), calls: knowledge.calls.clone() };
        tokio::spawn(serve(blocks, runner, heard));
        let head = (head.height, head.app_hash);
        Ok(DatabaseNode { knowledge, reader, orders, head, decided: None })
    }

    /// What the block gave that was finalised last.
    pub fn decided(&self) -> Option<&Decided> {
        self.decided.as_ref()
    }

    async fn order<T>(&self, order: impl FnOnce(Reply<T>) -> Order) -> Result<T, Failure> {
        let (reply, answer) = oneshot::channel();
        let gone = || Failure::new("the connection that runs blocks is gone");
        self.orders.send(order(reply)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    fn agreed(&self, proposal: &Proposal) -> Result<Agreed, Malformed> {
        let Knowledge { powers, signatures, initial_height, .. } = &self.knowledge;
        let seen = seen(proposal, *initial_height, &powers(proposal.height - 1), &**signatures)?;
        Ok(Agreed {
            height: proposal.height,
            id: proposal.hash().to_vec(),
            timestamp: proposal.timestamp,
            seen,
            powers: powers(proposal.height),
            requests: Vec::new(),
        })
    }

    /// What a block at `height` would say of these transactions.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn foresee(
        &self,
        height: i64,
        transactions: &[Vec<u8>],
    ) -> Result<Vec<Result<(), Refused>>, Failure> {
        self.knowledge.calls.foresee(&self.reader.client, height, transactions).await
    }
}

/// What runs blocks.
struct Runner {
    replica: Replica,
    calls: Arc<dyn Calls>,
}

impl Runner {
    async fn run(&mut self, transaction: &Transaction<'_>, work: &Work) -> Result<Decided, Failure> {
        let Work { agreed, transactions } = work;
        let verdicts = self.calls.admit(transaction, agreed.height, transactions).await?;
        let judged = verdicts.iter().map(|verdict| verdict.as_ref().map(drop).map_err(|it| *it)).collect();
        let requests = verdicts.into_iter().flatten().collect();
        let finalized = self.replica.block(transaction, &Agreed { requests, ..agreed.clone() }).await?;
        Ok(Decided { finalized, judged })
    }
}

/// Runs blocks one after the other. A transaction that is not followed by a commit is rolled back: by the next order, or
/// by the end of the connection.
async fn serve(mut session: Session, mut runner: Runner, mut orders: mpsc::Receiver<Order>) {
    let mut next = orders.recv().await;
    while let Some(order) = next.take() {
        match order {
            Order::Finalize(work, reply) => {
                next = one(&mut session, &mut runner, &work, reply, &mut orders).await;
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
    runner: &mut Runner,
    work: &Work,
    reply: Reply<Decided>,
    orders: &mut mpsc::Receiver<Order>,
) -> Option<Order> {
    let transaction = match engine::begin(&mut session.client).await {
        Ok(transaction) => transaction,
        Err(error) => {
            let _ = reply.send(Err(error.into()));
            return orders.recv().await;
        }
    };
    let outcome = runner.run(&transaction, work).await;
    let failed = outcome.is_err();
    let _ = reply.send(outcome);
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
        extensions: Vec<SignedExtension>,
        transactions: Vec<Vec<u8>>,
    ) -> Result<Proposal, Failure> {
        let judged = self.foresee(height, &transactions).await?;
        let may_run = transactions.into_iter().zip(judged).filter(|(_, judged)| judged.is_ok());
        let transactions = may_run.map(|(transaction, _)| transaction).collect();
        Ok(Proposal::new(height, timestamp, extensions, transactions))
    }

    /// Refused is also a block with a transaction that would be left out: an honest proposer has none.
    async fn verify(&mut self, proposal: &Proposal) -> Result<bool, Failure> {
        if proposal.height != self.head.0 + 1 || self.agreed(proposal).is_err() {
            return Ok(false);
        }
        let judged = self.foresee(proposal.height, &proposal.transactions).await?;
        Ok(judged.iter().all(Result::is_ok))
    }

    async fn extend(&mut self, _: i64) -> Result<Vec<u8>, Failure> {
        let mut store = PostgresStore(&self.reader.client);
        Ok(store.pending(&self.knowledge.me, self.knowledge.caps).await?.encode())
    }

    async fn finalize(&mut self, proposal: &Proposal) -> Result<[u8; 32], Failure> {
        self.decided = None;
        let agreed = self.agreed(proposal).map_err(|error| Failure::new(error.to_string()))?;
        let work = Box::new(Work { agreed, transactions: proposal.transactions.clone() });
        let decided = self.order(|reply| Order::Finalize(work, reply)).await?;
        let hash = decided.finalized.outcome.app_hash;
        self.decided = Some(decided);
        Ok(hash)
    }

    async fn commit(&mut self) -> Result<(), Failure> {
        self.order(Order::Commit).await?;
        if let Some(Decided { finalized, .. }) = &self.decided {
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
