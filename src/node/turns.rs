//! The loop: a block at each interval, or at once when there is something for one.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::NodeError;
use super::blocks::{Blocks, Done};
use super::pool::{Fate, Pending};
use super::shared::Node;
use crate::signed::{Barred, Signed};

/// Calls of one block, and their bytes.
const CALLS: usize = 1000;
const BYTES: usize = 8 * 1024 * 1024;
/// So many events in a block mean that there may be more.
const MANY_EVENTS: usize = 200;

/// Runs blocks until `stop`, and then what was let in before.
///
/// # Errors
/// What stops the node.
pub(super) async fn run(
    mut blocks: Blocks,
    node: Arc<Node>,
    interval: Duration,
    stop: CancellationToken,
) -> Result<(), NodeError> {
    let mut tick = tokio::time::interval(interval);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => {
                node.pool.close();
                if node.pool.len() == 0 {
                    return Ok(());
                }
            }
            () = node.wake.notified() => {}
            _ = tick.tick() => {}
        }
        turn(&mut blocks, &node).await?;
        tick.reset();
    }
}

async fn turn(blocks: &mut Blocks, node: &Node) -> Result<(), NodeError> {
    let started = std::time::Instant::now();
    let pending = node.pool.take(CALLS, BYTES);
    let calls: Vec<&Signed> = pending.iter().map(|pending| &pending.signed).collect();
    let done = blocks.next(&calls).await?;
    let has_more = done.finalized.events.turn.opened.len() >= MANY_EVENTS || node.pool.len() > 0;
    node.advance(&blocks.head, &done.finalized, started.elapsed());
    tell(node, blocks.head.height, done, pending);
    if has_more {
        node.wake.notify_one();
    }
    Ok(())
}

/// Tells those who wait. Receipts of events come before those of calls, in the order of both.
fn tell(node: &Node, height: i64, done: Done, pending: Vec<Pending>) {
    let Done { finalized, judged } = done;
    let events = finalized.events.turn.due.len();
    let mut receipts = finalized.outcome.receipts.into_iter().skip(events);
    for (judged, call) in judged.into_iter().zip(pending) {
        node.pool.done(&call.signed);
        let fate = match judged {
            Err(Barred::Expired) => Some(Fate::Expired),
            Err(Barred::Replayed) => Some(Fate::Replayed),
            Ok(()) => receipts.next().map(|receipt| Fate::Ran(height, receipt)),
        };
        if let Some(fate) = fate {
            call.tell(fate);
        }
    }
}
