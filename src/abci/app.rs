use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tendermint::v0_38::abci::{Request, Response};
use tower::Service;
use tower_abci::BoxError;

use super::running::Running;
use super::{Chain, Host, Trouble};
use crate::deploy::connect::{Session, Settings, connect_to};
use crate::engine::{Hash, Local};
use crate::oracle::Validator;
use crate::oracle::store::Failure;

/// What the application is told by whoever runs it.
#[derive(Clone, Debug)]
pub struct Setup {
    /// What the chain is called, here and in CometBFT's genesis.
    pub chain_id: String,
    /// The address of the validator it works for, in small hexadecimal digits; none if it only follows.
    pub validator: Option<Validator>,
    /// Heights after which an event that too few have seen is given up. The same on every node.
    pub lifetime: i64,
    /// How many blocks CometBFT keeps; 0 for all.
    pub retain_blocks: i64,
    /// What the engine is told.
    pub local: Local,
}

impl Setup {
    /// Says so if nobody waits for what this node has seen.
    pub(super) fn warn(&self, chain: &Chain, host: &dyn Host) {
        if let Some(it) = self.validator.as_ref().filter(|it| !chain.members.contains_key(it)) {
            host.say(&format!("warning: `{it}` in `abci.validator` is no validator of this chain"));
        }
    }
}

/// The application: a `tower` service for all requests of ABCI 2.0. Clones are the same application.
#[derive(Clone)]
pub struct App(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) settings: Settings,
    pub(super) setup: Setup,
    pub(super) host: Arc<dyn Host>,
    /// What the consensus connection asks for, one after the other; none before the chain has begun.
    pub(super) running: tokio::sync::Mutex<Option<Running>>,
    /// Looks at what is committed while a block runs.
    pub(super) mempool: tokio::sync::Mutex<Session>,
    /// Height and hash of the last block that was committed, as `Info` tells them.
    head: Mutex<(i64, Hash)>,
}

impl App {
    /// Over the database of `settings`, which may be empty. Must run in a tokio runtime.
    ///
    /// # Errors
    /// If the database cannot be reached or does not suit.
    pub async fn start(settings: Settings, setup: Setup, host: Arc<dyn Host>) -> Result<App, Failure> {
        let session = connect_to(&settings).await.map_err(|error| Failure::new(error.to_string()))?;
        let (running, head) = match Chain::read(&session.client).await? {
            None => (None, (0, Hash::default())),
            Some(chain) => {
                setup.warn(&chain, &*host);
                let (running, head) = Running::start(&settings, &setup, &chain).await?;
                (Some(running), told(&chain, head))
            }
        };
        let (running, mempool) = (tokio::sync::Mutex::new(running), tokio::sync::Mutex::new(session));
        Ok(App(Arc::new(Inner { settings, setup, host, running, mempool, head: Mutex::new(head) })))
    }

    /// Answers a request. Requests of the consensus connection wait for each other, others do not wait for them.
    ///
    /// # Errors
    /// [`Trouble`], which becomes an exception.
    pub async fn answer(&self, request: Request) -> Result<Response, Trouble> {
        Ok(match request {
            Request::Echo(it) => Response::Echo(tendermint::abci::response::Echo { message: it.message }),
            Request::Flush => Response::Flush,
            Request::Info(_) => Response::Info(self.info()),
            Request::Query(it) => Response::Query(self.query(it).await),
            Request::CheckTx(it) => Response::CheckTx(self.check(it).await?),
            Request::InitChain(it) => Response::InitChain(self.begin(it).await?),
            Request::PrepareProposal(it) => Response::PrepareProposal(self.prepare(it).await?),
            Request::ProcessProposal(it) => Response::ProcessProposal(self.process(it).await?),
            Request::ExtendVote(it) => Response::ExtendVote(self.extend(it).await?),
            Request::VerifyVoteExtension(it) => Response::VerifyVoteExtension(self.verify(&it).await?),
            Request::FinalizeBlock(it) => Response::FinalizeBlock(self.finalize(it).await?),
            Request::Commit => Response::Commit(self.commit().await?),
            Request::ListSnapshots => Response::ListSnapshots(Default::default()),
            Request::OfferSnapshot(_) => {
                Response::OfferSnapshot(tendermint::abci::response::OfferSnapshot::Abort)
            }
            Request::LoadSnapshotChunk(_) => Response::LoadSnapshotChunk(Default::default()),
            Request::ApplySnapshotChunk(_) => Response::ApplySnapshotChunk(super::side::no_snapshots()),
        })
    }

    /// Height and hash that `Info` tells.
    pub fn head(&self) -> (i64, Hash) {
        *self.0.head.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn advance(&self, head: (i64, Hash)) {
        *self.0.head.lock().unwrap_or_else(PoisonError::into_inner) = head;
    }
}

/// CometBFT takes 0 for a chain that has no block yet, whatever the first height is.
pub(super) fn told(chain: &Chain, (height, hash): (i64, Hash)) -> (i64, Hash) {
    if height < chain.initial_height { (0, hash) } else { (height, hash) }
}

impl Service<Request> for App {
    type Response = Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let app = self.clone();
        Box::pin(async move { Ok(app.answer(request).await?) })
    }
}
