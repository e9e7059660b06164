//! A node that is its own consensus.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::blocks::Blocks;
use super::run::{Parts, VIEW, Within};
use super::shared::Node;
use super::viewers::Viewers;
use super::wake::Waking;
use super::{NodeError, turns};
use crate::deploy::connect::connect_to;
use crate::engine::{Engine, Local};
use crate::oracle::store::PostgresSink;

/// Blocks may be missing for this long, beside what one may take, before the node is not well.
const IDLE: Duration = Duration::from_secs(15);

/// Runs blocks until `stop`.
pub(super) async fn run(parts: Parts<'_>, stop: CancellationToken) -> Result<(), NodeError> {
    let Parts { config, settings, local, genesis, .. } = &parts;
    let mut session = connect_to(settings).await?;
    let engine = Engine::start(&session.client, local.clone()).await?;
    genesis.begin(&mut session, &engine, 1).await?;
    session.close().await;
    let blocks = Blocks::new(settings.clone(), local.clone(), config.event_lifetime).await?;
    let viewers = Viewers::new(settings.clone(), Local { patience: Some(VIEW), ..local.clone() });
    let longest_idle = IDLE + config.block_interval + config.call_timeout;
    let node = Arc::new(Node::new(parts.called(), blocks.head.clone(), viewers, Some(longest_idle))?);
    let sink = Arc::new(Waking { inner: PostgresSink::new(settings.clone()), wake: node.wake.clone() });
    let interval = config.block_interval;
    let within = Within::start(parts, node.clone(), sink).await?;
    let outcome = turns::run(blocks, node.clone(), interval, stop).await;
    within.end(&node).await;
    outcome
}
