//! Blocks of a node that is alone: one transaction each, tried again when the connection breaks, never run twice.

use std::time::Duration;

use tokio_postgres::Transaction;

use super::{NodeError, clock, problems};
use crate::deploy::connect::{Session, Settings, connect_to};
use crate::engine::{Canon, Engine, EngineError, Hash, Local, Request, begin};
use crate::oracle::store::EventStore;
use crate::oracle::store::postgres::PostgresStore;
use crate::oracle::{Agreed, Caps, Finalized, Powers, Replica, Validator};
use crate::signed::{self, Barred, Signed};

/// How often a block is tried while the database is out of reach, and the wait before the first time; it doubles.
const ATTEMPTS: u32 = 6;
const WAIT: Duration = Duration::from_millis(250);
/// Waits until a transaction of ours that nobody heard the end of has ended.
const ALONE: &str = "SELECT pg_advisory_xact_lock(27495, 0)";
const LAST_TIME: &str = "SELECT b.block_timestamp FROM kf.block AS b ORDER BY b.height DESC LIMIT 1";

/// Where the chain is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Head {
    pub(super) height: i64,
    pub(super) timestamp: i64,
    pub(super) app_hash: Hash,
}

/// What a block did.
pub(super) struct Done {
    pub(super) finalized: Finalized,
    /// Of each call whether it ran, or why it was left out.
    pub(super) judged: Vec<Result<(), Barred>>,
}

/// How an attempt ended.
enum Attempt {
    Committed(Box<Done>),
    /// Nobody heard whether it was committed.
    Unknown(Box<Done>, EngineError),
    Failed(EngineError),
}

/// What runs blocks.
pub(super) struct Blocks {
    settings: Settings,
    local: Local,
    session: Session,
    replica: Replica,
    me: Validator,
    /// Of events, in heights.
    lifetime: i64,
    pub(super) head: Head,
}

impl Blocks {
    /// Goes on where the chain of the database is.
    pub(super) async fn new(settings: Settings, local: Local, lifetime: i64) -> Result<Blocks, NodeError> {
        let (session, replica) = connect(&settings, &local, lifetime).await?;
        let head = head(&session, &replica).await?;
        Ok(Blocks { settings, local, session, replica, me: Validator("solo".to_owned()), lifetime, head })
    }

    /// Runs the next block with these calls.
    ///
    /// # Errors
    /// What stops the node. Then the block was not committed.
    pub(super) async fn next(&mut self, calls: &[&Signed]) -> Result<Done, NodeError> {
        let height = self.head.height.saturating_add(1);
        let timestamp = clock::after(self.head.timestamp);
        let mut attempt = 0;
        let done = loop {
            attempt += 1;
            let (maybe, error) = match self.attempt(height, timestamp, calls).await {
                Attempt::Committed(done) => break *done,
                Attempt::Unknown(done, error) => (Some(done), error),
                Attempt::Failed(error) if error.is_passing() && attempt < ATTEMPTS => (None, error),
                Attempt::Failed(EngineError::Gap { .. }) => return Err(problems::two_nodes(height)),
                Attempt::Failed(error) => return Err(error.into()),
            };
            self.again(attempt, error).await?;
            match (self.committed(height).await?, maybe) {
                (None, _) => {}
                (Some(app_hash), Some(done)) if app_hash == done.finalized.outcome.app_hash => break *done,
                (Some(_), _) => return Err(problems::two_nodes(height)),
            }
        };
        self.head = Head { height, timestamp, app_hash: done.finalized.outcome.app_hash };
        Ok(done)
    }

    async fn attempt(&mut self, height: i64, timestamp: i64, calls: &[&Signed]) -> Attempt {
        let Blocks { session, replica, me, .. } = self;
        let transaction = match begin(&mut session.client).await {
            Ok(transaction) => transaction,
            Err(error) => return Attempt::Failed(error),
        };
        let done = match block(replica, &transaction, me, (height, timestamp), calls).await {
            Ok(done) => Box::new(done),
            Err(error) => return Attempt::Failed(error),
        };
        match transaction.commit().await {
            Ok(()) => Attempt::Committed(done),
            // The server refused, and said so.
            Err(error) if error.as_db_error().is_some_and(|it| it.severity() == "ERROR") => {
                Attempt::Failed(halt("the end of a block", &error))
            }
            Err(error) => Attempt::Unknown(done, halt("the end of a block", &error)),
        }
    }

    /// Connects anew, after a while. What the old connection had prepared is forgotten with it.
    async fn again(&mut self, mut attempt: u32, mut error: EngineError) -> Result<(), NodeError> {
        loop {
            tokio::time::sleep(WAIT * 2u32.saturating_pow(attempt.saturating_sub(1))).await;
            match connect(&self.settings, &self.local, self.lifetime).await {
                Ok((session, replica)) => {
                    (self.session, self.replica) = (session, replica);
                    return Ok(());
                }
                Err(later) if attempt >= ATTEMPTS => {
                    let stopped = NodeError::from(error);
                    return Err(NodeError { notes: vec![later.to_string()], ..stopped });
                }
                Err(later) => {
                    error = EngineError::Halt {
                        sqlstate: None,
                        message: later.to_string(),
                        place: "the connection".to_owned(),
                    }
                }
            }
            attempt += 1;
        }
    }

    /// The app hash at a height, once nothing of ours runs any more; none if nothing was committed there.
    async fn committed(&mut self, height: i64) -> Result<Option<Hash>, NodeError> {
        let failed = |error: tokio_postgres::Error| problems::statement("the last block", &error);
        let transaction = begin(&mut self.session.client).await?;
        transaction.batch_execute(ALONE).await.map_err(failed)?;
        let outcome = self.replica.engine().committed(&transaction, height).await?;
        transaction.rollback().await.map_err(failed)?;
        Ok(outcome.map(|outcome| outcome.app_hash))
    }
}

async fn connect(settings: &Settings, local: &Local, lifetime: i64) -> Result<(Session, Replica), NodeError> {
    let session = connect_to(settings).await?;
    let engine = Engine::start(&session.client, local.clone()).await?;
    Ok((session, Replica::new(engine, lifetime)))
}

async fn head(session: &Session, replica: &Replica) -> Result<Head, NodeError> {
    let head = replica.engine().head(&session.client).await?.ok_or(EngineError::NoGenesis)?;
    let row = session.client.query_opt(LAST_TIME, &[]).await;
    let row = row.map_err(|error| problems::statement("the last block", &error))?;
    let timestamp = row.map_or(0, |row| row.get(0));
    Ok(Head { height: head.height, timestamp, app_hash: head.app_hash })
}

/// Everything of a block but its end.
async fn block(
    replica: &mut Replica,
    transaction: &Transaction<'_>,
    me: &Validator,
    (height, timestamp): (i64, i64),
    calls: &[&Signed],
) -> Result<Done, EngineError> {
    let judged = signed::admit(transaction, height, calls).await;
    let judged = judged.map_err(|error| halt("the nonces", &error))?;
    let admitted = calls.iter().zip(&judged).filter(|(_, judged)| judged.is_ok());
    let requests: Vec<Request> = admitted.map(|(call, _)| call.request.clone()).collect();
    let seen =
        PostgresStore(transaction).pending(me, Caps::SOLO).await.map_err(|failure| EngineError::Halt {
            sqlstate: failure.sqlstate,
            message: failure.message,
            place: "the events".to_owned(),
        })?;
    let agreed = Agreed {
        height,
        id: identity(height, timestamp, &requests),
        timestamp,
        seen: [(me.clone(), seen)].into_iter().collect(),
        powers: Powers::solo(me.clone()),
        requests,
    };
    let finalized = replica.block(transaction, &agreed).await?;
    Ok(Done { finalized, judged })
}

/// What a proposer that is alone calls its block.
fn identity(height: i64, timestamp: i64, requests: &[Request]) -> Vec<u8> {
    let mut canon = Canon::new("kuneiform.solo.v1");
    canon.int(height).int(timestamp).length(requests.len());
    for request in requests {
        canon.hash(&request.hash());
    }
    canon.finish().to_vec()
}

fn halt(place: &str, error: &tokio_postgres::Error) -> EngineError {
    let sqlstate = error.code().map(|state| state.code().to_owned());
    EngineError::Halt { sqlstate, message: crate::deploy::connect::reason(error), place: place.to_owned() }
}
