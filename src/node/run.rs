//! A node from its start to its end.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::shared::Node;
use super::{Genesis, Listen, NodeConfig, NodeError, abci, alone, http, problems, tables};
use crate::deploy::connect::{Settings, connect_to};
use crate::engine::Local;
use crate::oracle::{Level, Log, LogLine, Registry, Sink, Supervisor, Timing};

/// Where lines go.
pub type Say = Arc<dyn Fn(&str) + Send + Sync>;

/// How long a view may take.
pub(super) const VIEW: Duration = Duration::from_secs(15);
/// How long clients may keep their connections after the last block.
const FAREWELL: Duration = Duration::from_secs(3);
/// What a node is made of before it begins.
pub(super) struct Parts<'a> {
    pub(super) config: NodeConfig,
    pub(super) settings: Settings,
    pub(super) local: Local,
    pub(super) genesis: Genesis,
    pub(super) say: Say,
    registry: &'a Registry,
    listener: TcpListener,
}

impl Parts<'_> {
    /// What the chain is called, and the hash of its genesis in hex.
    pub(super) fn called(&self) -> (String, String) {
        (self.config.chain_id.clone(), hex::encode(self.genesis.hash()))
    }
}

/// Runs a node on the database at `address` until SIGINT or SIGTERM: then nothing more is let in, what was let in gets its
/// block, and oracles and the API end. `say` gets a line for each thing worth knowing.
///
/// # Errors
/// Why it did not start, or stopped by itself. What was committed stays, and a node that is started again goes on there.
pub async fn run(config: NodeConfig, address: &str, registry: &Registry, say: Say) -> Result<(), NodeError> {
    let settings = Settings::from_environment(address)?;
    let local = Local { patience: Some(config.call_timeout), durable: config.durable };
    let genesis = Genesis::read(&config)?;
    let stop = stop_at_signals()?;
    let listener = listen(config.listen).await?;
    let mut session = connect_to(&settings).await?;
    tables::ensure(&mut session).await?;
    session.close().await;
    let abci = config.abci.clone();
    let parts = Parts { config, settings, local, genesis, say, registry, listener };
    match abci {
        None => alone::run(parts, stop).await,
        Some(config) => abci::run(parts, config, stop).await,
    }
}

pub(super) async fn listen(address: Listen) -> Result<TcpListener, NodeError> {
    TcpListener::bind(address).await.map_err(|error| problems::cannot_listen(address, &error))
}

/// Oracles and the API, which run beside the blocks.
pub(super) struct Within {
    supervisor: Supervisor,
    server: JoinHandle<std::io::Result<()>>,
    closed: CancellationToken,
    say: Say,
}

impl Within {
    pub(super) async fn start(
        parts: Parts<'_>,
        node: Arc<Node>,
        sink: Arc<dyn Sink>,
    ) -> Result<Within, NodeError> {
        let Parts { config, say, registry, listener, .. } = parts;
        say(&format!("chain `{}` at height {}", node.chain_id, node.head().height));
        let log = log(say.clone());
        let supervisor = Supervisor::start(registry, config.oracles, sink, log, Timing::default()).await?;
        node.has(supervisor.states());
        let closed = CancellationToken::new();
        let server = serve(listener, node, closed.clone(), &say);
        Ok(Within { supervisor, server, closed, say })
    }

    /// Nothing more is let in; oracles end, then clients.
    pub(super) async fn end(self, node: &Node) {
        node.pool.close();
        self.supervisor.stop().await;
        self.closed.cancel();
        end(self.server).await;
        (self.say)(&format!("stopped at height {}", node.head().height));
    }
}

/// Serves the API in a task of its own, until `closed`.
fn serve(
    listener: TcpListener,
    node: Arc<Node>,
    closed: CancellationToken,
    say: &Say,
) -> JoinHandle<std::io::Result<()>> {
    if let Ok(address) = listener.local_addr() {
        say(&format!("listening on http://{address}"));
    }
    let router = http::router(node);
    tokio::spawn(async move {
        axum::serve(listener, router).with_graceful_shutdown(closed.cancelled_owned()).await
    })
}

/// Waits for the last answers, but not for ever.
async fn end(mut server: JoinHandle<std::io::Result<()>>) {
    if tokio::time::timeout(FAREWELL, &mut server).await.is_err() {
        server.abort();
    }
}

/// What oracles say, a line each.
fn log(say: Say) -> Log {
    Arc::new(move |LogLine { oracle, level, message }: &LogLine| {
        let word = match level {
            Level::Debug => return,
            Level::Info => "info",
            Level::Warn => "warning",
            Level::Error => "error",
        };
        say(&format!("{word}: oracle `{oracle}`: {message}"));
    })
}

fn stop_at_signals() -> Result<CancellationToken, NodeError> {
    let failed = |error: std::io::Error| problems::system("cannot listen for signals", &error);
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        told.cancel();
    });
    Ok(stop)
}
