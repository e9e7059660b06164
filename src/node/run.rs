//! A node from its start to its end.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::blocks::Blocks;
use super::shared::Node;
use super::viewers::Viewers;
use super::wake::Waking;
use super::{Genesis, Listen, NodeConfig, NodeError, http, problems, tables, turns};
use crate::deploy::connect::{Settings, connect_to};
use crate::engine::{Engine, Local};
use crate::oracle::store::PostgresSink;
use crate::oracle::{Level, Log, LogLine, Registry, Supervisor, Timing};

/// Where lines go.
pub type Say = Arc<dyn Fn(&str) + Send + Sync>;

/// How long a view may take.
const VIEW: Duration = Duration::from_secs(15);
/// How long clients may keep their connections after the last block.
const FAREWELL: Duration = Duration::from_secs(3);
/// Blocks may be missing for this long, beside what one may take, before the node is not well.
const IDLE: Duration = Duration::from_secs(15);

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
    begin(&genesis, &settings, &local).await?;
    let blocks = Blocks::new(settings.clone(), local.clone()).await?;
    let viewers = Viewers::new(settings.clone(), Local { patience: Some(VIEW), ..local });
    let called = (config.chain_id, hex::encode(genesis.hash()));
    let longest_idle = IDLE + config.block_interval + config.call_timeout;
    let node = Arc::new(Node::new(called, blocks.head.clone(), viewers, longest_idle)?);
    say(&format!("chain `{}` at height {}", node.chain_id, blocks.head.height));

    let sink = Arc::new(Waking { inner: PostgresSink::new(settings), wake: node.wake.clone() });
    let log = log(say.clone());
    let supervisor = Supervisor::start(registry, config.oracles, sink, log, Timing::default()).await?;
    node.has(supervisor.states());
    let closed = CancellationToken::new();
    let server = serve(listener, node.clone(), closed.clone(), &say);

    let outcome = turns::run(blocks, node.clone(), config.block_interval, stop).await;
    node.pool.close();
    supervisor.stop().await;
    closed.cancel();
    end(server).await;
    say(&format!("stopped at height {}", node.head().height));
    outcome
}

async fn listen(address: Listen) -> Result<TcpListener, NodeError> {
    TcpListener::bind(address).await.map_err(|error| problems::cannot_listen(address, &error))
}

async fn begin(genesis: &Genesis, settings: &Settings, local: &Local) -> Result<(), NodeError> {
    let mut session = connect_to(settings).await?;
    tables::ensure(&mut session).await?;
    let engine = Engine::start(&session.client, local.clone()).await?;
    genesis.begin(&mut session, &engine).await?;
    session.close().await;
    Ok(())
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
