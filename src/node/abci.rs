//! A node whose blocks CometBFT orders.

use std::sync::Arc;

use serde_json::Value;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use super::blocks::Head;
use super::http::{look, reply::Problem, view};
use super::run::{Parts, VIEW, Within, listen};
use super::shared::Node;
use super::viewers::Viewers;
use super::{AbciConfig, Genesis, NodeError, Say, Trouble, problems};
use crate::abci::{self, Answer, App, Beginning, Committed, Host, Setup};
use crate::deploy::connect::{Settings, connect_to};
use crate::engine::{Engine, Hash, Local};
use crate::oracle::Later;
use crate::oracle::store::{Failure, PostgresSink};

/// Answers CometBFT until `stop`.
pub(super) async fn run(
    parts: Parts<'_>,
    abci: AbciConfig,
    stop: CancellationToken,
) -> Result<(), NodeError> {
    let Parts { settings, local, genesis, say, .. } = &parts;
    let listener = listen(abci.listen).await?;
    let viewers = Viewers::new(settings.clone(), Local { patience: Some(VIEW), ..local.clone() });
    let node = Arc::new(Node::new(parts.called(), Head::default(), viewers, None)?);
    let setup = Setup {
        chain_id: parts.config.chain_id.clone(),
        validator: abci.validator,
        lifetime: parts.config.event_lifetime,
        retain_blocks: abci.retain_blocks,
        local: local.clone(),
    };
    let hosted = Hosted {
        genesis: genesis.clone(),
        settings: settings.clone(),
        local: local.clone(),
        node: node.clone(),
        say: say.clone(),
    };
    let app = App::start(settings.clone(), setup, Arc::new(hosted)).await.map_err(stopped)?;
    node.at(Head { app_hash: app.head().1, height: app.head().0, ..Head::default() });
    if let Ok(address) = listener.local_addr() {
        say(&format!("waiting for CometBFT on tcp://{address}"));
    }
    let sink = Arc::new(PostgresSink::new(settings.clone()));
    let within = Within::start(parts, node.clone(), sink).await?;
    let outcome = abci::serve(listener, app, stop).await.map_err(stopped);
    within.end(&node).await;
    outcome
}

fn stopped(failure: Failure) -> NodeError {
    NodeError::new(Trouble::Database, failure.to_string())
}

/// What the application asks of the node.
struct Hosted {
    genesis: Genesis,
    settings: Settings,
    local: Local,
    node: Arc<Node>,
    say: Say,
}

impl Host for Hosted {
    fn begin<'a>(&'a self, beginning: &'a Beginning) -> Later<'a, Result<Hash, abci::Trouble>> {
        Box::pin(async move {
            self.compare(&beginning.app_state)?;
            let (settings, local, genesis) =
                (self.settings.clone(), self.local.clone(), self.genesis.clone());
            let (height, runtime) = (beginning.initial_height, Handle::current());
            // A deploy stays on one thread.
            let begun = move || runtime.block_on(begin(&settings, local, &genesis, height));
            let begun = tokio::task::spawn_blocking(begun).await;
            let begun = begun.map_err(|error| abci::Trouble::Halt(Failure::new(error.to_string())))?;
            begun.map_err(|error| match error.trouble {
                Trouble::Database => abci::Trouble::Halt(Failure::new(error.to_string())),
                _ => abci::Trouble::Refused(error.to_string()),
            })
        })
    }

    fn query<'a>(&'a self, path: &'a str, data: &'a [u8]) -> Later<'a, Answer> {
        Box::pin(async move {
            let height = self.node.head().height;
            match self.look(path, data).await {
                Ok(Some(text)) => Answer::Value(text.into_bytes(), height),
                Ok(None) => Answer::None("there is nothing at this path".to_owned()),
                Err(problem) => Answer::None(problem.message().to_owned()),
            }
        })
    }

    fn committed(&self, block: &Committed<'_>) {
        let Committed { height, timestamp, app_hash, decided, took } = block;
        let head = Head { height: *height, timestamp: *timestamp, app_hash: *app_hash };
        self.node.advance(&head, &decided.finalized, *took);
    }

    fn say(&self, line: &str) {
        (self.say)(line);
    }
}

impl Hosted {
    /// CometBFT's genesis may name the node's, so that a node with other schemas does not even begin.
    fn compare(&self, app_state: &[u8]) -> Result<(), abci::Trouble> {
        let state: Value = serde_json::from_slice(app_state).unwrap_or_default();
        let (found, wanted) =
            (state.get("genesis").and_then(Value::as_str), hex::encode(self.genesis.hash()));
        match found {
            Some(found) if found != wanted => {
                Err(abci::Trouble::Refused(problems::other_app_state(found, &wanted)))
            }
            _ => Ok(()),
        }
    }

    /// What the paths of the HTTP API give.
    async fn look(&self, path: &str, data: &[u8]) -> Result<Option<String>, Problem> {
        let text = || String::from_utf8_lossy(data).into_owned();
        match path {
            "/view" => {
                let asked = serde_json::from_slice(data).map_err(Problem::malformed)?;
                view::look(&self.node, asked).await.map(Some)
            }
            "/receipt" => Ok(Some(look::find(&self.node, text()).await?.to_string())),
            "/status" => Ok(Some(look::at(&self.node).to_string())),
            _ => Ok(None),
        }
    }
}

async fn begin(
    settings: &Settings,
    local: Local,
    genesis: &Genesis,
    initial_height: i64,
) -> Result<Hash, NodeError> {
    let mut session = connect_to(settings).await?;
    let engine = Engine::start(&session.client, local).await?;
    let hash = genesis.begin(&mut session, &engine, initial_height).await;
    session.close().await;
    hash
}
